"""One question to a web server and its answer: connections, redirects, and what failures mean.

urllib3 keeps the connections. It is installed anyway (trafilatura needs it), and it does what the standard library
leaves to do: connections kept open and shared by threads, TLS verified, an answer that ends early noticed. Its own
retries are off: they begin an answer anew, where a range can go on from the byte it had.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from socket import EAI_NONAME, gaierror
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from transforms.read.address import redirect_problem
from transforms.read.deadline import POOLS
from transforms.read.patience import Clock, Fault, WebError, retry_after_seconds

_BUSY = frozenset({429, 500, 502, 503, 504})  # may pass; all others of 400 and above stay as they are
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_AFTER_SERVER = re.compile(r"(?<=[^:/])[/?#].*", re.DOTALL)  # of an address: a query may hold a signature
_STRANGER = 3  # attempts for a server that never answered: it is more likely a wrong address than a short outage
_SLOWEST = 1024  # bytes a second: a server that gives less, but never nothing, would hold a worker for days
_STEP = 1 << 16  # bytes taken from a socket at once


@dataclass(frozen=True, slots=True)
class HttpParams:
    """How inputs on the web are read; the flags `--http_*` set them."""

    attempts: int = 10  # for one range; at 30 % of requests failing, 6 in a million ranges are given up
    timeout: float = 30.0  # seconds without a byte, or without the headers of an answer, after which it is given up
    backoff: float = 0.5  # seconds, the bound of the first wait; it doubles with each failure, up to 60
    max_bytes: int = 64 << 30  # of one object; Common Crawl's archives have about 1 GB

    def problems(self) -> list[str]:
        """Every value that is out of range, as a sentence with the cure; empty if all are fine."""
        bounds: dict[str, tuple[float, float, float]] = {
            "attempts": (self.attempts, 1, 100),
            "timeout": (self.timeout, 0.05, 3600),
            "backoff": (self.backoff, 0.001, 60),
            "max_bytes": (self.max_bytes, 1, 1 << 50),
        }
        return [
            f"--http_{name}={value}: expected {low} to {high}; leave it out to get the default"
            for name, (value, low, high) in bounds.items()
            if not low <= value <= high
        ]


class Exchange:
    """Asks web servers, over connections that are kept. Threads may share it."""

    def __init__(self, params: HttpParams, clock: Clock) -> None:
        self.params = params
        self.clock = clock
        self._reached: set[str] = set()  # servers that have answered
        self._pool = urllib3.PoolManager(
            num_pools=32,
            maxsize=32,
            retries=False,
            timeout=urllib3.Timeout(connect=params.timeout, read=params.timeout),
            headers={"User-Agent": f"firsthand/{version('firsthand')} (reads web archives)"},
        )
        self._pool.pool_classes_by_scheme = POOLS

    @contextmanager
    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Iterator[urllib3.BaseHTTPResponse]:
        """The answer of the last of at most five redirects, its body not yet read.

        Raises:
            Fault: none came, or it says that the server is too busy.
            WebError: it leads where we do not go.
        """
        answer = self._follow(method, url, headers)
        if answer.status in _BUSY:
            _finish(answer)
            wait = retry_after_seconds(answer.headers.get("Retry-After"), self.clock.now())
            raise Fault(f"the server answers {answer.status}", retry_after=wait)
        try:
            yield answer
        except BaseException:
            answer.close()
            raise
        _finish(answer)

    def _follow(self, method: str, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        place = url
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._send(method, place, headers)
            if answer.status not in _REDIRECTS:
                return answer
            location = answer.headers.get("Location", "")
            _finish(answer)
            target = _joined(place, location)
            problem = redirect_problem(place, target)
            if problem:
                raise WebError(f"cannot read {url!r}: it {problem}; give the address of the file itself")
            place = target
        raise WebError(
            f"cannot read {url!r}: it redirects more than {_MAX_REDIRECTS} times; give the address of the file itself"
        )

    def _send(self, method: str, place: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        server = _AFTER_SERVER.sub("", place)
        try:
            answer = self._pool.request(
                method,
                place,
                headers={**self._pool.headers, "Accept-Encoding": "identity", **headers},
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (LocationParseError, LocationValueError) as error:
            raise WebError(f"cannot read an address at {server!r}: it is malformed; check it") from error
        except HTTPError as error:
            raise self._failure(error, server) from error
        self._reached.add(server)
        return answer

    def _failure(self, error: HTTPError, server: str) -> Fault | WebError:
        """What it means that there was no answer. urllib3's own words may hold the address: they are not repeated."""
        cause = error.__cause__ or (error.args[-1] if error.args else None)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return WebError(f"cannot read from {server!r}: its certificate is not valid ({cause.verify_message})")
        if isinstance(error, NameResolutionError) and isinstance(cause, gaierror) and cause.errno == EAI_NONAME:
            return WebError(f"cannot read from {server!r}: there is no host of this name; check the address")
        at_most = _STRANGER if isinstance(error, NewConnectionError) and server not in self._reached else None
        silent = isinstance(error, ReadTimeoutError)
        said = f"no answer within {self.params.timeout:g} s" if silent else _said(error)
        return Fault(f"{said} ({server!r})", at_most=at_most)

    def body(self, answer: urllib3.BaseHTTPResponse, size: int) -> Iterator[bytes]:
        """The next `size` bytes of a body, as they come.

        Raises:
            Fault: there are fewer, or they come too slowly.
        """
        began, got = self.clock.monotonic(), 0
        while got < size:
            if self.clock.monotonic() - began > self.params.timeout + got / _SLOWEST:
                raise Fault(f"an answer comes at less than {_SLOWEST} bytes a second")
            try:
                data = answer.read1(min(size - got, _STEP), decode_content=False)
            except HTTPError as error:
                raise Fault(f"{_said(error)} {size - got} bytes before the end of an answer") from error
            if not data:
                raise Fault(f"an answer ends {size - got} bytes short")
            got += len(data)
            yield data


def _joined(place: str, location: str) -> str:
    """Where a Location leads; what is malformed stays as it is, for `redirect_problem` to refuse."""
    try:
        return urljoin(place, location)
    except ValueError:
        return location


def _said(error: HTTPError) -> str:
    if isinstance(error, NewConnectionError | ConnectTimeoutError):
        return "no connection to the server"
    if isinstance(error, ReadTimeoutError):
        return "the server fell silent or drips"
    return "the connection broke"


def _finish(answer: urllib3.BaseHTTPResponse) -> None:
    """Keep the connection if what is left of the body is there already, close it otherwise."""
    left = answer.length_remaining
    if left is not None and left <= _STEP:
        with suppress(HTTPError):
            answer.read1(_STEP, decode_content=False)
    answer.close()
