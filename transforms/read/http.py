"""Beam's file system for `http://` and `https://`: read only, one file a name, no listing."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import BinaryIO, NoReturn, cast

from apache_beam.io.filesystem import CompressedFile, CompressionTypes, FileMetadata, FileSystem, MatchResult
from apache_beam.options.pipeline_options import PipelineOptions

from transforms.errors import InputError
from transforms.read.address import refuse
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, MissingError
from transforms.read.ranges import WebFile
from transforms.read.readahead import ReadAhead

_HELP = {
    "attempts": "requests for one range of a file on http(s)://, before the run fails",
    "timeout": "seconds without a byte from an http(s):// server, before the request is made again",
    "backoff": "bound in seconds of the first wait after a failed http(s):// request; doubles with each, up to 60",
    "max_bytes": "largest file that is read from http(s)://",
}


class HttpOptions(PipelineOptions):
    """The flags `--http_*`. They travel to the workers as all Beam's do."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        for field in fields(HttpParams):
            parser.add_argument(
                f"--http_{field.name}", type=_checked(field.name), default=field.default, help=_HELP[field.name]
            )

    def params(self) -> HttpParams:
        """What the flags say."""
        return HttpParams(**{field.name: getattr(self, f"http_{field.name}") for field in fields(HttpParams)})


def _checked(name: str) -> Callable[[str], float]:
    """Reads the value of a flag; what is out of range is told as argparse tells all mistakes."""

    def read(text: str) -> float:
        value = float(text) if name in {"timeout", "backoff"} else int(text)
        problems = HttpParams(**{name: value}).problems()  # type: ignore[arg-type]
        if problems:
            raise argparse.ArgumentTypeError(problems[0])
        return value

    read.__name__ = "number"  # argparse names it when the text is none
    return read


@lru_cache(maxsize=4)
def _exchange(params: HttpParams) -> Exchange:
    """The connections of this process."""
    return Exchange(params, Clock())


os.register_at_fork(after_in_child=_exchange.cache_clear)  # two processes must not talk on one connection


def open_web(url: str, params: HttpParams) -> ReadAhead:
    """The bytes of a file on a web server, as they lie. Nothing is asked for yet.

    Raises:
        InputError: it has a credential in its address, or is no address of a file.
    """
    return ReadAhead(_web_file(url, params))


def is_ranged(stream: BinaryIO) -> bool:
    """Whether any part of an open file of which something was read can be had without those before it."""
    return not isinstance(stream, ReadAhead) or stream.ranged


def _web_file(url: str, params: HttpParams) -> WebFile:
    refusal = refuse(url)
    if refusal:
        raise InputError(refusal)
    return WebFile(url, _exchange(params))


def _options(given: PipelineOptions | dict[str, object] | None) -> PipelineOptions:
    """The options as Beam holds them: as given here, as a dict in some workers, not at all without a pipeline."""
    if isinstance(given, PipelineOptions):
        return given
    options: PipelineOptions = PipelineOptions.from_dictionary(given or {})
    return options


class HttpsFileSystem(FileSystem):
    """Files on web servers. That the class exists registers it; Beam has its workers import this module."""

    def __init__(self, pipeline_options: PipelineOptions | dict[str, object] | None) -> None:
        super().__init__(pipeline_options)  # type: ignore[no-untyped-call]
        self._params = _options(pipeline_options).view_as(HttpOptions).params()

    @classmethod
    def scheme(cls) -> str:
        return "https"

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join([basepath.rstrip("/"), *(path.strip("/") for path in paths)])

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def has_dirs(self) -> bool:
        return False

    def match(self, patterns: Sequence[str], limits: Sequence[int | None] | None = None) -> list[MatchResult]:
        """Each name is one file or none: a ? begins a query, and nothing can be listed."""
        return [MatchResult(name, list(self._found(name))) for name in patterns]

    def _found(self, name: str) -> Iterator[FileMetadata]:
        with suppress(MissingError):
            yield self.metadata(name)

    def open(
        self,
        path: str,
        mime_type: str = "application/octet-stream",
        compression_type: str = CompressionTypes.AUTO,
    ) -> BinaryIO:
        compression = FileSystem._get_compression_type(path, compression_type)
        stream = cast(BinaryIO, open_web(path, self._params))
        if compression == CompressionTypes.UNCOMPRESSED:
            return stream
        return cast(BinaryIO, CompressedFile(stream, compression_type=compression))

    def exists(self, path: str) -> bool:
        return any(self._found(path))

    def size(self, path: str) -> int:
        return _web_file(path, self._params).describe().size

    def checksum(self, path: str) -> str:
        return _web_file(path, self._params).describe().etag

    def last_updated(self, path: str) -> float:
        return self.metadata(path).last_updated_in_seconds

    def metadata(self, path: str) -> FileMetadata:
        version = _web_file(path, self._params).describe()
        try:
            updated = parsedate_to_datetime(version.modified).timestamp()
        except (ValueError, OverflowError):
            updated = 0.0
        return FileMetadata(path, version.size, updated)

    def _list(self, dir_or_prefix: str) -> NoReturn:
        raise InputError(f"{dir_or_prefix}: web servers list no directories")

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise InputError("http:// and https:// are read only: name another place to write to")

    mkdirs = create = copy = rename = delete = _refuse


class HttpFileSystem(HttpsFileSystem):
    """The same without TLS."""

    @classmethod
    def scheme(cls) -> str:
        return "http"
