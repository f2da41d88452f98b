"""What every answer of the protocol says of the resource, errors too; and what it is served as."""

from flask import Response, request

from app.kernel.errors import NotAcceptable
from app.webannotation.preferences import JSON, LD, media_type

ROOT = "/wa/"
RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
CONTAINER = (
    f'{RESOURCE}, <http://www.w3.org/ns/ldp#BasicContainer>; rel="type", '
    "<http://www.w3.org/TR/annotation-protocol/>; "
    'rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
TAKEN = (LD.partition(";")[0], JSON)
ACCEPT_POST = ", ".join((LD, *TAKEN))


def mark(response: Response) -> Response:
    """Add what the protocol wants on all responses of containers and annotations."""
    if not request.path.startswith(ROOT):
        return response
    project, slash, inside = request.path.removeprefix(ROOT).partition("/")
    if not project or not slash or "/" in inside:
        return response
    headers, is_container = response.headers, not inside
    headers["Link"] = CONTAINER if is_container else RESOURCE
    headers.setdefault(
        "Allow", "GET, HEAD, OPTIONS, POST" if is_container else "DELETE, GET, HEAD, OPTIONS, PUT"
    )
    response.vary.update(["Accept", "Authorization", "Cookie"])
    if is_container:
        headers["Accept-Post"] = ACCEPT_POST
        response.vary.add("Prefer")
    return response


def served_as() -> str:
    """The media type that the caller likes best of those there are; NotAcceptable for none."""
    ranges = request.accept_mimetypes if "Accept" in request.headers else ()
    if found := media_type(ranges):
        return found
    raise NotAcceptable(f"There is {LD} and {JSON}.")
