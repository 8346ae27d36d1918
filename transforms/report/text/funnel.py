"""What was made of what: the run, and the way from records to rows."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.story import Rejected, Story
from transforms.report.text.numerals import counted, share_of
from transforms.terminal import clean, table

NAME = 200  # characters of a name or URL before it is cut to the width


def run(story: Story, width: int) -> Iterator[str]:
    """What made the output, whether it is whole, and how much of it was read for this."""
    made = story.run
    if made.archives:
        took = f", {made.elapsed:,.1f} s" if made.elapsed is not None else ""
        yield f"{counted(made.archives, 'archive')}, {made.archive_bytes / 1e6:,.1f} MB{took}"
    names = (("firsthand", made.version), ("config", made.config_digest[:12]), ("detector", made.model))
    if made_by := ", ".join(f"{what} {name}" for what, name in names if name):
        yield clean(made_by, NAME)
    if against := ", ".join(earlier.label for earlier in story.duplicates.earlier):
        yield f"curated against {against}"
    if not story.finished:
        yield "The run did not finish (no _SUCCESS): give its command again."
    for sentence in story.discrepancies:
        yield f"Attention: {clean(sentence, 2 * NAME)}."
    if story.scope.partial:
        exact = "the funnel" if story.sampled else "funnel and languages"
        yield f"Counted on {story.scope.read:,} of {counted(story.scope.rows, 'row')}, but for {exact}."


def funnel(story: Story, width: int) -> Iterator[str]:
    """Records, responses, rows, and what left between them."""
    found = story.funnel
    rows = [
        ("records", f"{found.records:,}", ""),
        *(("  " + clean(kind, NAME), f"{number:,}", "") for kind, number in found.passed),
        *((_departure(entry), f"{entry.records:,}", "") for entry in found.rejected if not entry.responses),
        ("responses", f"{found.responses:,}", share_of(found.responses, found.responses)),
        *(
            (_departure(entry), f"{entry.records:,}", share_of(entry.records, found.responses))
            for entry in found.rejected
            if entry.responses
        ),
        ("rows", f"{found.rows:,}", share_of(found.rows, found.responses)),
        ("tokens, of rows read" if story.sampled else "tokens", f"{found.tokens:,}", ""),
    ]
    yield "From records to rows"
    yield from table(rows, left=1, width=width)


def _departure(entry: Rejected) -> str:
    return "  " + clean(f"{entry.stage}: {entry.reason}" if entry.stage else entry.reason, NAME)
