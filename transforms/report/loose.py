"""Values of a JSON file that an older version or another hand may have written, as far as they are what is expected."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

_HEX = re.compile(r"[0-9a-f]{1,64}")
_MOST = 2**63 - 1  # no count, size or time of a run is more; what is would overflow a float or a date somewhere


def mapping(value: object) -> Mapping[str, object]:
    """An object; empty if it is something else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[object]:
    """A list; empty if it is something else."""
    return value if isinstance(value, list) else ()


def whole(value: object) -> int:
    """A whole number from 0 to 2⁶³ - 1; 0 if it is something else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else 0


def real(value: object) -> float | None:
    """A finite number within ±2⁶³; None if it is something else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _MOST or math.isnan(value):
        return None
    return float(value)


def name(value: object) -> str:
    """A name, or the `id` or `name` of an object that describes the thing; "" if it is something else."""
    if isinstance(value, dict):
        value = value.get("id", value.get("name"))
    return value if isinstance(value, str) else ""


def wholes(value: object) -> dict[str, int]:
    """An object of whole numbers."""
    return {key: whole(count) for key, count in mapping(value).items()}


def digest(value: object) -> str:
    """A digest in hex; "" for anything else, which a card would hand on within a command to be typed."""
    return found if _HEX.fullmatch(found := name(value)) else ""


def heads(entries: object) -> tuple[str, ...]:
    """The `head` of each object of a list that has one, in hex."""
    return tuple(filter(None, (digest(mapping(entry).get("head")) for entry in sequence(entries))))
