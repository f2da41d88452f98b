"""A whole campaign through the API: three annotate blind, a team reviews, settles and judges."""

from typing import Any

from tests.reviews.desk import CLAIM, FIGURE, Desk, made, read
from tests.support.problems import assert_problem

Json = dict[str, Any]
ANNOTATORS = ("ann", "bo", "cy")
WIDER: Json = {"exact": "said the strike killed 14 people"}


class Campaign:
    """What everybody does, on five articles that two of three annotate each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.articles = desk.articles(5)
        self.seats: dict[str, list[str]] = {article: [] for article in self.articles}
        self.claims: dict[tuple[str, str], Json] = {}
        self.links: dict[tuple[str, str], Json] = {}

    def assign(self) -> None:
        """Preview and then make ten seats, spread evenly."""
        body = {
            "articles": self.articles,
            "users": [self.desk.id(name) for name in ANNOTATORS],
            "overlap": 2,
            "task": "annotate",
            "due_on": "2030-01-31",
        }
        path = f"{self.desk.path}/assignments"
        preview = read(self.desk.as_("manager").post(path, body, query={"dry_run": "true"}))
        seats = made(self.desk.as_("manager").post(path, body))["items"]
        assert len(preview["items"]) == len(seats) == 10
        for seat in seats:
            self.seats[seat["article_id"]].append(seat["user"]["name"])
        loads = [sum(name in two for two in self.seats.values()) for name in ANNOTATORS]
        assert sorted(loads) == [3, 3, 4]

    def annotate(self) -> None:
        """Everyone takes the next seat until none is left."""
        for name in ANNOTATORS:
            while seat := self.desk.next(name, task="annotate"):
                article = seat["article"]["id"]
                self.tag(name, article)
                assert self.desk.move(name, seat, "done").status_code == 200

    def tag(self, name: str, article: str) -> None:
        """A claim, a figure that contradicts it, and that it does."""
        first = self.seats[article].index(name) == 0
        disputed, linked_otherwise = self.articles[:2]
        target = WIDER if first and article == disputed else CLAIM["target"]
        claim = self.desk.tag(name, article, target=target)
        relation = "corroborates" if first and article == linked_otherwise else "contradicts"
        figure = self.desk.tag(name, article, FIGURE)
        self.claims[article, name] = claim
        self.links[article, name] = self.desk.link(name, claim, figure, relation=relation)

    def agreement(self, **query: Any) -> Json:
        """What the reviewer reads of it."""
        return read(self.desk.as_("reviewer").get(f"{self.desk.path}/agreement", query=query))

    def f1(self) -> float:
        """How many spans every two share exactly."""
        return float(self.agreement()["measures"]["span_f1_exact"]["value"])

    def adjudicate(self, article: str, **body: Any) -> Json:
        """The critic settles an article."""
        path = f"/articles/{article}/adjudication"
        return made(self.desk.as_("critic").post(path, {**body, "done": True}))


def test_a_campaign(blind: Desk) -> None:
    campaign = Campaign(blind)
    campaign.assign()
    stay_blind(campaign)
    campaign.annotate()
    before = campaign.f1()
    assert before == 2 * 9 / 20, "two of ten spans each, one pair apart"
    discuss(campaign)
    assert campaign.f1() == 1.0
    review(campaign)
    settle(campaign)
    judge(campaign)
    assert campaign.f1() == 1.0, "what is settled is not what annotators marked"


def stay_blind(campaign: Campaign) -> None:
    """Of two annotators of one article neither sees the other's work before being done."""
    desk = campaign.desk
    article = campaign.articles[-1]
    one, other = campaign.seats[article]
    marked = desk.tag(one, article)
    assert_problem(desk.as_(other).get(f"/annotations/{marked['id']}"), 404)
    assert_problem(desk.as_(other).get(f"/articles/{article}/comparison"), 403, "blind")
    assert_problem(desk.as_(other).get(f"{desk.path}/agreement"), 403, "blind")
    stats = read(desk.as_(other).get(f"{desk.path}/stats"))
    assert stats["annotations"]["total"] == 0
    gone = desk.as_(one).delete(f"/annotations/{marked['id']}", if_match="*")
    assert gone.status_code == 204


