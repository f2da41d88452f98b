"""The five originals: verified against the manifest, then loaded with what is known of them.

Their texts are not part of this repository; whoever has them points to the folder.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.articles import queries, service
from app.articles.schemas import ArticleIn
from app.kernel.actor import Role
from app.web.bodies import load
from seeds.people import admit_administrators, ensure_member, ensure_person, ensure_project

Json = dict[str, Any]
MANIFEST = Path(__file__).parent / "originals.json"
PROJECT: Json = {
    "slug": "originals",
    "name": "The originals",
    "description": "Five articles on the intervention of 2015, as they were published.",
}
KNOWN = ("publisher", "author", "published_on", "published_precision", "credited_source")


class WrongFile(Exception):
    """A file that is missing or is not the one in the manifest."""


def load_originals(folder: Path, tell: Callable[[str], None]) -> None:
    """Verify all five first, then add those that are not there; WrongFile where one differs."""
    manifest: list[Json] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    texts = [_verified(folder, entry) for entry in manifest]
    people = json.loads((MANIFEST.parent / "people.json").read_text(encoding="utf-8"))["users"]
    chief = next(each for each in people if each["role"] == "manager")
    manager = ensure_person({"email": chief["email"], "name": chief["name"]})
    project = ensure_project(manager, PROJECT)
    actor = ensure_member(manager, project, manager, Role.manager)
    admit_administrators(manager, project)
    made = 0
    for entry, text in zip(manifest, texts, strict=True):
        body = load(ArticleIn, _body(entry, text))
        if queries.find_by_external_id(actor, body["external_id"]) is None:
            service.create(actor, body, longest=len(text))
            made += 1
    tell(f"{project.slug}: {len(manifest)} originals verified, {made} added")


def _verified(folder: Path, entry: Json) -> str:
    file = folder / entry["file"]
    try:
        raw = file.read_bytes()
    except OSError:
        raise WrongFile(f"{entry['file']} is not in {folder}.") from None
    if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
        raise WrongFile(f"{entry['file']} is not the file in the manifest: its SHA-256 differs.")
    text: str = raw.decode("utf-8")
    for region in entry["regions"]:
        part = text[region["start"] : region["end"]].encode()
        if hashlib.sha256(part).hexdigest() != region["sha256"]:
            raise WrongFile(f"A region of {entry['file']} is not where the manifest says.")
    return text


def _body(entry: Json, text: str) -> Json:
    regions = [
        {name: region[name] for name in ("start", "end", "kind")} for region in entry["regions"]
    ]
    return {
        "external_id": Path(entry["file"]).stem,
        "title": entry["title"],
        "language": entry["language"],
        "source": {name: entry[name] for name in KNOWN if entry.get(name)},
        "regions": regions,
        "meta": {"note": entry["note"]} if entry.get("note") else {},
        "text": text,
    }
