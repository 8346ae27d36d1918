"""The passes over blocks: invariants 2, 7, 9, 11 and 12 on a whole corpus, and independence of order, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms import schema
from transforms.weigh.block import Labels, ScoredBlock, WeightBlock, encode_labels
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import Calibrate, weigh_corpus

MakeBlock = Callable[..., ScoredBlock]
PARAMS = WeighParams(bootstrap=20)


def take(block: ScoredBlock, rows: Sequence[int]) -> ScoredBlock:
    """Some rows of a block, in this order, with columns encoded anew."""

    def part(value: object) -> object:
        if isinstance(value, Labels):
            return encode_labels(value.values[value.codes[i]] for i in rows)
        return value[list(rows)] if isinstance(value, np.ndarray) else value

    return replace(block, **{field.name: part(getattr(block, field.name)) for field in fields(block)})


def by_row(blocks: Sequence[WeightBlock]) -> dict[tuple[int, int], tuple[bytes, ...]]:
    """Every verdict to the last bit, by file and row."""
    columns = ("human_probability", "human_weight", "expected_repeats", "weight_bucket")
    return {
        (block.file, row): tuple(getattr(block, name)[i].tobytes() for name in columns)
        for block in blocks
        for i, row in enumerate(block.row.tolist())
    }


def languages(block: ScoredBlock) -> NDArray[np.str_]:
    return np.array(block.language.values)[block.language.codes]


@pytest.fixture(scope="module")
def corpus(make_block: MakeBlock) -> list[ScoredBlock]:
    return [make_block(file=file, rows=400) for file in range(6)]


@settings(deadline=None, max_examples=25)
@given(random=st.randoms(use_true_random=False), parts=st.integers(1, 5))
def test_order_and_partition_do_not_change_a_bit(
    random: object, parts: int, make_block: MakeBlock, calibrate: Calibrate
) -> None:
    blocks = [make_block(file=file, rows=60) for file in range(3)]
    pieces = []
    for block in blocks:
        rows = list(range(60))
        random.shuffle(rows)  # type: ignore[attr-defined]
        pieces += [take(block, rows[start::parts]) for start in range(parts)]
    random.shuffle(pieces)  # type: ignore[attr-defined]
    whole, report = weigh_corpus(blocks, calibrate, PARAMS)
    parted, parted_report = weigh_corpus(pieces, calibrate, PARAMS)
    assert by_row(parted) == by_row(whole)
    assert parted_report == report


def test_the_token_weighted_mean_weight_of_every_language_is_1(corpus: list[ScoredBlock], calibrate: Calibrate) -> None:
    weighed, _ = weigh_corpus(corpus, calibrate, PARAMS)
    weight = np.concatenate([block.human_weight for block in weighed]).astype(np.float64)
    tokens = np.concatenate([block.token_count for block in corpus])
    language = np.concatenate([languages(block) for block in corpus])
    for name in np.unique(language):
        own = language == name
        # each float32 weight is within 2^-24 of its value
        assert abs(np.average(weight[own], weights=tokens[own]) - 1) < 2**-23


def test_the_report_adds_up_to_the_corpus(corpus: list[ScoredBlock], calibrate: Calibrate) -> None:
    weighed, report = weigh_corpus(corpus, calibrate, PARAMS)
    probability = np.concatenate([block.human_probability for block in weighed])
    assert sum(row.pages for row in report.cells) == 2400
    assert sum(row.tokens for row in report.cells) == sum(int(block.token_count.sum()) for block in corpus)
    assert sum(row.abstained_pages for row in report.cells) == np.isnan(probability).sum()
    assert [row.cell for row in report.cells] == sorted(row.cell for row in report.cells)


def test_every_cell_keeps_its_tokens_and_none_gains_synthetic_text(
    corpus: list[ScoredBlock], calibrate: Calibrate
) -> None:
    for row in weigh_corpus(corpus, calibrate, PARAMS)[1].cells:
        assert row.weight_sum == pytest.approx(row.tokens, rel=2**-23)
        assert row.effective_share >= (1 - 2**-21) / PARAMS.cap
        if row.mean_probability is not None and row.weighted_probability is not None:
            assert row.weighted_probability >= row.mean_probability * (1 - 2**-22)


def test_a_page_without_an_opinion_has_no_probability_and_weight_1(
    corpus: list[ScoredBlock], calibrate: Calibrate
) -> None:
    for block, verdict in zip(corpus, weigh_corpus(corpus, calibrate, PARAMS)[0], strict=True):
        silent = block.abstained | (languages(block) == "km")
        assert (np.isnan(verdict.human_probability) == silent).all()
        assert (verdict.human_weight[silent] == 1).all()


def test_a_score_that_is_no_number_counts_as_an_abstention(make_block: MakeBlock, calibrate: Calibrate) -> None:
    block = make_block(rows=50)
    block = replace(block, abstained=np.zeros(50, np.bool_), detector_score=np.full(50, np.nan, np.float32))
    [verdict], report = weigh_corpus([block], calibrate, PARAMS)
    assert np.isnan(verdict.human_probability).all()
    assert (verdict.human_weight == 1).all()
    assert all(row.prior.borrowed_from == "even odds" for row in report.cells)


def test_no_input_carries_a_quality_signal() -> None:
    names = {field.name for field in fields(ScoredBlock)}
    assert names == {
        "file", "row", "language", "script", "host", "token_count", "detector_score", "abstained",
        "evidence_log_ratio", "before_chatbots",
    }  # fmt: skip
    assert not names & (set(schema.SIGNALS) | {"quality", "signals", "rules_failed", "language_score"})


def test_host_and_place_of_a_page_do_not_move_its_weight(corpus: list[ScoredBlock], calibrate: Calibrate) -> None:
    moved = [replace(block, row=block.row[::-1], host=encode_labels(["one.example"] * 400)) for block in corpus]
    before, after = (weigh_corpus(blocks, calibrate, PARAMS)[0] for blocks in (corpus, moved))
    for old, new in zip(before, after, strict=True):
        assert old.human_weight.tobytes() == new.human_weight.tobytes()


def test_text_from_before_chatbots_has_no_synthetic_share_within_the_interval(
    make_block: MakeBlock, calibrate: Calibrate
) -> None:
    blocks = [make_block(file=file, rows=2000, early=0.5) for file in range(4)]
    _, report = weigh_corpus(blocks, calibrate, WeighParams())
    early = dict(report.early)
    # 2,500 old pages from 50 hosts, standard error .004 (test_prior.py): six of them
    assert early[""].high == 1.0
    assert early[""].low > 0.976
    assert {"en", "de", "ru"} <= set(early)


def test_text_from_before_chatbots_is_hardly_ever_a_machines(make_block: MakeBlock, calibrate: Calibrate) -> None:
    block = make_block(rows=300, early=0.5)
    [verdict], _ = weigh_corpus([block], calibrate, PARAMS)
    assert (verdict.human_probability[block.before_chatbots & ~block.abstained] >= np.float32(0.995)).all()


def test_evidence_lowers_the_probability_of_its_page_alone(make_block: MakeBlock, calibrate: Calibrate) -> None:
    plain = replace(
        make_block(rows=300, early=0.0), evidence_log_ratio=np.zeros(300), abstained=np.zeros(300, np.bool_)
    )
    marked = replace(plain, evidence_log_ratio=np.where(np.arange(300) == 0, np.log(1000.0), 0.0))
    [before], [after] = (weigh_corpus([block], calibrate, PARAMS)[0] for block in (plain, marked))
    assert after.human_probability[0] < before.human_probability[0]
    assert (after.human_probability[1:].tobytes()) == (before.human_probability[1:].tobytes())


def test_a_higher_score_means_a_likelier_machine(make_block: MakeBlock, calibrate: Calibrate) -> None:
    block = replace(
        make_block(rows=300, early=0.0),
        language=encode_labels(["en"] * 300), script=encode_labels(["Latn"] * 300),
        token_count=np.full(300, 500, np.int32), evidence_log_ratio=np.zeros(300), abstained=np.zeros(300, np.bool_),
    )  # fmt: skip
    [verdict], _ = weigh_corpus([block], calibrate, PARAMS)
    ranked = np.argsort(block.detector_score)
    assert (np.diff(verdict.human_probability[ranked]) <= 0).all()
    assert (np.diff(verdict.human_weight[ranked]) <= 0).all()


def test_an_empty_corpus_and_an_empty_block_are_weighed(make_block: MakeBlock, calibrate: Calibrate) -> None:
    assert weigh_corpus([], calibrate, PARAMS)[1].cells == ()
    [verdict], report = weigh_corpus([make_block(rows=0)], calibrate, PARAMS)
    assert verdict.human_weight.shape == (0,)
    assert report.cells == ()
