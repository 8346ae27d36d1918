"""A temporary folder that takes no more is named, with what to do about it."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import gettempdir

import pytest

from tests.limits import no_file_beyond
from tests.webserver import Site, serve
from transforms.errors import SpoolError
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock
from transforms.read.ranges import WebFile
from transforms.read.readahead import ReadAhead
from transforms.spool import open_spool
from transforms.write.stage import commit

NAMED = rf"^cannot write a temporary file to {re.escape(gettempdir())}: File too large; .*TMPDIR"


def test_what_was_written_can_be_read() -> None:
    with open_spool() as spool:
        spool.write(b"abc" * 10_000)
        spool.seek(29_998)
        assert spool.read() == b"bc"


@pytest.mark.parametrize("size", [5000, 1 << 20])
def test_a_folder_that_takes_no_more_is_named(size: int) -> None:
    with no_file_beyond(4096), pytest.raises(SpoolError, match=NAMED), open_spool() as spool:
        spool.write(bytes(size))


def test_an_archive_that_finds_no_room_there_is_not_taken_for_the_output(tmp_path: Path) -> None:
    with serve(Site({"/a": bytes(1 << 20)}, ranges=False)) as site:
        file = WebFile(site.url("/a"), Exchange(HttpParams(), Clock()))
        with no_file_beyond(1 << 19), pytest.raises(SpoolError, match=NAMED), ReadAhead(file) as stream:
            commit(str(tmp_path / "out"), lambda sink: sink.write(stream.read()[:10]))
    assert list(tmp_path.iterdir()) == []
