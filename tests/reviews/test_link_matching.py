"""Links side by side: they match when their ends do."""

from app.reviews.agreement.link_f1 import LinkF1
from app.reviews.link_matching import (
    MarkedLink,
    compare_links,
    link_key,
    unit_names,
)
from app.reviews.matching import Group, Marked, compare


def spans() -> list[Group]:
    def layer(initial: str, *starts: int) -> list[Marked]:
        return [Marked(f"{initial}{s}", "claim", ((s, s + 5),)) for s in starts]

    return compare({"ann": layer("a", 0, 10, 20), "bo": layer("b", 1, 10, 40), "cy": []})


LAYERS = {
    "ann": [
        MarkedLink("l1", ("a0", "a10"), "corroborates", {"basis": "numeric"}),
        MarkedLink("l2", ("a10", "far"), "contradicts"),
        MarkedLink("l3", ("a0", "a20"), "contradicts"),
    ],
    "bo": [
        MarkedLink("m1", ("b10", "b1"), "corroborates", {"basis": "temporal"}),
        MarkedLink("m2", ("far", "b10"), "corroborates"),
    ],
    "cy": [],
}


def test_links_match_when_their_ends_do() -> None:
    groups = compare_links(LAYERS, spans())
    assert [(group.ends, group.likeness) for group in groups] == [
        (("a0", "a10"), "exact"),
        (("a0", "a20"), "single"),
        (("a10", "far"), "overlapping"),
    ]
    assert groups[0].relations == {"ann": ("corroborates",), "bo": ("corroborates",)}
    assert groups[0].missing == ("cy",)
    assert [d.path for d in groups[0].differences] == ["/basis"]
    assert [d.path for d in groups[2].differences] == ["/relation"]
    assert dict(groups[2].differences[0].values) == {"l2": "contradicts", "m2": "corroborates"}


def test_link_f1_over_matched_ends() -> None:
    names = unit_names(spans())
    assert names["b1"] == names["a0"] == "a0"
    measure = LinkF1()
    measure.add(*([link_key(link, names) for link in LAYERS[who]] for who in ("ann", "bo")))
    assert measure.exact().value == 2 / 5
    assert measure.same_ends().value == 4 / 5


def test_a_link_within_one_unit_is_kept() -> None:
    (group,) = compare_links({"ann": [MarkedLink("l1", ("a0", "b1"), "contradicts")]}, spans())
    assert group.ends == ("a0", "a0")
    assert group.likeness == "single"
