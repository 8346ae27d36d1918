"""What pages show or say, counted: evidence, rights, rules they break, reasons why the detector is silent."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from transforms.report.story import Story
from transforms.report.text.funnel import NAME
from transforms.report.text.numerals import counted
from transforms.terminal import clean


def signs(story: Story, width: int) -> Iterator[str]:
    """A paragraph a kind of sign: names with the pages that have them, most pages first."""
    yield "Pages by what they show"
    for what, counts in (
        ("abstained", story.abstentions),
        ("evidence", story.evidence),
        ("rights", story.rights),
        ("rules broken", story.rules),
    ):
        told = ", ".join(f"{clean(name, NAME)} {pages:,}" for name, pages in counts) or "none"
        yield from textwrap.wrap(told, width, initial_indent=f"  {what:<14}", subsequent_indent=" " * 16)
    declared = sum(pages for kind, pages in story.evidence if kind == "declared")
    if declared:
        yield f"  declared machine-written: {counted(declared, 'page')}"
