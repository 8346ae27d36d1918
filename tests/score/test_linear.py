"""The model file is checked before a single weight is believed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from transforms.errors import InputError
from transforms.score import linear
from transforms.score.features import BITS, VIEWS
from transforms.score.linear import LinearModel, decode, encode
from transforms.score.style import BINS, MEASURES, Curves


@pytest.fixture(scope="module")
def model(curves: Curves) -> LinearModel:
    rng = np.random.default_rng(1)
    weights = tuple(rng.integers(-127, 128, 1 << BITS).astype(np.int8) for _ in VIEWS)
    return LinearModel(weights, (0.5, 0.25, 0.125), -1.5, np.array([3, 5, 1 << 63], dtype=np.uint64), curves)


def test_a_model_survives_its_file(model: LinearModel) -> None:
    read, digest = decode(encode(model), "a file")
    assert len(digest) == 64
    assert (read.scales, read.bias) == (model.scales, model.bias)
    assert read.function_words.tolist() == model.function_words.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(read.weights, model.weights, strict=True))
    assert np.array_equal(read.curves.edges, model.curves.edges)
    assert np.array_equal(read.curves.weights, model.curves.weights)
    assert read.curves.scale == model.curves.scale
    assert encode(read) == encode(model)


def test_the_score_is_the_documented_sum(model: LinearModel) -> None:
    found = (np.array([0, 7, 9, 11], np.uint32), np.array([4], np.uint32), np.zeros(0, np.uint32))
    expected = -1.5
    expected += 0.5 * sum(int(model.weights[0][i]) for i in (0, 7, 9, 11)) / 2
    expected += 0.25 * int(model.weights[1][4])
    assert model.score(found, None) == pytest.approx(expected, rel=1e-12)
    style = np.linspace(0, 2, len(MEASURES), dtype=np.float32)
    expected += sum(model.curves.weigh(style))
    assert model.score(found, style) == pytest.approx(expected, rel=1e-12)


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


def sign(content: bytes) -> bytes:
    """The content with a digest that fits it."""
    return content + hashlib.blake2b(content, digest_size=32).digest()


def with_header(model: LinearModel, **changes: object) -> bytes:
    """The file of a model, some values of its header changed, well signed."""
    content = encode(model)[:-32]
    length = int.from_bytes(content[12:16], "little")
    header = json.dumps({**json.loads(content[16 : 16 + length]), **changes}).encode()
    return sign(content[:12] + len(header).to_bytes(4, "little") + header + content[16 + length :])


def test_a_header_written_again_is_read(model: LinearModel) -> None:
    assert decode(with_header(model), "m.bin")[0].bias == model.bias


def test_a_well_signed_file_of_another_shape_is_refused(model: LinearModel) -> None:
    other = dataclasses.replace(model, weights=model.weights[:2])
    with pytest.raises(InputError, match="expected"):
        decode(encode(other), "m.bin")


@pytest.mark.parametrize(
    "changes",
    [
        {"measures": ["mean word length"]},
        {"measures": [*MEASURES[1:], MEASURES[0]]},
        {"bins": BINS + 1},
        {"views": [*VIEWS[1:], VIEWS[0]]},
        {"bits": BITS - 1},
        {"function_words": 0},
        {"function_words": -1},
        {"scales": [1.0]},
    ],
)
def test_what_other_views_or_measures_were_learned_with_is_refused(
    model: LinearModel, changes: dict[str, object]
) -> None:
    with pytest.raises(InputError, match=r"^m\.bin: expected \d+ bytes of this version's views and measures"):
        decode(with_header(model, **changes), "m.bin")


@pytest.mark.parametrize("changes", [{"style_scale": None}, {"scales": 3}, {"bias": "much"}])
def test_a_header_that_makes_no_sense_is_refused(model: LinearModel, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"^m\.bin: its header cannot be read"):
        decode(with_header(model, **changes), "m.bin")


def test_a_file_of_the_first_version_is_refused(model: LinearModel) -> None:
    content = encode(model)[:-32]
    with pytest.raises(InputError, match=r"expected .* version 2, got .* version 1"):
        decode(sign(content[:8] + (1).to_bytes(4, "little") + content[12:]), "m.bin")
