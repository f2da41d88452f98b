"""The OpenAPI 3.1 description, built from the routes and their schemas."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

from app.web.described import ABOUT, PATH, PROBLEM, SECURITY, refusal
from app.web.errors import TITLES
from app.web.operations import Operation

Json = dict[str, Any]


def describe(app: Flask, version: str) -> Json:
    """The whole description as a document.

    `app.extensions["schemas"]` are JSON Schemas that rooms refer to, by name.
    """
    spec = APISpec(
        title="Factmark",
        version=version,
        openapi_version="3.1.0",
        info={"description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        tags=list(_tags(app)),
    )
    for name, scheme in SECURITY.items():
        spec.components.security_scheme(name, scheme)
    spec.components.schema("Problem", PROBLEM)
    for name, schema in app.extensions["schemas"].items():
        spec.components.schema(name, schema)
    for status in TITLES:
        spec.components.response(f"Refused{status}", refusal(status))
    for rule, method, about in operations(app):
        spec.path(_path(rule), operations={method: _operation(rule, about)})
    return dict(spec.to_dict())


def _tags(app: Flask) -> Iterator[Json]:
    """Every room by the words on its door, in the order in which rooms open; the API's first."""
    described = {rule.endpoint.split(".")[0] for rule, _, _ in operations(app)}
    rooms = sorted(app.blueprints.items(), key=lambda room: room[1].url_prefix is None)
    for name, room in rooms:
        if name in described:
            yield {"name": name, "description": _door(room.import_name)}


def _door(module: str) -> str:
    """The first paragraph on a room's door; where two share a room, on the file of the second."""
    package, _, file = module.rpartition(".")
    doc = import_module(package if file == "routes" else module).__doc__ or ""
    return " ".join(doc.split("\n\n")[0].split())


def operations(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Every endpoint of ours with its rule and method, in the order of paths."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        about = getattr(app.view_functions[rule.endpoint], "operation", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if about is not None:
                yield rule, method.lower(), about


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, about: Operation) -> Json:
    room = rule.endpoint.split(".")[0]
    described: Json = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": about.summary,
        "tags": [room],
        "parameters": [*_path_parameters(rule), *_headers(about), *_query(about.query)],
        "responses": dict(_answers(rule, about)),
        "security": [{name: []} for name in about.security],
    }
    if about.description:
        described["description"] = about.description
    if about.body is not None:
        needed = not about.optional_body
        described["requestBody"] = {"required": needed, "content": _content(about)}
    elif about.raw_body:
        content = {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in about.raw_body
        }
        described["requestBody"] = {"required": True, "content": content}
    return described


def _content(about: Operation) -> Json:
    schema: Any = about.body
    if about.many:
        schema = {"oneOf": [about.body, {"type": "array", "items": about.body}]}
    content: Json = {"schema": schema}
    if about.examples:
        content["examples"] = {name: {"value": value} for name, value in about.examples.items()}
    return {kind: dict(content) for kind in about.media_types}


def _path_parameters(rule: Rule) -> Iterator[Json]:
    for name in re.findall(r"<[^>]*?(\w+)>", rule.rule):
        is_id = f"<id:{name}>" in rule.rule
        is_int = f"<int:{name}>" in rule.rule
        schema: Json = {"type": "string"}
        if is_id:
            schema["format"] = "uuid"
        elif is_int:
            schema = {"type": "integer", "minimum": 0}
        told = PATH.get(name, f"The {name.removesuffix('_id')}'s id.")
        parameter = {"name": name, "in": "path", "required": True, "description": told}
        yield {**parameter, "schema": schema}


def _headers(about: Operation) -> Iterator[Json]:
    text = {"type": "string"}
    if about.takes_key:
        told = "The same key and body give the first answer again."
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": told,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }
    if about.needs_match:
        told = "The ETag last read; without it the answer is 428."
        yield {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": told,
            "schema": text,
        }
    if about.versioned and about.status == 200 and not about.needs_match:
        told = "An ETag that you have; the answer is 304 where it still stands."
        yield {"name": "If-None-Match", "in": "header", "description": told, "schema": text}


def _query(schema: type[Schema] | None) -> list[Any]:
    return [{"in": "query", "schema": schema}] if schema else []


def _answers(rule: Rule, about: Operation) -> Iterator[tuple[str, Json]]:
    yield str(about.status), _answer(about)
    for status, told in about.also.items():
        yield str(status), {"description": told}
    if about.versioned and "GET" in (rule.methods or ()):
        yield "304", {"description": "You have this already."}
    for status in sorted({*about.refuses, *_refusals(rule, about)}):
        yield str(status), {"$ref": f"#/components/responses/Refused{status}"}


def _refusals(rule: Rule, about: Operation) -> Iterator[int]:
    """What an endpoint may refuse, by what it takes."""
    yield 422  # an unknown parameter, at least
    if not about.public:
        yield from (401, 403)
    if about.page or about.takes_key or about.body is not None or about.raw_body:
        yield 400
    if rule.arguments:
        yield 404
    if about.body is not None or about.raw_body:
        yield from (413, 415)
    if about.takes_key:
        yield 409
    if about.needs_match:
        yield from (412, 428)
    yield 503


def _answer(about: Operation) -> Json:
    told: Json = {"description": "Done." if about.status == 204 else about.summary}
    headers: Json = {}
    if about.versioned:
        headers["ETag"] = {"schema": {"type": "string"}, "description": "Send it as If-Match."}
    if about.page:
        headers["Link"] = {"schema": {"type": "string"}, "description": 'rel="next"'}
    if headers:
        told["headers"] = headers
    content: Json = {kind: {"schema": {}} for kind in about.raw_answer}
    if about.answer is not None:
        content |= {kind: _answered(about) for kind in about.answers_as}
    if content:
        told["content"] = content
    return told


def _answered(about: Operation) -> Json:
    schema: Any = about.answer
    if about.many:
        listed = {"items": {"type": "array", "items": about.answer}}
        several = {"type": "object", "required": ["items"], "properties": listed}
        schema = {"anyOf": [about.answer, several]}
    return {"schema": schema, **({"example": about.example} if about.example else {})}
