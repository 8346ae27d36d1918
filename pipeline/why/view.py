"""The story of a page as lines for a terminal or a pipe; what the page wrote is made harmless and cut to the width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from pipeline.why.story import Answer, BrokenRule, Capture, Copies, Copy, Extracted, PageStory, Place
from pipeline.why.sums import opinion_lines, weighing_lines
from transforms.schema import SIGNALS
from transforms.terminal import clean, columns, fit, table

_LONGEST = 2000  # characters of an address or a title
_VALUE_LINES = 4
_OTHER_CAPTURES = 5
_LABEL = 12  # columns
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""")  # of a command line as `shlex.quote` makes it


def to_text(answer: Answer, width: int) -> str:
    """The answer as lines, no wider than `width` but for a word of the command that shows the record."""
    return "".join(f"{line}\n" for line in _lines(answer, width))


def _lines(answer: Answer, width: int) -> Iterator[str]:
    story = answer.story
    yield from _broken_at(clean(story.url, _LONGEST) or "(no URL)", width)
    yield from _outcome(story, width)
    yield from _captures(answer, width)
    yield from _place(story.place, width)
    if story.extracted is not None:
        yield from _extracted(story.extracted, width)
    yield from _rules(story, width)
    if story.copies is not None:
        yield from _copies(story.copies, width)
    if story.opinion is not None:
        yield ""
        yield from opinion_lines(story.opinion, width)
    if story.weighing is not None:
        yield ""
        yield from weighing_lines(story.weighing, story.opinion.abstain_reason if story.opinion else "", width)
    for notice in story.notices:
        yield ""
        yield from textwrap.wrap(f"Note: {clean(notice, _LONGEST)}", width, subsequent_indent="  ")


def _outcome(story: PageStory, width: int) -> Iterator[str]:
    outcome = story.outcome
    yield f"  id {story.id}"
    if outcome.kept and story.weighing is not None:
        probability = story.weighing.probability
        told = "no opinion" if probability is None else f"human_probability {probability:.5f}"
        yield f"  in the corpus: {told}, human_weight {story.weighing.weight:.6f}"
        if outcome.first_seen:
            yield f"  this text was first seen {clean(outcome.first_seen, 20)}"
    elif outcome.kept:
        yield "  in the corpus"
    else:
        yield fit(f"  rejected by {clean(outcome.stage, 20)}: {clean(outcome.reason, 40)}", width)
        yield from textwrap.wrap(outcome.meaning, width, initial_indent="    ", subsequent_indent="    ")
        yield from _value("detail", outcome.detail, width, indent="    ")


def _captures(answer: Answer, width: int) -> Iterator[str]:
    if not answer.more:
        return
    yield ""
    yield f"{answer.more:,} more {'record has' if answer.more == 1 else 'records have'} this name"
    for capture in answer.captures[1 : 1 + _OTHER_CAPTURES]:
        yield fit(f"  {capture.id}  {_became(capture)}, {clean(capture.url, _LONGEST)}", width)
    if answer.more > _OTHER_CAPTURES:
        yield f"  and {answer.more - _OTHER_CAPTURES:,} more"


def _became(capture: Capture) -> str:
    return clean(capture.reason, 40) or f"in the corpus, {clean(capture.date, 10) or 'undated'}"


def _place(place: Place, width: int) -> Iterator[str]:
    yield ""
    yield "Where it was"
    yield from _value("archive", place.archive or place.warc_file, width)
    length = f", {place.record_length:,} bytes" if place.record_length else ""
    yield f"  {'record':<{_LABEL}}at byte {place.record_offset}{length}"
    yield from _value("", place.record_id, width)
    yield from _value("fetched", place.date, width)
    yield from _value("payload", place.payload_digest, width)
    if place.command:
        yield from _command(place.command, width)


def _command(command: str, width: int) -> Iterator[str]:
    """A command as one line if it fits, else with a backslash where a line ends: a shell takes both alike."""
    line, rest = f"  {'to see it':<{_LABEL}}", " " * (2 + _LABEL)
    first, *words = _WORD.findall(command)
    line += first
    for number, word in enumerate(words, 1):
        if columns(line) + columns(word) + 1 + 2 * (number < len(words)) > width:  # 2 for the next backslash
            yield f"{line} \\"
            line = rest + word
        else:
            line += f" {word}"
    yield line


