"""What the parameters and headers of an import say, and what is refused before a file is read."""

from typing import Any

import pytest

from tests.exchange.formats.reading import zip_of
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers

WORDS = "Zürich, 5 €"


@pytest.fixture
def mine(api: Api, annotator: Person) -> Api:
    return api.as_(annotator)


def sent(
    api: Api, project: MadeProject, data: bytes, content_type: str = "text/plain", **query: str
) -> Answer:
    path = f"{project.path}/import"
    return api.post(path, data=data, query=query, content_type=content_type)


def text_of(api: Api, project: MadeProject) -> str:
    listed = api.get(f"{project.path}/articles", query={"include": "text"}).json["items"]
    return str(listed[-1]["text"])


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("latin-1", "latin-1"),
        ("latin-1", "ISO8859-1"),
        ("cp1252", "cp1252"),
        ("cp1252", "windows-1252"),
        ("utf-8", "utf8"),
        ("utf-16-le", "UTF-16LE"),
    ],
)
def test_an_encoding_goes_by_any_of_its_names(
    mine: Api, project: MadeProject, codec: str, name: str
) -> None:
    words = WORDS.replace("€", "EUR") if codec == "latin-1" else WORDS
    answer = sent(mine, project, words.encode(codec), format="text", encoding=name)
    assert answer.status_code == 200, answer.text
    assert text_of(mine, project) == words


def test_the_header_may_name_the_encoding_and_the_parameter_outweighs_it(
    mine: Api, project: MadeProject
) -> None:
    data, named = WORDS.encode("cp1252"), "text/plain; charset=windows-1252"
    assert sent(mine, project, data, named, format="text").status_code == 200
    assert text_of(mine, project) == WORDS
    named = "text/plain; charset=utf-16"
    answer = sent(mine, project, data + b"!", named, format="text", encoding="cp1252")
    assert answer.status_code == 200, answer.text
    assert text_of(mine, project) == WORDS + "!"
    unknown = sent(mine, project, data, "text/plain; charset=klingon", format="text")
    assert "charset" in assert_problem(unknown, 415, "unsupported_media_type")["detail"]


@pytest.mark.parametrize("on_error", ["abort", "skip"])
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"format": "text", "encoding": "rot13"}, "/encoding"),
        ({"format": "text", "encoding": "klingön"}, "/encoding"),
        ({"format": "brat", "labels": "Quantity:verb"}, "/labels"),
        ({"format": "brat", "labels": "Quantity"}, "/labels"),
    ],
)
def test_a_bad_parameter_is_no_fault_of_the_file(
    mine: Api, project: MadeProject, query: dict[str, str], pointer: str, on_error: str
) -> None:
    data = b"Words" if query["format"] == "text" else zip_of({"a.txt": b"Words", "a.ann": b""})
    answer = sent(mine, project, data, "application/octet-stream", on_error=on_error, **query)
    problem = assert_problem(answer, 422, "invalid")
    assert pointers(problem) == {pointer: "bad_option"}
    assert problem["errors"][0]["in"] == "query"


def test_a_form_is_refused_as_a_form(mine: Api, project: MadeProject) -> None:
    answer: Any = sent(mine, project, b"--x\r\n\r\n{}\r\n--x--", "multipart/form-data; boundary=x")
    assert "--data-binary" in assert_problem(answer, 415, "unsupported_media_type")["detail"]
    assert answer.headers["Accept-Post"]
