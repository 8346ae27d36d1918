"""The model file is checked before a single weight is believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transforms.errors import InputError
from transforms.score import linear
from transforms.score.features import BITS, VIEWS
from transforms.score.linear import LinearModel, decode, encode


@pytest.fixture(scope="module")
def model() -> LinearModel:
    rng = np.random.default_rng(1)
    weights = tuple(rng.integers(-127, 128, 1 << BITS).astype(np.int8) for _ in VIEWS)
    return LinearModel(weights, (0.5, 0.25, 0.125), -1.5, np.array([3, 5, 1 << 63], dtype=np.uint64))


def test_a_model_survives_its_file(model: LinearModel) -> None:
    read, digest = decode(encode(model), "a file")
    assert len(digest) == 64
    assert (read.scales, read.bias) == (model.scales, model.bias)
    assert read.function_words.tolist() == model.function_words.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(read.weights, model.weights, strict=True))


def test_the_score_is_the_documented_sum(model: LinearModel) -> None:
    found = (np.array([0, 7, 9, 11], np.uint32), np.array([4], np.uint32), np.zeros(0, np.uint32))
    expected = -1.5
    expected += 0.5 * sum(int(model.weights[0][i]) for i in (0, 7, 9, 11)) / 2
    expected += 0.25 * int(model.weights[1][4])
    assert model.score(found) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("place", [0, 9, 13, 40, 5000, -1])
def test_any_changed_byte_is_detected(model: LinearModel, place: int) -> None:
    content = bytearray(encode(model))
    content[place] ^= 1
    with pytest.raises(InputError, match=r"^m\.bin: .*training\.train"):
        decode(bytes(content), "m.bin")


@pytest.mark.parametrize("size", [0, 10, 60, 100_000])
def test_a_cut_file_is_detected(model: LinearModel, size: int) -> None:
    with pytest.raises(InputError, match=r"m\.bin"):
        decode(encode(model)[:size], "m.bin")


def test_a_missing_or_too_large_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        linear.load(tmp_path / "none.bin")
    (tmp_path / "large.bin").write_bytes(b"\0" * (linear.MAX_BYTES + 1))
    with pytest.raises(InputError, match="at most 8388608 bytes"):
        linear.load(tmp_path / "large.bin")


def test_a_well_signed_file_of_another_shape_is_refused(model: LinearModel) -> None:
    other = LinearModel(model.weights[:2], model.scales, model.bias, model.function_words)
    with pytest.raises(InputError, match="expected"):
        decode(encode(other), "m.bin")
