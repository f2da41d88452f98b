"""Origins: what joins two statements, what outweighs it, and how they are counted."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.independence import Origins, Witness

SOURCES = st.frozensets(st.sampled_from("xyz"), max_size=2)
NAMES = st.sampled_from([None, "x", "y", "z"])
WITNESSES = st.lists(
    st.tuples(st.sampled_from("PQRST"), NAMES, NAMES, SOURCES), min_size=1, max_size=7
).map(lambda drawn: [Witness(str(n), *each) for n, each in enumerate(drawn)])
JUDGED = st.lists(
    st.tuples(
        st.sampled_from("0123456"),
        st.sampled_from("0123456"),
        st.sampled_from(["independent", "same_origin", "unknown", None]),
    ),
    max_size=5,
)
Judgements = list[tuple[str, str, str | None]]
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plainly(witnesses: list[Witness], judgements: Judgements) -> dict[frozenset[str], bool]:
    """Of each pair, whether it shares an origin, step by step as the module says it."""
    ids = [witness.id for witness in witnesses]
    bundle = {id_: {id_} for id_ in ids}
    for one, other, independence in judgements:
        if independence == "same_origin" and one in bundle and other in bundle:
            whole = bundle[one] | bundle[other]
            bundle |= dict.fromkeys(whole, whole)
    by_id = {witness.id: set(witness.marks()) for witness in witnesses}
    marks = {id_: set().union(*(by_id[each] for each in bundle[id_])) for id_ in ids}
    apart = {frozenset(each[:2]) for each in judgements if each[2] == "independent"}
    return {
        frozenset((one, other)): other in bundle[one]
        or (frozenset((one, other)) not in apart and bool(marks[one] & marks[other]))
        for one, other in combinations(ids, 2)
    }


@many
@given(WITNESSES, JUDGED)
def test_pairs_and_counts_are_what_the_steps_say(
    witnesses: list[Witness], judgements: Judgements
) -> None:
    origins = Origins(witnesses, judgements)
    pairs = plainly(witnesses, judgements)
    for pair, shared in pairs.items():
        one, other = sorted(pair)
        assert bool(origins.shared(one, other)) == shared
        assert bool(origins.shared(other, one)) == shared
    left = {witness.id for witness in witnesses}
    groups = 0
    while left:
        groups += 1
        rim = {left.pop()}
        while rim:
            rim = {id_ for id_ in left if any(pairs[frozenset((id_, one))] for one in rim)}
            left -= rim
    assert origins.count([witness.id for witness in witnesses]) == groups


def witness(id_: str, article: str, publisher: str | None = None, **more: object) -> Witness:
    sources = frozenset(more.get("sources", ()))  # type: ignore[call-overload]
    return Witness(id_, article, publisher, more.get("credited"), sources)  # type: ignore[arg-type]


def test_two_articles_that_quote_one_source_count_once() -> None:
    origins = Origins(
        [
            witness("target", "A", "courier"),
            witness("one", "B", "ledger", sources=["fsb"]),
            witness("other", "C", "observer", sources=["fsb"]),
        ]
    )
    assert origins.shared("one", "other") == ("source",)
    assert origins.count(["one", "other"]) == 1


def test_an_agency_and_a_paper_that_credits_it_are_one_origin() -> None:
    agency, paper = witness("1", "A", "wire"), witness("2", "B", "ledger", credited="wire")
    origins = Origins([agency, paper])
    assert origins.shared("1", "2") == ("credited_source",)
    assert origins.shared("2", "1") == ("publisher",)


def test_what_is_unknown_joins_nothing() -> None:
    origins = Origins([witness("1", "A"), witness("2", "B")])
    assert origins.shared("1", "2") == ()
    assert origins.count(["1", "2"]) == 2


def test_people_outweigh_marks_and_caution_outweighs_people() -> None:
    pair = [witness("1", "A", "wire"), witness("2", "A", "wire")]
    assert Origins(pair).shared("1", "2") == ("article", "publisher")
    apart = ("1", "2", "independent")
    assert Origins(pair, [apart]).shared("1", "2") == ()
    assert Origins(pair, [apart]).count(["1", "2"]) == 2
    assert Origins(pair, [apart, ("2", "1", "same_origin")]).shared("1", "2") == ("same_origin",)


def test_what_is_judged_of_one_pair_says_nothing_of_a_third() -> None:
    three = [witness(id_, id_, "wire") for id_ in "123"]
    origins = Origins(three, [("1", "2", "independent")])
    assert origins.shared("1", "2") == ()
    assert origins.shared("1", "3") == ("publisher",)
    assert origins.count("123") == 1
    assert origins.count("12") == 2
