"""The reading room in a real browser: what is read, tagged, linked and edited there."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from app.web.application import Application
from tests.factories.accounts import PASSWORD
from tests.factories.teams import Team
from tests.reading_room.webdriver import Browser, binaries, may_be_missing
from tests.support.api import Api

pytestmark = pytest.mark.skipif(
    binaries() is None and may_be_missing(),
    reason="no chromium and chromedriver on the path, and bin/browser could not install them",
)

TEXT = (
    "  Ω “Bang” 💥💥 in Kobanî,\r\nthe <b>mayor</b>\tsaid 👩‍👩‍👧: 40 dead.\n\n\tNo 🕊 yet & so on. "
)
SELECT = """
const text = document.getElementById("text");
const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
const range = document.createRange();
let [start, end] = [text.textContent.indexOf(arguments[0]), 0];
end = start + arguments[0].length;
for (let seen = 0; walker.nextNode(); seen += walker.currentNode.length) {
  const node = walker.currentNode;
  if (start >= seen && start < seen + node.length) range.setStart(node, start - seen);
  if (end > seen && end <= seen + node.length) range.setEnd(node, end - seen);
}
document.getSelection().removeAllRanges();
document.getSelection().addRange(range);
"""
BUTTON = (
    "(() => { const found = [...document.querySelectorAll('button')]"
    ".find((one) => one.textContent.trim() === arguments[0]);"
    " found?.click(); return Boolean(found); })()"
)


@pytest.fixture
def site(app: Application) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all, since it takes longer to start than any of these tests."""
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def browser(window: Browser) -> Iterator[Browser]:
    """The browser as someone new has it."""
    yield window
    window.leave()


@pytest.fixture
def ours(api: Api, team: Team) -> Api:
    return api.as_(team.annotator)


def _article(ours: Api, team: Team, text: str = TEXT, title: str = "Kobanî") -> str:
    made = ours.post(f"{team.project.path}/articles", {"title": title, "text": text})
    assert made.status_code == 201, made.text
    return str(made.json["id"])


def _tag(ours: Api, article: str, start: int, end: int, **more: Any) -> Any:
    body = {"kind": "claim", "target": {"start": start, "end": end}, **more}
    made = ours.post(f"/articles/{article}/annotations", body)
    assert made.status_code == 201, made.text
    return made.json


def _open(browser: Browser, site: str, team: Team, address: str = "") -> None:
    browser.go(f"{site}/{address}")
    browser.type("input[name=email]", team.annotator.email)
    browser.type("input[name=password]", PASSWORD)
    browser.click("form button.main")


def _press(browser: Browser, label: str) -> None:
    browser.until(BUTTON, label)


def test_from_signing_in_to_an_article(browser: Browser, site: str, ours: Api, team: Team) -> None:
    article = _article(ours, team)
    _article(ours, team, "Nothing of note.", "Elsewhere")
    _open(browser, site, team)
    browser.click(f'a[href="#/projects/{team.project.slug}"]')
    browser.until("document.querySelectorAll('.cards a').length === 2")
    browser.type("input[name=q]", "Kobanî")
    _press(browser, "Search")
    browser.until("document.querySelectorAll('.cards a').length === 1")
    browser.click(f'a[href="#/articles/{article}"]')
    browser.until("document.getElementById('text')")
    assert browser.script("return document.getElementById('text').textContent") == TEXT
    assert browser.script("return document.cookie").count("csrf_") == 2
    assert "token_cookie" not in browser.script("return document.cookie")


