"""Every harness on its seeds, on what once showed a defect among them, and on a few bytes of Hypothesis' own.

`make fuzz` looks for more. All of it takes some seconds; an input that takes long is a defect of its own.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets

_SLOW = frozenset({"footers", "pages", "scores", "shards"})  # milliseconds an input
_EVERY = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("target", targets.TARGETS)
def test_what_must_hold_holds_for_every_seed(target: str) -> None:
    check, files = targets.load(target), targets.seeds(target)
    assert files
    for file in files:
        check(file.read_bytes())


@pytest.mark.parametrize("target", targets.TARGETS)
def test_it_holds_for_seeds_with_bytes_put_in(target: str) -> None:
    check = targets.load(target)
    inputs = [file.read_bytes() for file in targets.seeds(target)]

    @settings(_EVERY, max_examples=5 if target in _SLOW else 25)
    @given(st.sampled_from(inputs), st.integers(0, 1 << 14), st.integers(0, 8), st.binary(max_size=8))
    def hold(seed: bytes, place: int, gone: int, put: bytes) -> None:
        at = place % (len(seed) + 1)
        check(seed[:at] + put + seed[at + gone :])

    hold()


def test_every_harness_is_a_target() -> None:
    sources = (path for path in Path(__file__).parent.glob("*.py") if path != Path(__file__))
    harnesses = {path.stem for path in sources if "\ndef check(" in path.read_text(encoding="utf-8")}
    assert harnesses == set(targets.TARGETS)
    assert {folder.name for folder in targets.DATA.iterdir()} == harnesses
