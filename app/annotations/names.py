"""Names of sources, folded so that spellings of one name meet. Pure."""

import unicodedata


def fold(name: str) -> str:
    """The key of a name: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
