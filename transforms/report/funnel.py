"""From records to rows, as the manifest counts them, and whether the files agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.rejection import MEANING, Reason
from transforms.report.cells import Cell
from transforms.report.manifest import Manifest
from transforms.report.story import Funnel, LanguageFigures, Rejected
from transforms.report.tables import Tables

_STAGES = list(dict.fromkeys(stage for stage, _ in MEANING.values()))
_STAGE_OF = {str(reason): MEANING[reason][0] for reason in Reason}


def funnel_of(manifest: Manifest, *, tokens: int) -> Funnel:
    """The funnel of a run whose rows have so many tokens."""
    rejected = [Rejected(_STAGE_OF.get(why, ""), why, n, responses=True) for why, n in manifest.rejections.items()]
    rejected += [Rejected(_STAGE_OF.get(why, ""), why, n, responses=False) for why, n in manifest.not_responses.items()]
    return Funnel(
        records=manifest.records,
        passed=tuple(sorted(manifest.passed.items())),
        responses=manifest.responses,
        rejected=tuple(sorted(rejected, key=_order)),
        rows=manifest.rows,
        tokens=tokens,
    )


def _order(entry: Rejected) -> tuple[int, int, str, bool]:
    """By stage as they follow each other in a run, then by records, then by name."""
    place = _STAGES.index(entry.stage) if entry.stage in _STAGES else len(_STAGES)
    return place, -entry.records, entry.reason, entry.responses


def disagreements_of_cells(manifest: Manifest, cells: Sequence[Cell]) -> Iterator[str]:
    """Where cells.json and the manifest of a run disagree, as sentences."""
    pages = sum(cell.figures.pages for cell in cells)
    if pages != manifest.rows:
        yield f"the manifest counts {manifest.rows:,} rows, cells.json {pages:,}"


def disagreements_of_files(
    tables: Tables, manifest: Manifest, read: Sequence[LanguageFigures], told: Sequence[LanguageFigures]
) -> Iterator[str]:
    """Where the files, all read, say something else than the manifest and the cells, as sentences.

    `read` are the languages as the rows have them, `told` as they are told.
    """
    rows = sum(entry.pages for entry in read)
    if rows != manifest.rows:
        yield f"the manifest counts {manifest.rows:,} rows, the files hold {rows:,}"
    yield from _rejections(tables, manifest)
    refused = sum(manifest.rejections.values())
    if manifest.rows + refused != manifest.responses:
        yield f"{manifest.responses:,} responses are not {manifest.rows:,} rows and {refused:,} rejections"
    ours, theirs = ({e.language: (e.pages, e.tokens, e.abstained) for e in entries} for entries in (read, told))
    for language in sorted(ours.keys() | theirs.keys()):
        if ours.get(language) != theirs.get(language):
            yield (
                f"cells.json counts {_counted(theirs.get(language))} of {language!r}, "
                f"the files hold {_counted(ours.get(language))}"
            )


def _rejections(tables: Tables, manifest: Manifest) -> Iterator[str]:
    query = "SELECT reason, record_type = 'response', count(*) FROM rejections GROUP BY ALL"
    found = {(reason, responses): records for reason, responses, records in tables.rows(query)}
    claimed = {(reason, True): records for reason, records in manifest.rejections.items()}
    claimed |= {(reason, False): records for reason, records in manifest.not_responses.items()}
    for reason, responses in sorted(found.keys() | claimed.keys(), key=str):
        said, held = claimed.get((reason, responses), 0), found.get((reason, responses), 0)
        if said != held:
            what = "responses" if responses else "other records"
            yield f"the manifest counts {said:,} {what} rejected as {reason}, the files hold {held:,}"


def _counted(figures: tuple[int, int, int] | None) -> str:
    pages, tokens, abstained = figures or (0, 0, 0)
    return f"{pages:,} pages, {tokens:,} tokens, {abstained:,} abstained"
