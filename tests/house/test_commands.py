"""The command line: people, the administrator, the description, the first start, and help."""

import json
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import reading, unit_of_work
from app.web.application import Application
from tests.factories.accounts import add_user
from tests.support.apps import build_app
from tests.support.commands import refused, run, told
from tests.support.databases import Databases

PASSWORD = "long enough to be a password"


@pytest.fixture
def server(make_app: Callable[..., Application], tmp_path: Path) -> Application:
    """A server of its own: a migrated database and a folder, both empty."""
    return make_app(fresh=True, data_dir=tmp_path / "data")


@pytest.fixture
def bare(databases: Databases) -> Iterator[Application]:
    """A server whose database has no tables yet."""
    built = build_app(databases.empty())
    yield built
    built.database.dispose()


def can_sign_in(app: Application, email: str, password: str) -> bool:
    answer = app.test_client().post(
        "/api/v1/auth/login", json={"email": email, "password": password}
    )
    return answer.status_code == 200


def everyone(app: Application) -> list[tuple[str, bool, str]]:
    with reading(app.database) as session:
        rows = session.execute(select(User.email, User.is_admin, User.password_hash))
        return [(row.email, row.is_admin, row.password_hash) for row in rows]


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def test_every_command_explains_itself(app: Application) -> None:
    names = list(commands(app.cli))
    assert {("db", "upgrade"), ("user", "create"), ("seed",), ("check",), ("openapi",)} <= set(
        names
    )
    for words in names:
        help_text = told(app, *words, "--help")
        about = help_text.split("\n\n")[1]
        assert len(about.split()) >= 3, f"{words} says too little: {about!r}"


@pytest.mark.parametrize(
    "words",
    [
        ("user", "ensure-admin"),
        ("user", "create", "--email", "a@example.org", "--name", "A", "--password-stdin"),
        ("seed",),
        ("check",),
    ],
)
def test_a_database_without_tables_is_told_in_a_sentence(
    bare: Application, words: tuple[str, ...]
) -> None:
    output = refused(bare, *words, typed=PASSWORD)
    assert "run `flask --app wsgi db upgrade` first" in output


def test_a_made_person_can_sign_in(server: Application) -> None:
    words = ("user", "create", "--email", "ana@example.org", "--name", "Ana")
    told(server, *words, "--password-stdin", typed=PASSWORD + "\n", ADMIN_PASSWORD="another one")
    assert can_sign_in(server, "ana@example.org", PASSWORD)
    assert [(email, admin) for email, admin, _ in everyone(server)] == [("ana@example.org", False)]


def test_a_made_administrator_is_one(server: Application) -> None:
    words = ("user", "create", "--email", "max@example.org", "--name", "Max", "--admin")
    told(server, *words, ADMIN_PASSWORD=PASSWORD)
    assert can_sign_in(server, "max@example.org", PASSWORD)
    assert everyone(server)[0][1] is True


def test_an_address_is_taken_once(server: Application) -> None:
    words = ("user", "create", "--email", "ana@example.org", "--name", "Ana")
    told(server, *words, ADMIN_PASSWORD=PASSWORD)
    assert "has this e-mail already" in refused(server, *words, ADMIN_PASSWORD=PASSWORD)


def test_every_fault_of_a_new_person_is_named(server: Application) -> None:
    output = refused(server, "user", "create", "--email", "x", "--name", "", ADMIN_PASSWORD="short")
    assert all(f"{field}: " in output for field in ("email", "name", "password"))
    assert everyone(server) == []


def test_a_password_is_needed_and_never_guessed(server: Application) -> None:
    result = run(server, "user", "create", "--email", "a@example.org", "--name", "A")
    assert result.exit_code == 2
    assert "--password-stdin" in result.output
    assert everyone(server) == []


