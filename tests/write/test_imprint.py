"""A file's own digest in its own footer."""

from __future__ import annotations

import hashlib
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.write.imprint import BLANK, IMPRINT, Imprinted, imprint_holds
from transforms.write.parquet import ParquetSink, read_footer

SCHEMA = pa.schema([("url", pa.string()), ("number", pa.int64())])


def written(url: str, accounts: dict[str, object]) -> tuple[bytes, Imprinted]:
    """A file of ours, and what its writer says of it."""
    sink = io.BytesIO()
    with ParquetSink(sink, SCHEMA, row_group_bytes=1 << 10) as file:
        for number in range(50):
            file.add({"url": url, "number": number}, 100)
        known = file.close(accounts)
    return sink.getvalue(), known


def test_the_imprint_is_the_digest_of_every_byte_but_its_own() -> None:
    raw, known = written("http://a.example/", {"rows": 50})
    before, after = raw.split(known.imprint.encode())
    assert known.imprint == hashlib.sha256(before + after).hexdigest()
    assert (known.file.bytes, known.file.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert read_footer(io.BytesIO(raw)).imprint == known.imprint
    assert read_footer(io.BytesIO(raw)).accounts == {"rows": 50}
    assert imprint_holds(io.BytesIO(raw))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_byte_can_be_changed_taken_out_or_put_in(data: st.DataObject) -> None:
    raw, _ = written("http://a.example/", {})
    place = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    middle = data.draw(st.sampled_from([bytes([other]), b"", bytes([other, raw[place]])]))
    assert not imprint_holds(io.BytesIO(raw[:place] + middle + raw[place + 1 :]))


@pytest.mark.parametrize("text", [f"{IMPRINT}\x18\x40{BLANK}", f"{IMPRINT}\x18\x40{'f' * 64}", BLANK])
def test_a_page_that_says_what_an_imprint_looks_like_changes_nothing(text: str) -> None:
    """Statistics in the footer, and accounts, quote what archives say."""
    raw, known = written(text, {"file_path": text})
    assert raw.count(text.encode()) > 1
    assert imprint_holds(io.BytesIO(raw))
    assert read_footer(io.BytesIO(raw)).imprint == known.imprint
    assert not imprint_holds(io.BytesIO(raw.replace(text.encode(), b"1" * len(text), 1)))


@pytest.mark.parametrize("raw", [b"", b"PAR1", bytes(100), f"{IMPRINT}\x18\x40".encode(), IMPRINT.encode() * 9])
def test_what_carries_no_imprint_holds_none(raw: bytes) -> None:
    assert not imprint_holds(io.BytesIO(raw))
