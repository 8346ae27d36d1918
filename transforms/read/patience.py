"""How long to go on with a server that fails for a while, and how long to wait in between."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeVar

from transforms.errors import InputError

MAX_BACKOFF = 60.0  # seconds; ten attempts that begin with 0.5 then outlast an outage of a minute and a half
MAX_RETRY_AFTER = 300.0  # seconds that a wait grows by at most, whatever a server asks for

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance as the client meets them; tests bring their own."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time  # seconds since 1970, for dates that servers name
    monotonic: Callable[[], float] = time.monotonic  # seconds, for durations
    draw: Callable[[], float] = random.random  # 0 ≤ x < 1


class WebError(InputError):
    """A web server does not give an input, or not all of it; the message names the address and the cure."""


class MissingError(WebError):
    """The server says that there is no such file."""


class Fault(Exception):
    """A failure that may pass: overload, a connection that broke, an answer that stops short."""

    def __init__(self, why: str, *, retry_after: float | None = None, at_most: int | None = None) -> None:
        """`retry_after`: seconds the server asks for. `at_most`: how often it is worth trying, None for the usual."""
        super().__init__(why)
        self.retry_after = retry_after
        self.at_most = at_most


@dataclass(frozen=True, slots=True)
class Patience:
    """Attempts with exponential backoff and full jitter between them.

    Full jitter, any wait from none to a bound that doubles, spreads the workers that an overloaded server has refused
    at one moment; equal waits would bring them back together (M. Brooker, Exponential Backoff and Jitter, 2015).
    """

    attempts: int
    backoff: float  # seconds, the bound of the first wait
    clock: Clock

    def persist(self, attempt: Callable[[], T], *, address: str) -> T:
        """What `attempt` returns once it raises no Fault.

        Raises:
            WebError: it still did at the last attempt.
        """
        failures = 0
        while True:
            try:
                return attempt()
            except Fault as fault:
                failures += 1
                if failures >= min(self.attempts, fault.at_most or self.attempts):
                    tries = "1 attempt" if failures == 1 else f"{failures} attempts"
                    raise WebError(
                        f"cannot read {address!r}: {fault}, after {tries}; check the address, "
                        "or give the same command again later"
                    ) from fault
                seconds = self.wait(failures, fault.retry_after)
                _log.info("%r: %s; again in %.1f s", address, fault, seconds)
                self.clock.sleep(seconds)

    def wait(self, failures: int, retry_after: float | None) -> float:
        """Seconds to wait after so many failures in a row (at least 1)."""
        bound = min(MAX_BACKOFF, self.backoff * (1 << min(failures - 1, 30)))
        return min(max(retry_after or 0.0, 0.0), MAX_RETRY_AFTER) + self.clock.draw() * bound


def retry_after_seconds(value: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110 § 10.2.3): a number or a date; None if it says neither.

    `now`: seconds since 1970.

    >>> retry_after_seconds("120", 0.0), retry_after_seconds("Thu, 01 Jan 1970 00:01:00 GMT", 50.0)
    (120.0, 10.0)
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
        moment = date if date.tzinfo else date.replace(tzinfo=UTC)  # "-0000" is parsed without a zone
        return max(moment.timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
