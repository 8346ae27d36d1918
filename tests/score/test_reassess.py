"""What a page declared stays; what its text shows is looked for again."""

from __future__ import annotations

import pytest

from transforms.records import Declaration, Evidence
from transforms.score.detector import Detector
from transforms.score.evidence import KINDS
from transforms.score.reassess import reassess

PROSE = (
    "The ferry left the island at six in the morning, and by the time the fog had lifted we could see the lighthouse "
    "that my aunt had painted so many times. She never sold one of those pictures. They hung in the stairwell of her "
    "house, one for each winter, and the last of them was unfinished when she moved to the town by the canal. "
)
RESIDUE = "As an AI language model, I cannot say more.\n"
SAID = (
    Declaration("human-claim", "meta author: people"),
    Declaration("generator", "gpt: four"),
    Declaration("c2pa", "second of its kind"),
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@pytest.mark.parametrize("text", ["", PROSE, PROSE + RESIDUE, RESIDUE])
@pytest.mark.parametrize("said", [(), SAID])
def test_an_opinion_formed_again_is_the_one_formed_first(
    detector: Detector, text: str, said: tuple[Declaration, ...]
) -> None:
    first = detector.assess(text, language="en", script="Latn", declarations=said, url="http://a.example/")
    again = reassess(detector, text, language="en", script="Latn", url="http://a.example/", known=first.evidence)
    assert again == first


def test_residue_that_is_no_longer_found_goes_and_signs_nobody_knows_stay(detector: Detector) -> None:
    known = [Evidence("residue-phrase", "was a sign once", 4.6), Evidence("notarised", "by a court", -7.5)]
    again = reassess(detector, PROSE, language="en", script="Latn", url="", known=known)
    assert again.evidence == (Evidence("notarised", "by a court", -7.5),)


def test_a_declaration_is_worth_what_it_is_worth_today(detector: Detector) -> None:
    known = [Evidence("declared", "c2pa: x", 0.1)]
    again = reassess(detector, PROSE, language="en", script="Latn", url="", known=known)
    assert again.evidence == (Evidence("declared", "c2pa: x", KINDS["declared"].log_ratio),)
