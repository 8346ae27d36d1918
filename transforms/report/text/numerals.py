"""Numbers as people read them in a table."""

from __future__ import annotations

from transforms.report.story import Share

_UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"))


def decimal(value: float | None) -> str:
    """To the third digit; "-" for no value."""
    return "-" if value is None else f"{value:.3f}"


def figure(value: float) -> str:
    """A value of any size: whole from a thousand up, else to four digits: "12,345", "0.1083".

    >>> figure(1048576), figure(1321.7), figure(0.00001), figure(2)
    ('1,048,576', '1,322', '1e-05', '2')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def percent(share: float | None) -> str:
    """A share, 0–1, in per cent; "-" for no value."""
    return "-" if share is None else f"{100 * share:.1f} %"


def share_of(part: float, whole: float) -> str:
    """A part in per cent of the whole; "-" if that is nothing."""
    return percent(part / whole if whole else None)


def interval(share: Share | None) -> str:
    """An estimate with its interval, in whole per cent: "31 % (7–58)"; "-" for none."""
    if share is None:
        return "-"
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})"


def compact(number: int) -> str:
    """Exact up to six digits, else to three: "123,456", "1.23 M", "15.0 T"."""
    if number < 1_000_000:
        return f"{number:,}"
    scale, unit = next((scale, unit) for scale, unit in _UNITS if number >= scale)
    value = number / scale
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {unit}"


def counted(number: int, what: str) -> str:
    """A number of things: "1 page", "2,000 pages"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def bar(number: float, most: float, width: int) -> str:
    """A bar of at most `width` columns; at least one for what is not nothing."""
    return "█" * max(round(width * number / most) if most else 0, number > 0)
