"""The manifest of the originals: offsets and hashes that their texts answer to.

The texts are not part of the repository; where their folder lies beside it, they are checked.
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORIGINALS = ROOT.parent / "shared" / "articles"
MANIFEST: list[dict[str, Any]] = json.loads(
    (ROOT / "seeds" / "originals.json").read_text(encoding="utf-8")
)


def test_manifest_names_five_files_once() -> None:
    assert len({o["file"] for o in MANIFEST}) == len(MANIFEST) == 5


@pytest.mark.parametrize("original", MANIFEST, ids=lambda o: o["file"])
def test_manifest_holds_offsets_and_hashes_only(original: dict[str, Any]) -> None:
    assert original["title"]
    assert (original["published_on"] is None) == (original["published_precision"] is None)
    assert original["published_precision"] in {"year", "month", "day", None}
    regions = original["regions"]
    assert all(set(r) == {"kind", "start", "end", "sha256"} for r in regions)
    assert all(0 <= r["start"] < r["end"] for r in regions)
    assert all(a["end"] <= b["start"] for a, b in pairwise(regions))


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals do not lie beside the repository")
@pytest.mark.parametrize("original", MANIFEST, ids=lambda o: o["file"])
def test_manifest_matches_the_originals(original: dict[str, Any]) -> None:
    raw = (ORIGINALS / original["file"]).read_bytes()
    text = raw.decode()
    assert hashlib.sha256(raw).hexdigest() == original["sha256"]
    assert original["title"] in text
    for region in original["regions"]:
        found = text[region["start"] : region["end"]].encode()
        assert hashlib.sha256(found).hexdigest() == region["sha256"], region["kind"]
