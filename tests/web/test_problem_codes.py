"""The page about problems has every code that the application can give, and no others."""

import re

from app.kernel.errors import Refused
from tests.support.api import Api
from tests.support.codes import codes_in_source

COMPUTED = {"unknown_kind", "unknown_relation", "not_yours"}
"""Codes that are put together, or looked up, where they are raised."""
OF_THE_FRAMEWORK = {"bad_request", "method_not_allowed"}
"""The names of the framework's own errors that a request can bring about."""
_ENTRY = re.compile(r'<dt id="([^"]*)">([^\n<]*)\n<dd>([^\n]+)')


def _told(api: Api) -> list[tuple[str, str, str]]:
    return _ENTRY.findall(api.get("//docs/problems").text)


def test_every_code_stands_there_with_what_to_do(api: Api) -> None:
    told = _told(api)
    assert [id_ for id_, word, _ in told] == [word for _, word, _ in told]
    assert len(told) == len({id_ for id_, _, _ in told}), "an anchor stands twice"
    assert all(len(meaning) > 15 for _, _, meaning in told)
    known, found = {id_ for id_, _, _ in told}, codes_in_source()
    assert known >= COMPUTED | OF_THE_FRAMEWORK
    missing = {code: place for code, place in found.items() if code not in known}
    assert missing == {}, "codes that app/web/static/problems.html does not explain"
    gone = known - set(found) - COMPUTED - OF_THE_FRAMEWORK
    assert gone == set(), "codes that are explained and never given"


def test_the_search_for_codes_finds_them() -> None:
    found = codes_in_source()
    assert {kind.code for kind in Refused.__subclasses__()} <= set(found)
    assert {"self_link", "bad_slug", "quote_mismatch", "duplicate_id", "already_linked"} <= set(
        found
    )
    assert len(found) > 150
