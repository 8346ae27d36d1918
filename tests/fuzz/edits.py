"""Files with little changed: JSON with some values replaced, which keeps it whole, and bytes that are flipped."""

from __future__ import annotations

import json

from tests.fuzz.choices import Choices

VALUES = (
    None,
    True,
    -1,
    0,
    1,
    1 << 62,
    1 << 70,
    1.5,
    1e300,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\ud800",
    "../x",
    [],
    {},
)


def edit(choices: Choices) -> bytes:
    """The rest of an input, with as many of its JSON values replaced as its first byte says; as it is if it is none."""
    edits = [(choices.number(255), choices.pick(VALUES)) for _ in range(choices.number(3))]
    raw = choices.rest()
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    for place, value in edits:
        holders = list(_holders(document))
        if holders:
            holder, key = holders[place % len(holders)]
            holder[key] = value
    return json.dumps(document).encode() if edits else raw


def flip(choices: Choices) -> bytes:
    """The rest of an input, with as many of its bytes flipped as its first byte says, three at most."""
    flips = [(choices.number(1 << 24), choices.number(255)) for _ in range(choices.number(3))]
    raw = bytearray(choices.rest())
    for place, change in flips:
        if raw:
            raw[place % len(raw)] ^= change
    return bytes(raw)


def _holders(document: object) -> list[tuple[dict[str, object] | list[object], str | int]]:
    """Every place of a value: what holds it, and its key or index there."""
    found: list[tuple[dict[str, object] | list[object], str | int]] = []
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found
