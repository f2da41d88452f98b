"""Who may call what: the server itself, and accounts."""

from uuid import uuid4

from tests.factories.accounts import PASSWORD
from tests.house.permissions.scene import Scene
from tests.house.permissions.words import ADMIN, OPEN, OWN, SIGNED_IN, Ask, ask, line


def _login(scene: Scene) -> Ask:
    return ask("/auth/login", {"email": scene.owner.email, "password": PASSWORD})


def _refresh(scene: Scene) -> Ask:
    bearer = {"Authorization": f"Bearer {scene.somebody().refresh_token}"}
    return ask("/auth/refresh", headers=bearer)


def _logout(scene: Scene) -> Ask:
    return ask("/auth/logout", headers={"Authorization": f"Bearer {scene.somebody().token}"})


def _new_user(_scene: Scene) -> Ask:
    email = f"{uuid4().hex}@example.org"
    return ask("/users", {"email": email, "name": "New", "password": PASSWORD})


def _new_token(_scene: Scene) -> Ask:
    return ask("/me/tokens", {"name": "script", "scopes": ["read"]})


def _one_user(scene: Scene) -> Ask:
    return ask("/users", query={"email": scene.team.outsider.email})


def _rename_user(scene: Scene) -> Ask:
    return ask(f"/users/{scene.somebody().id}", {"name": "New"}, if_match="*")


SERVER = (
    line("GET /healthz", OPEN, lambda _: ask("//healthz"), root=True),
    line("GET /readyz", OPEN, lambda _: ask("//readyz"), root=True),
    line("GET /metrics", OPEN, lambda _: ask("//metrics"), root=True),
    line("GET /openapi.json", OPEN, lambda _: ask("//openapi.json"), root=True),
    line("GET /docs", OPEN, lambda _: ask("//docs"), root=True),
    line("GET /docs/<path:name>", OPEN, lambda _: ask("//docs/docs.js"), root=True),
    line("GET /", OPEN, lambda _: ask("//"), root=True),
    line("GET /room/<path:name>", OPEN, lambda _: ask("//room/main.js"), root=True),
)
TOKEN = "/me/tokens/<id:token_id>"
ACCOUNTS = (
    line("POST /auth/login", OPEN, _login),
    line("POST /auth/refresh", OPEN, _refresh, "it carries its own token"),
    line("POST /auth/logout", OPEN, _logout, "it carries its own token"),
    line("GET /me", SIGNED_IN, lambda _: ask("/me")),
    line("PATCH /me", SIGNED_IN, lambda _: ask("/me", {"name": "New"}, if_match="*")),
    line("POST /me/tokens", SIGNED_IN, _new_token),
    line("GET /me/tokens", SIGNED_IN, lambda _: ask("/me/tokens")),
    line(f"GET {TOKEN}", OWN, lambda here: ask(f"/me/tokens/{here.token_of_owner()}")),
    line(
        f"DELETE {TOKEN}",
        OWN,
        lambda here: ask(f"/me/tokens/{here.token_of_owner()}", if_match="*"),
    ),
    line("POST /users", ADMIN, _new_user),
    line("GET /users", ADMIN, lambda _: ask("/users"), "everybody"),
    line("GET /users", SIGNED_IN, _one_user, "one by address"),
    line("GET /users/<id:user_id>", ADMIN, lambda here: ask(f"/users/{here.team.viewer.id}")),
    line("PATCH /users/<id:user_id>", ADMIN, _rename_user),
)
