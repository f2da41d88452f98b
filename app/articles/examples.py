"""An article as the description of the API shows one; other rooms tag it in their examples."""

from typing import Any

ARTICLE: dict[str, Any] = {
    "title": "Storm at the harbour",
    "text": "⚓ At least 40 boats sank, the harbour master said. Nobody was hurt.",
    "external_id": "courier-2026-11-20",
    "language": "en",
    "source": {"publisher": "Courier", "published_on": "2026-11-20"},
    "regions": [{"start": 0, "end": 1, "kind": "ornament"}],
}