def test_the_first_administrator_gets_a_password_that_is_kept(server: Application) -> None:
    output = told(server, "user", "ensure-admin")
    kept = server.config["DATA_DIR"] / "admin-password"
    password = kept.read_text().strip()
    assert len(password) >= 16
    assert password in output
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert can_sign_in(server, "admin@example.org", password)


def test_ensuring_an_administrator_again_changes_nothing(server: Application) -> None:
    told(server, "user", "ensure-admin")
    before = everyone(server)
    output = told(server, "user", "ensure-admin", ADMIN_PASSWORD="a different password")
    assert "nothing was changed" in output
    assert everyone(server) == before


def test_a_new_database_in_the_same_folder_keeps_the_password(
    server: Application, make_app: Callable[..., Application]
) -> None:
    told(server, "user", "ensure-admin")
    password = (server.config["DATA_DIR"] / "admin-password").read_text().strip()
    second = make_app(fresh=True, data_dir=server.config["DATA_DIR"])
    told(second, "user", "ensure-admin")
    assert can_sign_in(second, "admin@example.org", password)


def test_a_given_password_is_used_and_not_written_down(server: Application) -> None:
    given = {"ADMIN_EMAIL": "boss@example.org", "ADMIN_PASSWORD": PASSWORD}
    output = told(server, "user", "ensure-admin", **given)
    assert PASSWORD not in output
    assert not (server.config["DATA_DIR"] / "admin-password").exists()
    assert can_sign_in(server, "boss@example.org", PASSWORD)


def test_no_second_administrator_is_made_unasked(server: Application) -> None:
    with unit_of_work(server.database):
        add_user("chief", is_admin=True)
    told(server, "user", "ensure-admin")
    assert len(everyone(server)) == 1
    told(server, "user", "ensure-admin", ADMIN_EMAIL="other@example.org", ADMIN_PASSWORD=PASSWORD)
    assert len(everyone(server)) == 2


def test_someone_else_with_the_address_is_told_and_left_alone(server: Application) -> None:
    with unit_of_work(server.database):
        add_user(email="admin@example.org")
    assert "is no administrator" in told(server, "user", "ensure-admin")
    assert [admin for _, admin, _ in everyone(server)] == [False]


def test_the_description_is_the_one_that_is_served(app: Application) -> None:
    served: Any = app.test_client().get("/openapi.json").json
    assert json.loads(told(app, "openapi")) == served


def test_a_first_start_prepares_everything_and_a_second_keeps_it(
    bare: Application, tmp_path: Path
) -> None:
    bare.config["DATA_DIR"] = tmp_path
    port = free_port()
    first = told(bare, "prepare", "--port", str(port), "--no-demo")
    assert f"http://127.0.0.1:{port}/docs" in first
    password = (tmp_path / "admin-password").read_text().strip()
    assert password in first
    before = everyone(bare)
    second = told(bare, "prepare", "--port", str(port), "--no-demo")
    assert password not in second
    assert "admin@example.org" in second
    assert everyone(bare) == before


def test_the_demo_comes_to_an_empty_server_only(server: Application) -> None:
    port = str(free_port())
    assert "links" in told(server, "prepare", "--port", port)
    assert "links" not in told(server, "prepare", "--port", port)


@pytest.mark.parametrize("options", [("--no-demo",), ()])
def test_the_demo_stays_away_where_it_is_told_to(
    server: Application, options: tuple[str, ...]
) -> None:
    server.config["DEMO"] = bool(options)
    assert "links" not in told(server, "prepare", "--port", str(free_port()), *options)


def test_a_busy_port_is_told_before_anything_is_done(bare: Application) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Cannot listen on 127.0.0.1 port {port}" in refused(
            bare, "prepare", "--port", str(port)
        )
    assert run(bare, "db", "current").output.startswith("at      none")


def test_an_impossible_address_is_told(bare: Application) -> None:
    assert "no.such.host.invalid" in refused(bare, "prepare", "--host", "no.such.host.invalid")
    assert run(bare, "prepare", "--port", "99999").exit_code == 2


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
