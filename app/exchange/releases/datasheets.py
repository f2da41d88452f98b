"""The data sheet of a release, as Markdown. Pure.

Its questions follow "Datasheets for Datasets" (Gebru et al., Communications of the ACM 64(12),
2021). What the product knows is filled in; what only people know is left to them, in words that
say so.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
UNTOLD = "_Not recorded. The team that publishes this release should say it here._"


def datasheet(release: Json) -> str:
    """The data sheet of a release as `presenting.present` gives it; ends with a line end."""
    return "\n".join(_lines(release)) + "\n"


def _lines(release: Json) -> Iterator[str]:
    manifest = release["manifest"]
    project = manifest["project"]
    yield from (f"# {_plain(project['name'])}, release {release['version']}", "")
    yield from (_plain(project["description"]) or UNTOLD, "")
    if release["notes"]:
        yield from ("## Notes on this release", "", release["notes"], "")
    yield from ("## Motivation", "", UNTOLD, "")
    yield from _composition(manifest)
    yield from _people(manifest)
    yield from _process(manifest)
    yield from ("## Uses", "", UNTOLD, "")
    yield from _distribution(release)
    yield from ("## Maintenance", "", UNTOLD)


def _composition(manifest: Json) -> Iterator[str]:
    yield from ("## Composition", "")
    yield from ("| what | how many |", "| --- | ---: |")
    for name, count in manifest["counts"].items():
        yield f"| {name} | {count} |"
    for kind, members in manifest["counts_by"].items():
        for member, values in members.items():
            for value, count in values.items():
                yield f"| {kind}s with {member} {_cell(value)} | {count} |"
    yield from ("", _filtered(manifest["filter"]), "")
    yield from (
        "Every span is given by offsets in Unicode code points over the article's exact text, "
        "with the text it marks. Links say which annotations corroborate or contradict each "
        "other, within and across articles.",
        "",
    )


def _filtered(filters: Json) -> str:
    given = ", ".join(f"{name} = {_cell(str(value))}" for name, value in sorted(filters.items()))
    return f"Selected by: {given}." if given else "Nothing was left out."


def _people(manifest: Json) -> Iterator[str]:
    yield from ("## People", "", "People are told by pseudonym; the server alone can resolve it.")
    yield from ("", "| who | role | annotations | links | verdicts |")
    yield "| --- | --- | ---: | ---: | ---: |"
    for person in manifest["people"]:
        role = person["role"] or "no member"
        work = " | ".join(str(person[name]) for name in ("annotations", "links", "verdicts"))
        yield f"| {person['name']} | {role} | {work} |"
    yield ""


def _process(manifest: Json) -> Iterator[str]:
    yield from ("## Collection and annotation", "", "The guidelines were:", "")
    text = manifest["guidelines"]["text"]
    yield from (f"> {line}".rstrip() for line in (text.splitlines() or [UNTOLD]))
    yield from ("", "Agreement between annotators:", "")
    yield from _agreement(manifest["agreement"])
    yield ""


def _agreement(agreement: Json) -> Iterator[str]:
    if agreement["measures"] is None:
        yield agreement["reason"]
        return
    yield from (
        "| on | measure | value | units | annotators |",
        "| --- | --- | ---: | ---: | ---: |",
    )
    for work, told in agreement["measures"].items():
        for measure, result in told.items():
            if isinstance(result, dict):
                value = result["value"]
                shown = f"not defined ({result['reason']})" if value is None else f"{value:.3f}"
                behind = f"{result['n_units']} | {result['n_coders']}"
                yield f"| {work} | {measure} | {shown} | {behind} |"


def _distribution(release: Json) -> Iterator[str]:
    yield from ("## Distribution", "")
    yield f"- Licence: {_plain(release['licence'] or '') or UNTOLD}"
    yield f"- SHA-256 of the canonical rows: `{release['sha256']}`"
    yield f"- Size of the canonical rows: {release['bytes']} bytes"
    schema = release["manifest"]["schema"]
    yield f"- Schema: {schema['format']} {schema['version']}"
    yield ""


def _plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _cell(text: str) -> str:
    """A text inside a table."""
    return _plain(text).replace("|", "\\|")