def test_marks_over_marks_leave_the_text_as_it_is(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    article = _article(ours, team)
    length = len(TEXT)
    spans = [(i, j) for i in range(0, length, 9) for j in range(i + 5, length, 13)]
    for start, end in spans[:20]:
        _tag(ours, article, start, end)
    torn = _tag(ours, article, 0, 0, target={"fragments": [_span(3, 9), _span(12, 20)]})
    _open(browser, site, team, f"#/articles/{article}/{torn['id']}")
    browser.until("document.querySelector('#text .picked')")
    assert browser.script("return document.getElementById('text').textContent") == TEXT
    picked = "[...document.querySelectorAll('#text .picked')].map((one) => one.textContent)"
    assert browser.script(f"return {picked}.join('')") == TEXT[3:9] + TEXT[12:20]
    shown = browser.script(SELECT.replace("arguments[0]", "' 💥💥 in'") + "return 1")
    assert shown == 1
    assert browser.script("return document.querySelector('#text b')") is None


def _span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


@pytest.mark.parametrize("quote", ["Kobanî", "said 👩‍👩‍👧: 40", "yet & so on", "\r\nthe <b>mayor"])
def test_tagging_counts_in_code_points(
    browser: Browser, site: str, ours: Api, team: Team, quote: str
) -> None:
    article = _article(ours, team)
    _tag(ours, article, 4, 30)  # so that the text is in pieces
    _open(browser, site, team, f"#/articles/{article}")
    browser.until("document.querySelector('#text .mark')")
    browser.script(SELECT, quote)
    _press(browser, "Tag the selection")
    browser.type("#tag-form [name=tags]", "war, , places")
    browser.click("#tag-form button.main")
    browser.until("document.querySelector('.detail .tag')")
    items = ours.get(f"/articles/{article}/annotations").json["items"]
    (made,) = [one for one in items if one["tags"]]
    found = TEXT.index(quote.strip())
    target = made["target"]
    assert (target["start"], target["end"]) == (found, found + len(quote.strip()))
    assert target["exact"] == quote.strip()
    assert made["tags"] == ["war", "places"]


def test_a_refusal_is_told_beside_the_form(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    article = _article(ours, team)
    _open(browser, site, team, f"#/articles/{article}")
    _press(browser, "Tag a quote")
    browser.type("#tag-form [name=quote]", "not in there")
    browser.click("#tag-form button.main")
    told = browser.until("document.querySelector('#tag-form .refused')?.textContent")
    assert "/target" in told
    assert ours.get(f"/articles/{article}/annotations").json["items"] == []


def test_linking_across_articles(browser: Browser, site: str, ours: Api, team: Team) -> None:
    here, there = _article(ours, team), _article(ours, team, "Forty died.", "Elsewhere")
    first, second = _tag(ours, here, 4, 10), _tag(ours, there, 0, 10)
    _open(browser, site, team, f"#/articles/{here}/{first['id']}")
    _press(browser, "Link…")
    browser.script("location.hash = arguments[0]", f"#/articles/{there}/{second['id']}")
    browser.click("#link-form [value=contradicts]")
    browser.type("#link-form [name=rationale]", "They differ.")
    browser.click("#link-form button.main")
    browser.until("document.querySelector('.link.contradicts')")
    (link,) = ours.get(f"/annotations/{first['id']}/links").json["items"]
    assert {link["from"], link["to"]} == {first["id"], second["id"]}
    assert (link["relation"], link["rationale"]) == ("contradicts", "They differ.")
    browser.click(".link.contradicts a")
    browser.until("location.hash.endsWith(arguments[0])", first["id"])
    browser.until("document.querySelector('#text .picked')")


def test_the_evidence_for_an_annotation_is_told_when_asked(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    here, there = _article(ours, team), _article(ours, team, "Forty died.", "Elsewhere")
    first, second = _tag(ours, here, 4, 10), _tag(ours, there, 0, 10)
    link = {"from": first["id"], "to": second["id"], "relation": "corroborates"}
    assert ours.post(f"{team.project.path}/links", link).status_code == 201
    _open(browser, site, team, f"#/articles/{here}/{first['id']}")
    _press(browser, "What supports it, what opposes it?")
    place = "document.querySelector('[aria-label=Evidence]')"
    browser.until(f"{place}?.textContent.includes('1 for it, 0 against it')")
    browser.click("[aria-label=Evidence] li a")
    browser.until("location.hash.endsWith(arguments[0])", second["id"])


def test_editing_what_someone_else_changed_shows_what_stands(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    article = _article(ours, team)
    made = _tag(ours, article, 4, 10, note="first")
    _open(browser, site, team, f"#/articles/{article}/{made['id']}")
    _press(browser, "Edit")
    browser.type("#edit-form [name=note]", " mine")
    ours.patch(f"/annotations/{made['id']}", {"note": "theirs"}, if_match="*")
    browser.click("#edit-form button.main")
    assert "theirs" in browser.until("document.querySelector('#stands')?.textContent")
    assert ours.get(f"/annotations/{made['id']}").json["note"] == "theirs"
    browser.click("#edit-form button.main")
    browser.until("!document.querySelector('#edit-form')")
    assert ours.get(f"/annotations/{made['id']}").json["note"] == "first mine"


def test_submitting_and_deleting_ones_own(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    article = _article(ours, team)
    made = _tag(ours, article, 4, 10)
    _open(browser, site, team, f"#/articles/{article}/{made['id']}")
    _press(browser, "submit")
    browser.until("document.querySelector('.state.submitted')")
    assert ours.get(f"/annotations/{made['id']}").json["state"] == "submitted"
    browser.script("window.confirm = () => true")
    ours.patch(f"/annotations/{made['id']}", {"note": "newer"}, if_match="*")
    _press(browser, "Delete")  # what is not seen yet is not deleted
    browser.until("document.querySelector('#notices .refused')")
    assert "newer" in browser.until("document.querySelector('.detail dl')?.textContent")
    _press(browser, "Delete")
    browser.until("document.querySelector('.panel h2')?.textContent.startsWith('0 of 0')")
    assert ours.get(f"/annotations/{made['id']}").status_code == 404


def test_an_access_token_that_ended_is_renewed(
    browser: Browser, site: str, ours: Api, team: Team, app: Application
) -> None:
    article = _article(ours, team)
    _open(browser, site, team)
    browser.until("document.querySelector('.cards a')")
    before = browser.script("return document.cookie")
    browser.forget("access_token_cookie")
    browser.script("location.hash = arguments[0]", f"#/articles/{article}")
    browser.until("document.getElementById('text')")
    assert browser.script("return document.cookie") != before


def test_nothing_goes_wrong_unseen_and_all_fits_a_phone(
    browser: Browser, site: str, ours: Api, team: Team
) -> None:
    article = _article(ours, team, "word " * 80 + "w" * 300)
    _tag(ours, article, 2, 60, note="n" * 200, tags=["t" * 90])
    _open(browser, site, team)
    browser.until("document.querySelector('.cards a')")
    browser.log()  # signed out at first, which the console calls an error
    browser.resize(500, 800)
    browser.script("location.hash = arguments[0]", f"#/articles/{article}")
    browser.until("document.getElementById('text')")
    browser.narrow(360)
    browser.click("#text .mark")
    browser.until("document.querySelector('.panel.open')")
    assert browser.script("return document.documentElement.scrollWidth") <= 360
    assert [line["message"] for line in browser.log()] == []


def test_places_in_a_new_text_are_confirmed_or_told_to_be_lost(
    browser: Browser, site: str, ours: Api, api: Api, team: Team
) -> None:
    article = _article(ours, team, "The mayor of Kobanî said that 40 died. Nobody knows more.")
    unsure, lost = _tag(ours, article, 0, 24), _tag(ours, article, 39, 57)
    path = f"/articles/{article}/text"
    text = {"text": "The old mayor of Kobanî said that 40 died."}
    assert api.as_(team.manager).put(path, text, if_match="*").status_code == 200
    _open(browser, site, team, f"#/articles/{article}")
    told = browser.until("document.querySelector('[aria-label=\"Without a place\"]')?.textContent")
    assert "1 without a place" in told
    assert lost["target"]["exact"] in told
    browser.script("location.hash = arguments[0]", f"#/articles/{article}/{unsure['id']}")
    browser.until("document.querySelector('.doubt')")
    _press(browser, "It belongs here")
    browser.until("document.querySelector('.detail') && !document.querySelector('.doubt')")
    assert ours.get(f"/annotations/{unsure['id']}").json["anchoring"] == "sure"


def test_what_is_tagged_in_a_text_that_changed_meanwhile_is_refused(
    browser: Browser, site: str, ours: Api, api: Api, team: Team
) -> None:
    article = _article(ours, team)
    _open(browser, site, team, f"#/articles/{article}")
    _press(browser, "Tag a quote")
    path = f"/articles/{article}/text"
    assert api.as_(team.manager).put(path, {"text": f"{TEXT}!"}, if_match="*").status_code == 200
    browser.type("#tag-form [name=quote]", "Kobanî")
    browser.click("#tag-form button.main")
    told = browser.until("document.querySelector('#tag-form .refused')?.textContent")
    assert "another text by now" in told
    assert ours.get(f"/articles/{article}/annotations").json["items"] == []
