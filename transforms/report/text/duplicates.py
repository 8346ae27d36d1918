"""What was merged: the largest components with the pages they stand for."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.story import Component, Story
from transforms.report.text.funnel import NAME
from transforms.report.text.numerals import counted
from transforms.terminal import clean

_COMPONENTS, _OTHERS = 3, 3  # most that are shown


def duplicates(story: Story, width: int) -> Iterator[str]:
    """How many pages were merged into how many rows, and into which most."""
    found = story.duplicates
    for earlier in found.earlier:
        yield f"Repeated from the earlier corpus {earlier.label}, and dropped: {counted(earlier.pages, 'page')}"
    if not found.components:
        yield "Duplicates: none"
        return
    yield f"Duplicates: {counted(found.merged, 'page')} merged into {counted(found.components, 'row')}; the largest:"
    for component in found.largest[:_COMPONENTS]:
        yield from _component(component)


def _component(component: Component) -> Iterator[str]:
    yield f"  {counted(component.pages, 'page')}, kept {clean(component.kept.url, NAME)}"
    shown = component.others[:_OTHERS]
    for url, reason in shown:
        yield f"    {clean(reason, NAME).removeprefix('duplicate_'):<5}  {clean(url, NAME)}"
    if (more := component.pages - 1 - len(shown)) > 0:
        yield f"    and {more:,} more"
