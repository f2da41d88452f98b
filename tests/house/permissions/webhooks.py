"""Who may call what: webhooks, which carry a project's content away."""

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import ask, line, manager

HERE, ONE = "/projects/<project>/webhooks", "/webhooks/<id:webhook_id>"
BODY = {"url": "https://example.org/hook", "active": False}


def _webhook(scene: Scene) -> str:
    return f"/webhooks/{scene.made(scene.team.manager, f'{scene.project.path}/webhooks', BODY)}"


WEBHOOKS = (
    line(f"POST {HERE}", manager, lambda here: ask(f"{here.project.path}/webhooks", BODY)),
    line(f"GET {HERE}", manager, lambda here: ask(f"{here.project.path}/webhooks")),
    line(f"GET {ONE}", manager, lambda here: ask(_webhook(here))),
    line(f"PATCH {ONE}", manager, lambda here: ask(_webhook(here), {"active": True}, if_match="*")),
    line(f"DELETE {ONE}", manager, lambda here: ask(_webhook(here), if_match="*")),
    line(f"GET {ONE}/deliveries", manager, lambda here: ask(f"{_webhook(here)}/deliveries")),
    line(
        f"POST {ONE}/replay",
        manager,
        lambda here: ask(f"{_webhook(here)}/replay", {"after": None}),
    ),
)
