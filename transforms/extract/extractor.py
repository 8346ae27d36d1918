"""Extraction in a child process that can be killed: one bad page costs that page."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from transforms.extract.frames import OUT_OF_MEMORY
from transforms.extract.jsonld import JsonObject, JsonValue
from transforms.extract.process import ChildProcess, KilledAtStart, Limits
from transforms.extract.reply import MAX_TEXT_BYTES, outcome
from transforms.records import Extraction, Page
from transforms.rejection import Reason, Rejection

MODES = ("fast", "precise", "resiliparse", "blocks")
_STARTS = 3  # children that may be killed in a row while they start, say for want of memory, before that is an error


@dataclass(frozen=True, slots=True)
class ExtractParams:
    """How pages become text."""

    # "fast" (trafilatura's rules, resiliparse where they find little), "precise" (trafilatura with its fallbacks and
    # stricter rules: less boilerplate, less text), "resiliparse" (a third of the time of "fast", more boilerplate) or
    # "blocks" (a learned filter: as exact as "fast" on sites it never saw, at less cost).
    # `python -m benchmarks.extraction` compares them.
    extractor: str = "fast"
    # CPU seconds a page may take, twice if a second attempt is due. CPU and not wall time, so that a busy machine
    # rejects the same pages.
    time_limit_s: float = 10.0
    # Address space of the child in MiB.
    memory_limit_mb: int = 1024
    # UTF-8 bytes of a page's main text; a page with more is rejected. What comes after extraction runs in the worker
    # itself, where nothing can end it: 4 MiB take it about 1 s and 320 MiB at the worst, the double twice that.
    max_text_bytes: int = MAX_TEXT_BYTES

    def problems(self) -> list[str]:
        """Every value that is out of range, as sentences."""
        found = []
        if self.extractor not in MODES:
            found.append(f"extract.extractor is {self.extractor!r}; expected one of {', '.join(MODES)}")
        if not 0.1 <= self.time_limit_s <= 3600:
            found.append(f"extract.time_limit_s is {self.time_limit_s!r}; expected seconds between 0.1 and 3600")
        if not 256 <= self.memory_limit_mb <= 65536:
            found.append(f"extract.memory_limit_mb is {self.memory_limit_mb!r}; expected MiB between 256 and 65536")
        if not 1 << 10 <= self.max_text_bytes <= 1 << 28:
            found.append(f"extract.max_text_bytes is {self.max_text_bytes!r}; expected 1024 to 268435456 bytes")
        return found


@dataclass(frozen=True, slots=True)
class _Death:
    """A child that ended before it had answered."""

    at: int  # of the pages it was asked for, the one it had in hand
    told: Rejection
    own: bool = True  # of what it did itself; no defect of a parser sends SIGKILL, stops a child or starves it
    final: bool = False  # that page's doing, whatever came before it


class Extractor:
    """Turns pages into text. A context manager; the child starts with the first page."""

    def __init__(self, params: ExtractParams | None = None) -> None:
        self._params = params or ExtractParams()
        self._child: ChildProcess | None = None
        self._cpu_of_ended = 0.0

    def __enter__(self) -> Extractor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds spent so far by all children, their start included. Never decreases."""
        return self._cpu_of_ended + (self._child.cpu_seconds if self._child else 0.0)

    def extract(self, page: Page) -> Extraction | Rejection:
        """The text of a page and what stands beside it, or why there is none.

        TIMEOUT if it overran the limit or did not answer at all, PARSER_CRASH if the child died of it (memory, or a
        defect in a parser), EXTRACTION_ERROR if the extractor raised, LONG_TEXT if the text is longer than a page's,
        NO_TEXT if there is none. Raises FirsthandError if no child can be started.

        A page whose child died is tried once more, unless the child was new and its death its own: what came before a
        page must not decide on it, nor a system that is short of memory or time. The second attempt has all of the
        limit, as a new child would have had at first: so a page costs twice the limit in CPU time at the worst.
        """
        (outcome,) = self.extract_all([page])
        return outcome

    def extract_all(self, pages: Sequence[Page]) -> list[Extraction | Rejection]:
        """What `extract` would say of each page, for less: the child is asked for all of them at once.

        All their bodies and texts are held meanwhile. If the child dies of one, those before it are done again.
        """
        found: list[Extraction | Rejection] = []
        while len(found) < len(pages):
            found += self._extract_some(pages[len(found) :])
        return found

    def _extract_some(self, pages: Sequence[Page]) -> list[Extraction | Rejection]:
        """What is to be said of the first pages, one or more: of all, or up to one that a child died of."""
        if self._child and self._child.has_ended:
            self._end(kill=False)
        new = self._child is None
        found, death = self._attempt(pages)
        if not death:
            return found
        told: Extraction | Rejection = death.told
        if not death.final and not (new and death.own and death.at == 0):
            again, second = self._attempt(pages[death.at : death.at + 1])
            told = second.told if second else again[0]
        # Those that came between were done, and what was said of them went down with the child.
        return [*found, *self.extract_all(pages[len(found) : death.at]), told]

    def _attempt(self, pages: Sequence[Page]) -> tuple[list[Extraction | Rejection], _Death | None]:
        """The outcomes of the first pages; if not all of them, then also how the child died."""
        self._child = child = self._child or self._start()
        before = self.cpu_seconds
        found: list[Extraction | Rejection] = []
        try:
            for reply in child.ask([_request(page) for page in pages], [page.body for page in pages]):
                found.append(outcome(*reply))
            return found, None
        except TimeoutError as error:
            status, stuck = self._end(kill=True), str(error)
        except ValueError:
            self._end(kill=True)
            return found, _Death(len(found), Rejection(Reason.PARSER_CRASH, "its reply made no sense"))
        except (EOFError, OSError):
            status, stuck = self._end(kill=False), ""
        at = max(len(found), min(child.done, len(pages) - 1))
        if status == -signal.SIGPROF or (stuck and self.cpu_seconds - before >= len(pages) * self._params.time_limit_s):
            overrun = Rejection(Reason.TIMEOUT, f"more than {self._params.time_limit_s:g} s of CPU time")
            return found, _Death(at, overrun, final=True)
        if stuck:
            return found, _Death(at, Rejection(Reason.TIMEOUT, stuck), own=False)
        return found, _Death(at, Rejection(Reason.PARSER_CRASH, self._cause(status)), own=status != -signal.SIGKILL)

    def close(self) -> None:
        """Ends the child, if there is one. The next page starts another."""
        if self._child:
            self._end(kill=True)

    def _start(self) -> ChildProcess:
        params = self._params
        limits = Limits(params.time_limit_s, params.memory_limit_mb, params.max_text_bytes)
        for _ in range(_STARTS - 1):
            with suppress(KilledAtStart):
                return ChildProcess(self._params.extractor, limits)
        return ChildProcess(self._params.extractor, limits)

    def _end(self, *, kill: bool) -> int:
        assert self._child
        status = self._child.end(kill=kill)
        self._cpu_of_ended += self._child.cpu_seconds
        self._child = None
        return status

    def _cause(self, status: int) -> str:
        if status == OUT_OF_MEMORY:
            return f"more than {self._params.memory_limit_mb} MiB of memory"
        return f"ended by {_signal_name(-status)}" if status < 0 else f"exit status {status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # of the real-time signals two alone have names
        return f"signal {number}"


def _request(page: Page) -> JsonObject:
    headers: list[JsonValue] = [[name, value] for name, value in page.headers]
    return {"url": page.origin.target_uri, "headers": headers, "charset": page.charset, "fetched": page.date[:10]}
