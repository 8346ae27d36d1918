"""A verification as lines for a person, or as JSON for a program."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterator, Sequence

from pipeline.verify.check import Check, State, many
from transforms.terminal import clean, fit

_LONGEST = 1000  # characters of a message, before it is wrapped
_NAME = 12  # columns of a check's name
_STATE = 13  # columns of a state


def render(root: str, version: str, head: str, checks: Sequence[Check], *, width: int) -> str:
    """A line or more for each check, the problems of each below it, and what came of it all."""
    lines = [clean(f"{root}, made by firsthand {version}", _LONGEST), ""]
    for check in checks:
        lines += _check(check, width)
    lines += ["", *_wrapped(_summary(checks), "", "", width)]
    if head:
        lines.append(f"head {clean(head, 64)}")
    return "".join(f"{fit(line, width) if line.startswith(root) else line}\n" for line in lines)


def _check(check: Check, width: int) -> Iterator[str]:
    margin = " " * (_STATE + _NAME)
    begin = f"{check.state:<{_STATE}}{check.name:<{_NAME}}"
    said = f"{many(check.found, 'problem')} in {check.said}" if check.found else check.said
    yield from _wrapped(said, begin, margin, width)
    for problem in check.problems:
        yield from _wrapped(problem, " " * _STATE + "! ", " " * (_STATE + 2), width)
    left = check.found - len(check.problems)
    if left:
        yield " " * _STATE + f"! and {many(left, 'more problem')} of this kind"


def _wrapped(text: str, begin: str, margin: str, width: int) -> list[str]:
    """Whatever the output holds, on lines of at most `width` columns; a digest is not broken."""
    shown = clean(text, _LONGEST)
    return textwrap.wrap(
        shown, width, initial_indent=begin, subsequent_indent=margin, break_long_words=True, break_on_hyphens=False
    ) or [begin.rstrip()]


def _summary(checks: Sequence[Check]) -> str:
    names = {state: [check.name for check in checks if check.state is state] for state in State}
    parts = [f"{many(len(names[State.OK]), 'check')} ok"]
    for state in (State.FAILED, State.SKIPPED):
        if names[state]:
            parts.append(f"{len(names[state])} {state}: {', '.join(names[state])}")
    return "; ".join(parts)


def to_json(root: str, version: str, head: str, checks: Sequence[Check]) -> str:
    """All of it as one JSON object."""
    page = {"root": root, "version": version, "head": head, "ok": not any(c.state is State.FAILED for c in checks)}
    return json.dumps({**page, "checks": [dataclasses.asdict(check) for check in checks]}, indent=1)
