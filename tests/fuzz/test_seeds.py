"""Every harness on its seeds, on what once showed a defect among them, and on a few bytes of Hypothesis' own.

`make fuzz` looks for more. All of it takes some seconds; an input that takes long is a defect of its own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.accounts import SplitAccount
from pipeline.committed import read_account
from pipeline.config import Config, load
from pipeline.plan import Plan
from tests.fuzz import targets
from tests.fuzz.campaign import LONGEST
from tests.fuzz.choices import Choices
from tests.fuzz.edits import edit, flip
from tests.fuzz.models import padded
from tests.fuzz.plant import MADE
from tests.fuzz.seeds import DATA, FRESH, seeds_of
from transforms.dedup.documents import DocumentsFile, read_members
from transforms.report.folder import Folder
from transforms.report.sources import sources_of
from transforms.score import linear

_SLOW = frozenset({"footers", "pages", "scores", "shards"})  # milliseconds an input
_EVERY = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """Without what trafilatura says of every odd page."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_what_must_hold_holds_for_every_seed(target: str) -> None:
    check, inputs = targets.load(target), seeds_of(target)
    assert inputs
    for data in inputs.values():
        check(data)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_it_holds_for_seeds_with_bytes_put_in(target: str) -> None:
    check = targets.load(target)
    inputs = list(seeds_of(target).values())

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
    assert {folder.name for folder in DATA.iterdir()} == set(MADE)
    assert MADE.keys() | FRESH.keys() == harnesses


@pytest.mark.parametrize("target", sorted(MADE.keys() - {"codecs"}))  # brotli's bytes may differ by release
def test_what_is_stored_is_what_would_be_made(target: str) -> None:
    for name, data in MADE[target]().items():
        assert (DATA / target / name).read_bytes() == data, name


@pytest.mark.parametrize("target", targets.TARGETS)
def test_no_seed_is_cut_by_a_campaign(target: str) -> None:
    assert max(map(len, seeds_of(target).values())) <= LONGEST


def test_seeds_of_outputs_are_read_as_outputs(tmp_path: Path) -> None:
    """A fuzzer that starts from what is refused at once finds little."""
    documents = tmp_path / "x.parquet"
    documents.write_bytes(flip(behind(seeds_of("footers")["documents"], 1)))
    assert read_account(str(documents)) is not None
    with documents.open("rb") as stream:
        assert sum(len(block) for block in read_members(stream, DocumentsFile(str(documents), 0, 2))) == 2

    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "part-00000.parquet").write_bytes(flip(behind(seeds_of("shards")["corpus"], 0)))
    assert sources_of(Folder(str(tmp_path))).pages == 2

    manifests = seeds_of("manifests")
    assert Plan.from_json(edit(Choices(manifests["plan"])), "extract.json").archives
    SplitAccount.from_json(json.loads(edit(Choices(manifests["account"])))).check()


def test_seeds_of_settings_and_models_are_accepted(tmp_path: Path) -> None:
    settings_file = tmp_path / "run.toml"
    settings_file.write_bytes(behind(seeds_of("configuration")["default"], 1).rest())
    assert load(str(settings_file)) == Config()
    linear.decode(padded(edit(Choices(seeds_of("models")["header"]))), "linear.bin")


def behind(seed: bytes, count: int) -> Choices:
    """The choices behind the first bytes of a seed, by which its harness chooses what it is."""
    choices = Choices(seed)
    choices.take(count)
    return choices
