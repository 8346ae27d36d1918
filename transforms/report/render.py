"""A story as lines for a terminal or a pipe: plain text, no colours, at most `width` columns."""

from __future__ import annotations

import posixpath

from transforms.report.story import Story
from transforms.report.text.dates import dates
from transforms.report.text.duplicates import duplicates
from transforms.report.text.extremes import extremes
from transforms.report.text.funnel import funnel, run
from transforms.report.text.languages import hosts, languages
from transforms.report.text.signs import signs
from transforms.terminal import clean, fit

MIN_WIDTH = 72
_SECTIONS = (run, funnel, languages, hosts, duplicates, dates, extremes, signs)
PATH = 4096  # PATH_MAX of Linux


def render(story: Story, width: int = 80) -> str:
    """The story as text, ends with a newline. No line is wider than `width` columns, which is at least MIN_WIDTH,
    but the last: the path of the corpus is never cut.

    Whatever came from a page or an archive is stripped of characters that could act on a terminal.
    """
    blocks = (list(section(story, width)) for section in _SECTIONS)
    text = "\n\n".join("\n".join(fit(line, width) for line in block) for block in blocks if block)
    return f"{text}\n\nThe rows are in\n{clean(posixpath.join(story.output, 'corpus'), PATH)}\n"
