"""Answers of a web server to requests for ranges: the bytes asked for, at most, or an error that names the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from urllib3 import HTTPHeaderDict

from tests.fuzz.choices import Choices
from transforms.read.exchange import HttpParams
from transforms.read.patience import Clock, Fault, WebError
from transforms.read.ranges import UnrangedError, WebFile

_URL = "http://data.example.org/a.warc.gz"
_NAMES = ("Content-Range", "Content-Length", "ETag", "Last-Modified")
_STATUSES = (206, 200, 416, 404, 412, 403, 500, 304)


@dataclass(frozen=True)
class Answer:
    """One answer, its body not yet read."""

    status: int
    headers: HTTPHeaderDict


@dataclass
class Script:
    """A server that answers what the input says, and then nothing; in place of an `Exchange`."""

    choices: Choices
    clock: Clock
    params: HttpParams = field(default_factory=lambda: HttpParams(attempts=4))
    sent: int = 0

    @contextmanager
    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Iterator[Answer]:
        status = self.choices.pick(_STATUSES)
        values = {name: self.choices.line().decode("latin-1") for name in _NAMES if self.choices.number(1)}
        yield Answer(status, HTTPHeaderDict(values))

    def body(self, answer: Answer, size: int) -> Iterator[bytes]:
        most = 1 + self.choices.number(1 << 16)
        while size:
            piece = min(size, most)
            self.sent += piece
            if self.choices.number(15) == 15:
                raise Fault("the connection broke")
            yield b"x" * piece
            size -= piece


def check(data: bytes) -> None:
    """Ask for two ranges, of a server that does as it likes."""
    choices = Choices(data)
    script = Script(choices, Clock(sleep=lambda _: None, draw=lambda: 0.5))
    file = WebFile(_URL, script)
    for _ in range(2):
        start, size = choices.number(1 << 20), 1 + choices.number(1 << 18)
        try:
            found = file.fetch(start, size)
            assert len(found) <= size
            assert file.known is not None
            assert start + len(found) <= max(file.known.size, start)
            assert file.describe().size >= 0
        except WebError:
            return
        except UnrangedError:
            assert start
