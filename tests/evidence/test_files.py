"""The graph as files: what comes out is what went in, whatever the texts hold."""

import json
import re
from typing import Any
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.files import LINK, NODE, PIECE, as_dot, as_graphml, as_json, chunks

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
HOSTILE = (
    'a "quote", a \\ and \\", <b> & &quot; ]]>\r\nnext\u2028line\t\x07\ufffe {x} -- "y" // 👩‍👩‍👧'
)
TEXTS = st.text(max_size=30) | st.sampled_from([HOSTILE, '"', "\\", '\\"', "\n", ""])
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def node(id_: str, exact: str = HOSTILE, **more: Any) -> dict[str, Any]:
    whole = dict.fromkeys(NODE) | {"id": id_, "kind": "claim", "exact": exact, "article": exact}
    return {**whole, **more, "beside": "not told"}


def link(key: str, source: str, target: str, sign: int) -> dict[str, Any]:
    relation = "corroborates" if sign > 0 else "contradicts"
    ends = {"key": key, "source": source, "target": target}
    return {**dict.fromkeys(LINK), **ends, "relation": relation, "sign": sign}


NODES = [node("1"), node("2", "plain")]
LINKS = [link("x", "1", "2", 1), link("y", "2", "1", -1)]


@many
@given(TEXTS)
def test_json_is_node_link_data(exact: str) -> None:
    found = json.loads("".join(as_json([node("1", exact), node("2")], LINKS)))
    assert (found["directed"], found["multigraph"]) == (False, True)
    assert [each["exact"] for each in found["nodes"]] == [exact, HOSTILE]
    assert [set(each) for each in found["nodes"]] == [set(NODE)] * 2
    assert found["links"] == LINKS


@many
@given(TEXTS)
def test_graphml_is_well_formed_and_says_the_same(exact: str) -> None:
    text = "".join(as_graphml([node("1", exact), node("2")], LINKS))
    root = ElementTree.fromstring(text.encode())
    assert root.tag == f"{GRAPHML}graphml"
    keys = {key.get("id"): key for key in root.findall(f"{GRAPHML}key")}
    assert {key.get("for") for key in keys.values()} == {"node", "edge"}
    assert {key.get("attr.type") for key in keys.values()} == {"string", "int"}
    (graph,) = root.findall(f"{GRAPHML}graph")
    assert graph.get("edgedefault") == "undirected"
    nodes, edges = graph.findall(f"{GRAPHML}node"), graph.findall(f"{GRAPHML}edge")
    ids = {each.get("id") for each in nodes}
    assert ids == {"1", "2"}
    for each in (*nodes, *edges):
        for data in each:
            assert data.tag == f"{GRAPHML}data"
            assert keys[data.get("key")].get("for") == each.tag.removeprefix(GRAPHML)
    for edge in edges:
        assert {edge.get("source"), edge.get("target")} <= ids
    said = {data.get("key"): data.text or "" for data in nodes[0]}
    kept = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", exact)
    assert said["node_exact"] == kept
    assert [data.text for data in edges[1]] == ["contradicts", "-1"]


STRING = r'"(?:[^"\\\n]|\\.)*"'
ATTRIBUTES = rf"\[\w+={STRING}(?:, \w+={STRING})*\]"
LINE = re.compile(rf"  {STRING}(?: -- {STRING})? {ATTRIBUTES};")


@many
@given(TEXTS)
def test_dot_keeps_every_text_inside_its_quotes(exact: str) -> None:
    first, *lines, last = "".join(as_dot([node("1", exact), node("2")], LINKS)).split("\n")[:-1]
    assert (first, last) == ("graph evidence {", "}")
    assert len(lines) == 4
    for line in lines:
        assert LINE.fullmatch(line), line


def test_dot_shows_quotes_as_they_are() -> None:
    line = next(line for line in as_dot([node("1", 'say "a\\b" & c\r\nd')], []) if "label" in line)
    assert 'label="say \\"a\\\\b\\" &amp; c\\nd"' in line


def test_what_is_streamed_comes_in_pieces() -> None:
    many = [node(str(n), "x" * 1000) for n in range(200)]
    pieces = list(chunks(as_json(many, [])))
    assert len(pieces) > 2
    assert all(len(piece) < PIECE + 3000 for piece in pieces)
    assert len(json.loads(b"".join(pieces))["nodes"]) == 200
