"""Numbers as a reader of the report sees them. None is a dash."""

from __future__ import annotations

from transforms.report.story import Share

GAP = "\u00a0"  # a number and its unit stay on one line
NONE = "–"
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def count(number: int) -> str:
    """A whole number with separators of thousands.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def several(number: int, noun: str) -> str:
    """A count and its noun.

    >>> several(1, "page"), several(2000, "page")
    ('1\\xa0page', '2,000\\xa0pages')
    """
    return f"{number:,}{GAP}{noun}{'' if number == 1 else 's'}"


def percent(share: float | None, decimals: int = 1) -> str:
    """A share of 0–1 in per cent.

    >>> percent(0.7774), percent(None)
    ('77.7\\xa0%', '–')
    """
    return NONE if share is None else f"{100 * share:.{decimals}f}{GAP}%"


def interval(share: Share | None, decimals: int = 1) -> str:
    """The ends of an interval in per cent.

    >>> interval(Share(0.5, 0.25, 0.75), 0)
    '25–75\\xa0%'
    """
    if share is None:
        return NONE
    return f"{100 * share.low:.{decimals}f}–{100 * share.high:.{decimals}f}{GAP}%"


def decimal(value: float | None, decimals: int = 3) -> str:
    """A number with so many decimals.

    >>> decimal(0.12345), decimal(-2.0, 1)
    ('0.123', '−2.0')
    """
    return NONE if value is None else f"{value:.{decimals}f}".replace("-", "−")


def part(number: float, whole: float) -> float | None:
    """The share of a whole, None of an empty one."""
    return number / whole if whole else None


def size(number: int) -> str:
    """A size in bytes, in the largest unit that leaves at least 1.

    >>> size(999), size(17_100_000)
    ('999\\xa0bytes', '17.1\\xa0MB')
    """
    value, unit = float(number), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:,.{1 if unit else 0}f}{GAP}{_UNITS[unit]}"


def duration(seconds: float | None) -> str:
    """A time in seconds, minutes or hours.

    >>> duration(12.85), duration(200), duration(9000)
    ('12.8\\xa0s', '3\\xa0min 20\\xa0s', '2\\xa0h 30\\xa0min')
    """
    if seconds is None:
        return NONE
    if seconds < 60:
        return f"{seconds:.1f}{GAP}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{GAP}h {minutes}{GAP}min" if hours else f"{minutes}{GAP}min {rest}{GAP}s"
