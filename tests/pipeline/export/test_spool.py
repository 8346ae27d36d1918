from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.spool import Spool

RECORDS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2**64 - 1), st.binary(max_size=40)), max_size=60)


@given(RECORDS, st.integers(0, 6), st.integers(1, 500))
def test_a_group_is_read_in_the_order_of_its_keys(
    records: list[tuple[str, int, bytes]], slot_bits: int, buffer_bytes: int
) -> None:
    spool = Spool(BytesIO(), slot_bits=slot_bits, buffer_bytes=buffer_bytes)
    for group, key, record in records:
        spool.add(group, key, record)
    assert spool.groups() == sorted({group for group, _, _ in records})
    for name in spool.groups():
        wanted = sorted((key, record) for group, key, record in records if group == name)
        assert list(spool.read(name)) == [record for _, record in wanted]


def test_memory_is_the_buffer_while_records_come() -> None:
    file = BytesIO()
    spool = Spool(file, slot_bits=2, buffer_bytes=1000)
    for key in range(100):
        spool.add("all", key << 57, b"x" * 100)
    assert len(file.getvalue()) > 100 * 100 - 1000
