"""Byte strings that wait in memory or in a file are those that were added."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.heap import Heap, HeapList

ENTRIES = st.lists(st.binary(max_size=40), max_size=30)


@given(ENTRIES, st.integers(0, 200))
@settings(deadline=None)
def test_every_entry_is_read_at_its_place_be_it_in_memory_or_in_the_file(entries: list[bytes], in_memory: int) -> None:
    heap = Heap(in_memory=in_memory)
    places = [heap.add(entry) for entry in entries]
    assert [heap.get(place) for place in reversed(places)] == entries[::-1]


@given(ENTRIES, ENTRIES, st.integers(1, 4))
@settings(deadline=None)
def test_a_list_in_a_heap_is_iterated_counted_and_sliced_like_any(
    first: list[bytes], then: list[bytes], step: int
) -> None:
    found = HeapList(Heap(in_memory=50), [])
    found.extend(first)
    earlier = found.copy()
    for entry in then:
        found.append(entry)
    assert list(found) == first + then
    assert len(found) == len(first + then)
    assert [list(found[k::step]) for k in range(step)] == [(first + then)[k::step] for k in range(step)]
    assert list(earlier) == first
