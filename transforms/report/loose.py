"""Values of a JSON file that an older version or another hand may have written, as far as they are what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def mapping(value: object) -> Mapping[str, object]:
    """An object; empty if it is something else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[object]:
    """A list; empty if it is something else."""
    return value if isinstance(value, list) else ()


def whole(value: object) -> int:
    """A whole number; 0 if it is something else."""
    return value if isinstance(value, int) else 0


def real(value: object) -> float | None:
    """A number; None if it is something else."""
    return float(value) if isinstance(value, int | float) else None


def name(value: object) -> str:
    """A name, or the `id` or `name` of an object that describes the thing; "" if it is something else."""
    if isinstance(value, dict):
        value = value.get("id", value.get("name"))
    return value if isinstance(value, str) else ""


def wholes(value: object) -> dict[str, int]:
    """An object of whole numbers."""
    return {key: whole(count) for key, count in mapping(value).items()}
