"""Damage drawn at random: nothing that was not touched is lost, and no loss is silent."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.archive_forms import FORMS
from benchmarks.coverage import unaccounted
from benchmarks.harm import harm, split_harm, survey
from benchmarks.wounds import MOVING, READABLE, WOUNDS

if TYPE_CHECKING:
    from tests.read.conftest import Workshop

CASES = 5
WITHOUT_DIGEST = {"ARC"}  # not compressed, and its records have no digest: that a byte changed cannot be seen


def pages(make: Workshop) -> list[bytes]:
    """Records whose text does not compress to nothing."""
    rng = random.Random(6)
    words = [bytes(rng.choices(b"abcdefghijklmnopqrstuvwxyz", k=rng.randrange(2, 9))) for _ in range(2000)]
    bodies = [b"<html><p>" + b" ".join(rng.choices(words, k=rng.randrange(100, 1200))) for _ in range(12)]
    return [make.record(body, uri=f"http://e.com/{i}") for i, body in enumerate(bodies)]


@pytest.mark.parametrize("wound", WOUNDS)
@pytest.mark.parametrize("form", FORMS)
def test_no_untouched_record_is_lost_and_no_loss_is_silent(make: Workshop, form: str, wound: str) -> None:
    data = FORMS[form](pages(make))
    if wound in READABLE and b"\nWARC-Type:" not in data:
        pytest.skip("the headers of this form are compressed")
    known = survey(data)
    rng = random.Random(f"{form} {wound}")
    for _ in range(CASES):
        made = WOUNDS[wound](data, rng)
        done = harm(known, made, places=wound not in MOVING)
        assert unaccounted(made.data) == 0, done
        if form not in WITHOUT_DIGEST:
            assert done.silent == 0, done
        assert done.untouched == 0, done
        if form == "gzip" and wound in {"cut", "byte"}:
            assert done.lost - done.gone <= 1
            assert done.new == 0
            split = split_harm(made, split_bytes=3000)
            assert split.alike or split.breaks, done


def test_blank_lines_within_what_is_told_do_not_count_as_vanished(make: Workshop) -> None:
    data = gzip.compress(make.record().removesuffix(b"\r\n\r\n") + b"no record\n\r\n\nnone")
    assert make.read(data).outcome == ["corrupt_record", "corrupt_archive"]
    assert unaccounted(data) == 0


def test_every_byte_of_every_odd_archive_is_accounted_for(shared_data: Path) -> None:
    for path in sorted((shared_data / "oddities").iterdir()):
        assert unaccounted(path.read_bytes()) == 0, path.name
