"""An archive read in splits of any size: as read whole wherever the splits meet, nothing lost, nothing twice."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from tests.fuzz.reading import read, whole
from tests.fuzz.wrapping import wrap
from transforms.read.archive import SNIFF_BYTES, sniff
from transforms.read.chain import chain_breaks
from transforms.read.splits import Archive, plan_splits

_MOST = 64  # splits: more say nothing new


def check(data: bytes) -> None:
    """Cut it, read the parts, and compare with the whole."""
    choices = Choices(data)
    size = choices.number(1 << 16)
    archive = wrap(choices)
    kind = sniff(archive[:SNIFF_BYTES])
    if kind is None or not kind.splittable:
        return
    least = max(1, len(archive) // _MOST)
    splits = plan_splits([Archive("/in/x.warc.gz", "x.warc.gz", len(archive), True)], split_bytes=max(size, least))
    assert splits[0].start == 0
    assert [split.end for split in splits[:-1]] == [split.start for split in splits[1:]]
    assert splits[-1].end == len(archive)
    parts, reports = read(archive, splits)
    if not chain_breaks(reports):
        together, _ = read(archive, [whole(archive)])
        assert parts == together