def discuss(campaign: Campaign) -> None:
    """The most disputed claim is looked at, talked about, and mended by its author."""
    desk = campaign.desk
    disputed = campaign.articles[0]
    first, second = campaign.seats[disputed]
    waiting = read(desk.as_("reviewer").get(f"{desk.path}/review-queue"))["items"]
    assert len(waiting) == 20
    assert (waiting[0]["article"]["id"], waiting[0]["disagreement"]) == (disputed, 0.5)
    comparison = read(desk.as_(second).get(f"/articles/{disputed}/comparison"))
    apart = [group for group in comparison["groups"] if group["likeness"] == "overlapping"]
    assert [group["kind"] for group in apart] == ["claim"]
    claim = campaign.claims[disputed, first]
    path = f"/annotations/{claim['id']}"
    question = {"text": "Does the verb of saying belong to the claim?"}
    thread = made(desk.as_("reviewer").post(f"{path}/comments", question))
    answer = {"text": "No, it belongs to the attribution.", "reply_to": thread["id"]}
    made(desk.as_(second).post(f"{path}/comments", answer))
    told = desk.review("reviewer", claim, "request_changes", "Leave the verb out.")
    assert read(told)["state"] == "draft"
    patch = {"target": CLAIM["target"]}
    edited = desk.as_(first).patch(path, patch, if_match=told)
    assert read(desk.review(first, read(edited), "submit"))["state"] == "submitted"
    read(desk.as_(first).patch(f"/comments/{thread['id']}", {"resolved": True}, if_match="*"))


def review(campaign: Campaign) -> None:
    """What waits is approved at once; nothing is left in the queue."""
    desk = campaign.desk
    body = {"action": "approve", "filter": {"state": "submitted"}, "mode": "atomic"}
    path = f"{desk.path}/review"
    assert read(desk.as_("reviewer").post(path, body))["done"] == 20
    assert read(desk.as_("reviewer").post(path, {**body, "of": "links"}))["done"] == 10
    assert read(desk.as_("critic").get(f"{desk.path}/review-queue"))["items"] == []


def settle(campaign: Campaign) -> None:
    """Two alike are accepted; where links disagree, someone decides and says why."""
    desk = campaign.desk
    linked_otherwise = campaign.articles[1]
    links = campaign.agreement(of="links")
    assert links["measures"]["link_f1_exact"]["value"] == 0.8
    assert links["measures"]["link_f1_ends"]["value"] == 1.0
    (unit,) = links["disagreements"]["items"]
    assert unit["article_id"] == linked_otherwise
    right = campaign.links[linked_otherwise, campaign.seats[linked_otherwise][1]]
    wrong = campaign.links[linked_otherwise, campaign.seats[linked_otherwise][0]]
    decision = {
        "links": [
            {"accept": [right["id"]], "reason": "14 is not 9."},
            {"reject": [wrong["id"]], "reason": "The numbers differ."},
        ]
    }
    for article in campaign.articles:
        more = decision if article == linked_otherwise else {}
        found = campaign.adjudicate(article, strategy={"accept_exact": 2}, **more)
        assert found["article"]["state"] == "adjudicated"
        assert found["undecided"] == {"annotations": [], "links": []}
        assert all(len(item["from"]) == 2 for item in found["items"] if item["how"] != "decided")
    stats = read(desk.as_("viewer").get(f"{desk.path}/stats"))
    assert stats["annotations"]["by_layer"] == {"adjudicated": 10, "annotator": 20}
    assert stats["links"]["by_layer"] == {"adjudicated": 5, "annotator": 10}
    query = {"layer": "adjudicated", "relation": "corroborates"}
    assert read(desk.as_("viewer").get(f"{desk.path}/links", query=query))["items"] == []
    progress = read(desk.as_("manager").get(f"{desk.path}/assignments/progress"))
    assert progress["tasks"]["annotate"]["done"] == 10


def judge(campaign: Campaign) -> None:
    """The settled claim gets its verdict."""
    desk = campaign.desk
    query = {"layer": "adjudicated", "kind": "claim", "article": campaign.articles[0]}
    (claim,) = read(desk.as_("reviewer").get(f"{desk.path}/annotations", query=query))["items"]
    assert (claim["state"], claim["target"]["exact"]) == ("approved", CLAIM["target"]["exact"])
    path = f"/annotations/{claim['id']}/verdict"
    verdict = {"label": "conflicting", "justification": "Officials count nine."}
    read(desk.as_("reviewer").put(path, verdict, if_match="*"))
    assert read(desk.as_("viewer").get(path))["label"] == "conflicting"
