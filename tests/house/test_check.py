"""`flask check` finds what the database cannot: every kind of damage, each told in a sentence."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.commands.integrity import CHECKS
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.support.commands import refused, told

ONE = "(SELECT id FROM annotations WHERE fragments IS NULL ORDER BY id LIMIT 1)"
DAMAGE = {
    "UPDATE users SET is_admin = false": "no active administrator",
    "DELETE FROM memberships WHERE role = 4": "has no manager",
    "UPDATE revisions SET text = text || ' '": "is not the text that was stored",
    "UPDATE revisions SET utf16 = utf16 + 1": "is not the text that was stored",
    f"UPDATE annotations SET exact = 'x' WHERE id = {ONE}": "does not quote",
    f"UPDATE annotations SET start_offset = 0, end_offset = 1 WHERE id = {ONE}": "does not quote",
    f"UPDATE annotations SET anchoring = 'orphaned' WHERE id = {ONE}": "its anchoring says",
    f"UPDATE annotations SET anchoring = 'uncertain' WHERE id = {ONE}": "its anchoring says",
    f"UPDATE annotations SET anchoring_score = 0.5 WHERE id = {ONE}": "its anchoring says",
    "DELETE FROM article_words": "is not in the search index",
    "DELETE FROM annotation_tags": "annotation_tags of annotation",
    "DELETE FROM said": "said of annotation",
}


def problems(session: Session) -> list[str]:
    return [problem for _, find in CHECKS for problem in find(session)]


def test_every_damage_is_found_and_nothing_else(
    make_app: Callable[..., Application], tmp_path: Path
) -> None:
    server = make_app(fresh=True, data_dir=tmp_path)
    told(server, "user", "ensure-admin")
    told(server, "seed")
    assert "WRONG" not in told(server, "check")
    for damage, sentence in DAMAGE.items():
        with Session(server.database.writer) as session:  # is never committed
            session.execute(text(damage))
            found = problems(session)
        assert found, damage
        assert all(sentence in problem for problem in found), (damage, found)
    with unit_of_work(server.database) as session:
        session.execute(text("DELETE FROM annotation_tags"))
    assert "WRONG  The annotation_tags of annotation" in refused(server, "check")
