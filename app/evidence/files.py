"""The signed graph as files: node-link JSON, GraphML, DOT. Pure, and streamed.

Each writer takes nodes, then links, as mappings with the members `NODE` and `LINK`, and gives
the file's text in pieces. Nothing of a text can become markup: GraphML escapes it and replaces
what XML 1.0 cannot hold, DOT escapes quotes, backslashes, line ends and entities.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

Row = Mapping[str, Any]
Text = Iterator[str]
NODE = ("id", "kind", "exact", "state", "layer", "article_id", "article", "publisher")
LINK = ("key", "source", "target", "relation", "sign", "independence")
LABEL = 60
"""How many code points of a quote a node of a drawing shows."""
PIECE = 64 * 1024

_XML = "http://graphml.graphdrawing.org/xmlns"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")


def as_json(nodes: Iterable[Row], links: Iterable[Row]) -> Text:
    """Node-link data, as networkx and D3 read it."""
    yield '{"directed":false,"multigraph":true,"nodes":['
    yield from _listed(nodes, NODE)
    yield '],"links":['
    yield from _listed(links, LINK)
    yield "]}\n"


def as_graphml(nodes: Iterable[Row], links: Iterable[Row]) -> Text:
    """GraphML 1.0, undirected; what is not known has no data element."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<graphml xmlns="{_XML}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_XML} {_XML}/1.0/graphml.xsd">\n'
    )
    for what, names in (("node", NODE[1:]), ("edge", LINK[3:])):
        for name in names:
            kind = "int" if name == "sign" else "string"
            yield (
                f'<key id="{what}_{name}" for="{what}" attr.name="{name}" attr.type="{kind}"/>\n'
            )
    yield '<graph id="evidence" edgedefault="undirected">\n'
    for row in nodes:
        yield f'<node id="{row["id"]}">{_data("node", NODE[1:], row)}</node>\n'
    for row in links:
        ends = f'source="{row["source"]}" target="{row["target"]}"'
        yield f'<edge id="{row["key"]}" {ends}>{_data("edge", LINK[3:], row)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def as_dot(nodes: Iterable[Row], links: Iterable[Row]) -> Text:
    """Graphviz DOT, with a short label for each node and contradictions dashed."""
    yield "graph evidence {\n"
    for row in nodes:
        quote = row["exact"]
        label = quote if len(quote) <= LABEL else quote[:LABEL] + "…"
        members = {**{name: row[name] for name in NODE[1:] if name != "exact"}, "label": label}
        yield f"  {_quoted(row['id'])} [{_attributes(members)}];\n"
    for row in links:
        members = {name: row[name] for name in ("relation", "sign", "independence")}
        members["style"] = "solid" if row["sign"] > 0 else "dashed"
        ends = f"{_quoted(row['source'])} -- {_quoted(row['target'])}"
        yield f"  {ends} [id={_quoted(row['key'])}, {_attributes(members)}];\n"
    yield "}\n"


class Writer(NamedTuple):
    """How a format is called on the wire, and what writes it."""

    media_type: str
    suffix: str
    write: Callable[[Iterable[Row], Iterable[Row]], Text]


WRITERS = {
    "json": Writer("application/json", "json", as_json),
    "graphml": Writer("application/graphml+xml", "graphml", as_graphml),
    "dot": Writer("text/vnd.graphviz", "dot", as_dot),
}


def chunks(text: Text) -> Iterator[bytes]:
    """The text in UTF-8, some `PIECE` bytes at a time."""
    waiting: list[str] = []
    size = 0
    for piece in text:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _listed(rows: Iterable[Row], names: tuple[str, ...]) -> Text:
    comma = ""
    for row in rows:
        members = {name: row[name] for name in names}
        yield comma + json.dumps(members, ensure_ascii=False, separators=(",", ":"))
        comma = ","


def _data(what: str, names: tuple[str, ...], row: Row) -> str:
    return "".join(
        f'<data key="{what}_{name}">{_xml(str(row[name]))}</data>'
        for name in names
        if row[name] is not None
    )


def _xml(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _attributes(members: Row) -> str:
    return ", ".join(
        f"{name}={_quoted(str(value))}" for name, value in members.items() if value is not None
    )


def _quoted(text: str) -> str:
    """A string of DOT: only `\\"` is an escape to its parser, the rest to those who draw."""
    safe = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_LINE_END.sub(lambda _: chr(92) + "n", safe)}"'
