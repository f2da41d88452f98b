"""From the quotes of the demo's files to offsets. Pure."""

from typing import Any

from app.kernel.quotes import locate

Json = dict[str, Any]


def placed(item: Json, text: str) -> Json:
    """The item with offsets for the pieces of its discontinuous spans.

    A single span may stay a quote, which the server finds; pieces are found here, each with
    the context that the file gives it.
    """
    turned = {**item, "target": _span(item["target"], text)}
    if "parts" in item:
        turned["parts"] = {
            name: [_span(span, text) for span in spans] for name, spans in item["parts"].items()
        }
    return turned


def _span(span: Json, text: str) -> Json:
    if "fragments" not in span:
        return span
    return {"fragments": [_piece(piece, text) for piece in span["fragments"]]}


def _piece(piece: Json, text: str) -> Json:
    exact = piece["exact"]
    found = locate(text, exact, piece.get("prefix", ""), piece.get("suffix", ""), 2)
    if found.start is None:
        raise ValueError(f"The demo quotes {exact!r}, which does not stand in one place.")
    return {"start": found.start, "end": found.start + len(exact), "exact": exact}
