"""Evidence is clipped, counted once a kind, and knows every declaration that extraction can find."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract import declared
from transforms.probability import MAX_EVIDENCE
from transforms.records import Declaration, Evidence
from transforms.score.evidence import DECLARATIONS, DECLARED, DECLARED_HUMAN, KINDS, gather, total_log_ratio


def test_every_declaration_that_extraction_finds_is_mapped_or_says_nothing_of_origin() -> None:
    assert set(declared.KINDS) - set(DECLARATIONS) == {"provenance"}
    assert set(DECLARATIONS) <= set(declared.KINDS)


def test_a_declaration_becomes_evidence_with_its_clipped_ratio() -> None:
    assert gather("", [Declaration("ai-disclosure", "header: mode=machine-generated")], "") == (
        Evidence(DECLARED, "ai-disclosure: header: mode=machine-generated", math.log(1000)),
    )


def test_ten_declarations_of_a_kind_count_once() -> None:
    claims = [Declaration("human-claim", f"meta: none {n}") for n in range(10)]
    assert gather("", claims, "") == (Evidence(DECLARED_HUMAN, "human-claim: meta: none 0", -math.log(3)),)


def test_a_declaration_without_a_word_on_origin_is_no_evidence() -> None:
    assert gather("", [Declaration("provenance", "signed by X")], "") == ()


def test_details_are_cut() -> None:
    assert len(gather("", [Declaration("generator", "x" * 500)], "")[0].detail) == 200


def test_the_strongest_sign_comes_first() -> None:
    signs = gather("", [Declaration("human-claim", "a"), Declaration("ai-assisted", "b"), Declaration("c2pa", "c")], "")
    assert [sign.log_ratio for sign in signs] == pytest.approx([math.log(1000), math.log(5), -math.log(3)])


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(KINDS)), unique=True))
def test_no_sign_weighs_more_than_all_may_together(kinds: list[str]) -> None:
    signs = [Evidence(kind, "", KINDS[kind].log_ratio) for kind in kinds]
    assert all(abs(sign.log_ratio) <= MAX_EVIDENCE for sign in signs)
    assert total_log_ratio(signs) == pytest.approx(sum(sign.log_ratio for sign in signs))
