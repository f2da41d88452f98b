"""What comes in: bodies and parameters, read through their schemas."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from flask import current_app, request
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.kernel import jsons
from app.kernel.errors import Invalid, TooLarge, WrongMediaType, fault, refused
from app.kernel.paging import PageAsk
from app.kernel.sentences import Sentence
from app.web.fields import Several

Json = dict[str, Any]
MOST_FAULTS = 100
DRAINED = 4
"""How many times the limit of a body is taken in, for the sake of the answer."""
_TELLING = {"POST": "Accept-Post", "PATCH": "Accept-Patch"}
"""The header that tells what is taken (RFC 9110 knows Accept, RFC 5789 Accept-Patch)."""
_PLAIN = ("", "identity")
_UNKNOWN = Sentence("There is no such parameter.", "unknown_field")


@cache
def _instance(schema: type[Schema]) -> Schema:
    """Building a schema costs more than loading through it."""
    return schema()


def read_json(media_types: tuple[str, ...] = ("application/json",)) -> Any:
    """The value of the request's JSON body; refuses other media types and what is too large."""
    if request.headers.get("Content-Encoding", "").strip().lower() not in _PLAIN:
        told = "Send the body as it is, without Content-Encoding."
        raise WrongMediaType(told, headers={"Accept-Encoding": "identity"})
    if request.mimetype not in media_types:
        raise WrongMediaType(
            f"Send {' or '.join(media_types)}, not {request.mimetype or 'nothing'}.",
            headers={_TELLING.get(request.method, "Accept"): ", ".join(media_types)},
        )
    return jsons.loads(body_bytes())


def body_bytes() -> bytes:
    """The request's body; TooLarge past the limit, whether or not it said its length."""
    limit = current_app.config["MAX_BODY_BYTES"]
    request.max_content_length = limit + 1  # a longer chunked body is cut off there in silence
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge:
        body = None
    if body is None or len(body) > limit:
        raise TooLarge(f"A body has at most {limit} bytes (MAX_BODY_BYTES).")
    return body


def hear_out() -> None:
    """Take in what is left of the body, up to a bound, and forget it.

    The server closes the connection of a caller who is still sending. The answer may be lost by
    that, and so may the next request, for which the caller uses the same connection. Whoever sent
    `Expect` has not begun to send.
    """
    headers = request.headers
    if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        return
    if "Expect" in headers:
        return
    request.max_content_length = None
    left = DRAINED * current_app.config["MAX_BODY_BYTES"]
    with suppress(HTTPException, OSError):  # the caller hung up, or sends too much
        while left > 0 and (chunk := request.stream.read(min(left, 65_536))):
            left -= len(chunk)


def load(schema: type[Schema], data: Any, *, within: str = "", detail: str = "") -> Any:
    """The data through a schema; Invalid with a pointer to every fault, below `within`."""
    try:
        return _instance(schema).load(data)
    except ValidationError as error:
        raise refused(list(faults(error.messages, within)), detail) from None


def collected(schema: type[Schema], items: list[Any]) -> list[Any]:
    """Every item of a list through a schema; Invalid with the faults of all of them."""
    loaded: list[Any] = []
    errors: list[Json] = []
    for index, item in enumerate(items):
        try:
            loaded.append(_instance(schema).load(item))
        except ValidationError as error:
            errors += faults(error.messages, f"/{index}")
    if errors:
        raise refused(errors[:MOST_FAULTS])
    return loaded


def load_query(schema: type[Schema] | None) -> Json:
    """The parameters through a schema; unknown ones are refused, and repeated ones if they hold
    one value."""
    if not request.query_string:
        return dict(_without_parameters(schema))
    given: Json = {}
    for name, values in request.args.lists():
        if len(values) > 1 and not _holds_several(schema, name):
            raise _parameter_refused({name: ["Give this parameter once."]})
        value = ",".join(values)
        if "\x00" in value:
            raise _parameter_refused({name: [Sentence("It may not hold NUL.", "nul")]})
        given[name] = value
    return _loaded_query(schema, given)


def _holds_several(schema: type[Schema] | None, name: str) -> bool:
    return isinstance(_parameters(schema).get(name), Several)


def _loaded_query(schema: type[Schema] | None, given: Json) -> Json:
    try:
        return dict(_instance(schema or Schema).load(given))
    except ValidationError as error:
        unknown = {name: [_UNKNOWN] for name in given.keys() - _parameters(schema).keys()}
        raise _parameter_refused({**error.messages_dict, **unknown}) from None


def _parameters(schema: type[Schema] | None) -> Mapping[str, Field[Any]]:
    fields = _instance(schema).fields if schema else {}
    return {field.data_key or name: field for name, field in fields.items()}


@cache
def _without_parameters(schema: type[Schema] | None) -> Json:
    return _loaded_query(schema, {})


def _parameter_refused(messages: Mapping[str, Any]) -> Invalid:
    found = [{**each, "in": "query"} for each in faults(messages)]
    return Invalid("A query parameter is against a rule; see errors.", errors=found)


def faults(messages: Any, pointer: str = "") -> Iterator[Json]:
    """marshmallow's nested messages as a row of faults."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name == "_schema" else f"/{jsons.escape(str(name))}"
            yield from faults(inner, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from faults(message, pointer)
    else:
        code = getattr(messages, "code", "invalid")
        yield fault(pointer, code, str(messages))


def page_ask(query: Json) -> PageAsk:
    """The page that the parameters ask for; takes them out of `query`."""
    return PageAsk(query.pop("limit", 50), query.pop("after", None))