def _extracted(page: Extracted, width: int) -> Iterator[str]:
    yield ""
    yield "What was extracted"
    yield from _value("by", f"{page.extractor}, decoded as {page.charset}", width)
    yield from _value("title", page.title, width)
    if page.published:
        yield from _value("published", f"{page.published}, as its {page.published_source} says", width)
    sure = f"{page.language} ({page.language_script}), {100 * page.language_score:.0f} % sure"
    yield from _value("language", sure, width)
    yield f"  {'size':<{_LABEL}}{page.token_count:,} tokens, {page.characters:,} characters"
    yield f"  {'quality':<{_LABEL}}{page.quality:.4f} of 1; chooses among copies, weighs nothing"
    yield from _value("rights", ", ".join(page.rights), width)
    for number, line in enumerate(page.beginning):
        yield fit(f"  {'' if number else 'text':<{_LABEL}}{clean(line, 300)}", width)


def _rules(story: PageStory, width: int) -> Iterator[str]:
    if story.extracted is None and not story.broken:
        return
    yield ""
    yield "Which quality rules it breaks" + ("" if story.broken else ": none")
    for rule in story.broken:
        yield from _rule(rule, width)


def _rule(rule: BrokenRule, width: int) -> Iterator[str]:
    about = f"{rule.rule}: {rule.meaning}" + (" (for which it is dropped)" if rule.rejects else "")
    yield from textwrap.wrap(about, width, initial_indent="  ", subsequent_indent="    ")
    told = f"measured {rule.value:.4g}"
    if rule.limit is not None:
        told += f" {rule.comparison} {rule.limit:g}, the limit for its language; {rule.signal}: {SIGNALS[rule.signal]}"
    yield from textwrap.wrap(told, width, initial_indent="    ", subsequent_indent="      ")


def _copies(copies: Copies, width: int) -> Iterator[str]:
    yield ""
    yield f"Which copies it has: {copies.pages - 1:,}"
    yield f"  component {copies.component_id}"
    shown = (copies.keeper, *copies.others)
    heading, *rows = table([("copy", "fetched", "quality", "Jaccard", "id"), *map(_copy, shown)], left=2, width=width)
    yield heading
    for row, copy in zip(rows, shown, strict=True):
        yield row
        yield fit(f"    {clean(copy.url, _LONGEST)}", width)
    if (more := copies.pages - len(shown)) > 0:
        yield f"  and {more:,} more"
    yield from textwrap.wrap(_why_kept(copies), width, initial_indent="  ", subsequent_indent="  ")


def _copy(copy: Copy) -> tuple[str, ...]:
    kind = "kept" if copy.kept else "exact" if copy.same_text else "near"
    date = "?" if copy.date is None else clean(copy.date, 20) or "undated"
    quality = "?" if copy.quality is None else f"{copy.quality:.4f}"
    jaccard = "" if copy.kept else "?" if copy.jaccard is None else f"{copy.jaccard:.3f}"
    return kind, date, quality, jaccard, copy.id[:8]


_DECIDES = {"date": "the earliest date decides here", "quality": "the dates are equal and quality decides here",
            "id": "dates and quality are equal and the id decides here"}  # fmt: skip


def _why_kept(copies: Copies) -> str:
    if copies.earlier:
        return f"The keeper is a row of an earlier corpus, {clean(copies.earlier, _LONGEST)}, which goes first."
    told = "The copy fetched first is kept, of equals the cleanest prose, of those the smallest id"
    told += (
        f": {_DECIDES[copies.decided_by]}." if copies.decided_by else "; the documents of the others are not at hand."
    )
    if copies.hashes:
        told += (
            f" Jaccard is the overlap of word sequences with the keeper, estimated from {copies.hashes} hashes; "
            f"texts are joined from {copies.threshold:g} on, to each other or through a third."
        )
    if copies.keeper_weight is not None:
        told += f" The keeper weighs {copies.keeper_weight:.6f}."
    return told


def _value(label: str, value: str, width: int, *, indent: str = "  ") -> Iterator[str]:
    """A label and what a page or a file says, broken where the line ends; nothing if it says nothing."""
    lines = list(_broken_at(clean(value, _LONGEST), width - len(indent) - _LABEL)) if value else []
    for number, line in enumerate(lines):
        yield f"{indent}{'' if number else label:<{_LABEL}}{line}"


def _broken_at(text: str, width: int) -> Iterator[str]:
    """A cleaned text, in at most `_VALUE_LINES` lines of at most `width` columns; broken at a space if one is near."""
    for _ in range(_VALUE_LINES - 1):
        if columns(text) <= width:
            break
        head = text[: len(fit(text, width)) - 1]
        space = head.rfind(" ")
        head = head[: space + 1] if space > len(head) // 2 else head
        yield head.rstrip()
        text = text[len(head) :].lstrip()
    yield fit(text, width)
