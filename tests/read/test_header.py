"""The lines that records begin with."""

from __future__ import annotations

import time

import pytest

from transforms.read.header import Format


def seconds(line: bytes) -> float:
    """CPU time it takes to refuse a line, the least of three."""
    times = []
    for _ in range(3):
        before = time.process_time()
        assert not Format.EITHER.begins(line)
        times.append(time.process_time() - before)
    return min(times)


@pytest.mark.parametrize(
    "line",
    [
        b"http://e.com/ 192.0.2.1 20040405060708 text/html 99\n",
        b"http://e.com/a b  c 192.0.2.1 20040405060708 text/html 99\r\n",
        b"http://e.com/ 0.0.0.0 20040405060708 text/html 200 checksum - 0 file.arc 99\n",
        b"filedesc://x.arc 0.0.0.0 20040101000000 text/plain -1 \n",
        b"dns:e.com 192.0.2.1 200404050607 text/dns no-number 12x",
    ],
)
def test_a_line_of_an_arc_record_begins_one(line: bytes) -> None:
    assert Format.ARC.begins(line)


@pytest.mark.parametrize(
    "line",
    [
        b"http://e.com/ 192.0.2.1 20040405060708 99\n",
        b"http://e.com/ 192.0.2.1 20040405 text/html 99\n",
        b"http://e.com/ 192.0.2.1 20040405060708 text/html 9.9\n",
        b"http: 192.0.2.1 20040405060708 text/html 99\n",
        b"/path 192.0.2.1 20040405060708 text/html 99\n",
        b"",
        b" ",
    ],
)
def test_a_line_that_lacks_a_field_does_not(line: bytes) -> None:
    assert not Format.ARC.begins(line)


@pytest.mark.parametrize(("repeated", "last"), [(b" 1 123456789012 x", b" !"), (b" 1 12345678901 x", b" 5")])
def test_a_line_made_to_be_hard_to_refuse_is_refused_in_linear_time(repeated: bytes, last: bytes) -> None:
    few, many = (b"a:b" + repeated * n + last for n in (500, 8000))
    assert seconds(many) < 64 * max(seconds(few), 1e-4)  # 16 times as long a line; its square would be 256 times
