"""A blind project shows an annotator no link, no count and no grave of another's work.

(That no annotation is shown is part of the walk over every route, in the reviews' tests.)
"""

from typing import Any

from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import add_person
from tests.factories.projects import add_member
from tests.factories.teams import Team
from tests.factories.writing import new_claim, new_link
from tests.support.api import Answer, Api
from tests.webannotation.making import Container

LOOKS: tuple[dict[str, str], ...] = (
    {},
    {"iris": "1"},
    {"page": "annotations"},
    {"page": "annotations", "iris": "1"},
    {"page": "links"},
)


def _told(answer: Answer) -> Any:
    return answer.json if answer.status_code == 200 else answer.status_code


def test_nothing_of_anothers_work_is_told(
    app: Application, api: Api, me: Api, team: Team, article: str
) -> None:
    with unit_of_work(app.database):
        stranger = add_person(app, "Bo")
        add_member(team.manager, team.project, stranger, Role.annotator)
    bo = api.as_(stranger)
    manager = api.as_(team.manager)
    path = f"/projects/{team.project.id}"
    settings = {"settings": {"blind": True}}
    blind = manager.patch(path, settings, if_match=manager.get(path))
    assert blind.status_code == 200, blind.text
    own = [new_claim(bo, article, quote)["id"] for quote in ("Forty boats", "sank")]
    new_link(bo, team.project.id, *own)
    there = Container(bo, team.project.id)
    before = [_told(there.get(query=look)) for look in LOOKS]
    assert before[0]["total"] == 3
    claim, other = new_claim(me, article, "one said"), new_claim(me, article, "the mayor")
    link = new_link(me, team.project.id, claim["id"], other["id"])
    assert [_told(there.get(query=look)) for look in LOOKS] == before
    idents = (claim["id"], link["id"])
    for ident in idents:
        assert there.get(ident).status_code == 404
        assert there.put(ident, {"type": "x"}).status_code in {404, 422}
        assert bo.delete(there.path + ident, if_match="*").status_code == 404
        page = there.get(query={"page": f"links.{ident}"})
        assert page.status_code == 404 or page.json["items"] == before[4]["items"]
    for ident in (link["id"], claim["id"]):
        assert me.delete(there.path + ident, if_match="*").status_code == 204
        assert there.get(ident).status_code == 404
        assert Container(me, team.project.id).get(ident).status_code == 410
    assert [_told(there.get(query=look)) for look in LOOKS] == before
    assert bo.delete(there.path + own[0], if_match="*").status_code == 204
    assert there.get(own[0]).status_code == 410
