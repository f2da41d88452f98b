"""Rules as tables: some row whose every word holds."""

from types import SimpleNamespace

import pytest

from app.kernel.actor import Actor, Role
from app.kernel.errors import Forbidden
from app.kernel.permissions import (
    Rules,
    allows,
    is_admin,
    is_annotator,
    is_author,
    is_manager,
    require,
)

RULES: Rules = {"edit_notes": [[is_annotator, is_author], [is_manager]], "audit": [[is_admin]]}
MINE, OTHERS = SimpleNamespace(author_id="me"), SimpleNamespace(author_id="you")


def _me(role: Role | None, *, is_admin: bool = False) -> Actor:
    return Actor("me", "Me", "me@example.org", is_admin, role=role)


@pytest.mark.parametrize(
    ("role", "mine", "others"),
    [
        (None, False, False),
        (Role.viewer, False, False),
        (Role.annotator, True, False),
        (Role.reviewer, True, False),
        (Role.manager, True, True),
    ],
)
def test_one_row_must_hold_word_for_word(role: Role | None, mine: bool, others: bool) -> None:
    assert allows(RULES, "edit_notes", _me(role), MINE) == mine
    assert allows(RULES, "edit_notes", _me(role), OTHERS) == others
    assert not allows(RULES, "audit", _me(role))


def test_an_administrator_has_no_role_by_that() -> None:
    assert allows(RULES, "audit", _me(None, is_admin=True))
    assert not allows(RULES, "edit_notes", _me(None, is_admin=True), MINE)


def test_a_refusal_says_what_it_takes() -> None:
    with pytest.raises(Forbidden, match="edit notes") as caught:
        require(RULES, "edit_notes", _me(Role.viewer), MINE)
    assert caught.value.extra["needs"] == "annotator and author or manager"
    require(RULES, "edit_notes", _me(Role.manager), OTHERS)
