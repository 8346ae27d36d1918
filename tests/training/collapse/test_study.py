"""The whole loop at a small size: texts, detector, path, generations, resumption."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.collapse.arms import BLIND, DEFAULT, ORACLE, UNWEIGHTED, Arm
from training.collapse.generations import START, Lineages
from training.collapse.ngram import NGramModel, Shape
from training.collapse.refit import GENERATORS, corpus_of
from training.collapse.results import FILE, Record, Store
from training.collapse.study import REFITTED, REPLACE, SHIPPED, SIMULATED, Plan, arms, begin
from training.collapse.texts import Texts, folder_prose, library_prose, split
from training.collapse.weigh import Judge, RealJudge, SimulatedJudge
from training.collapse.world import Size, World
from training.digest import digest_of
from training.fit import Recipe
from training.train import train
from transforms.errors import InputError
from transforms.score import calibration, linear
from transforms.score.detector import Detector

SIZE = Size(documents=80, generations=2, vocabulary=2000, tokens=120)
OURS = Arm(0.3, DEFAULT, REFITTED)
ARMS = (START, REPLACE, *(Arm(0.3, rule, "") for rule in BLIND), OURS, Arm(0.3, DEFAULT, SIMULATED))


@pytest.fixture(scope="module")
def texts() -> Texts:
    return split(library_prose())


@pytest.fixture(scope="module")
def world(texts: Texts) -> World:
    return World.of(texts, SIZE)


@pytest.fixture(scope="module")
def judges(texts: Texts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judge]:
    folder = tmp_path_factory.mktemp("detector")
    model, lines = train(corpus_of(texts, SIZE, GENERATORS[:4], pages=15), Recipe(iterations=20, least=50))
    (folder / linear.FILE).write_bytes(model)
    (folder / calibration.FILE).write_text(lines, encoding="utf-8")
    return {
        REFITTED: RealJudge(Detector.load(folder)),
        SHIPPED: RealJudge(Detector.load()),
        SIMULATED: SimulatedJudge(2.5),
    }


def study(folder: Path, world: World, judges: dict[str, Judge]) -> Lineages:
    """A study in a folder, as another process would open it."""
    store = Store.open(folder, {"size": SIZE.documents})
    return Lineages(world, lambda: NGramModel(Shape(len(world.vocabulary))), judges, store)


@pytest.fixture(scope="module")
def outcome(
    world: World, judges: dict[str, Judge], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[Arm, int], Record]:
    lineages = study(tmp_path_factory.mktemp("study"), world, judges)
    return {(record.arm, record.generation): record for arm in ARMS for record in lineages.run(arm, 0)}


def test_no_source_and_no_passage_is_in_two_parts(texts: Texts) -> None:
    parts = (texts.train, texts.held, texts.detector)
    sources = [{passage.source for passage in part} for part in parts]
    said = [{passage.text for passage in part} for part in parts]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert not sources[i] & sources[j]
        assert not said[i] & said[j]
    assert all(any(passage.minority for passage in part) for part in parts)


def test_without_people_the_tail_is_lost_and_weights_slow_it(outcome: dict[tuple[Arm, int], Record]) -> None:
    last = {arm: outcome[arm, 2] for arm in ARMS}
    replaced, none, ours, oracle = (
        last[arm] for arm in (REPLACE, Arm(0.3, UNWEIGHTED, ""), OURS, Arm(0.3, ORACLE, ""))
    )
    assert replaced.perplexity > none.perplexity > ours.perplexity
    assert replaced.types < none.types < last[START].types
    assert ours.minority < none.minority
    assert ours.tail < none.tail
    assert (replaced.synthetic, oracle.synthetic) == (1.0, 0.0)


def test_weights_lower_the_synthetic_share_of_every_mixture(outcome: dict[tuple[Arm, int], Record]) -> None:
    for arm in ARMS:
        if arm.detector:
            for generation in (1, 2):
                found = outcome[arm, generation]
                assert found.synthetic < 0.75 * found.synthetic_before
                assert 0.25 <= found.effective < 1  # 1/W at the least


def test_arms_of_a_seed_begin_with_the_same_model(outcome: dict[tuple[Arm, int], Record]) -> None:
    assert {arm for arm, generation in outcome if generation == 0} == {START}
    mixtures = [outcome[arm, 1].synthetic_before for arm in (OURS, Arm(0.3, DEFAULT, SIMULATED))]
    assert mixtures[0] == mixtures[1]


def test_a_study_killed_anywhere_goes_on_as_if_it_had_not_been(
    world: World, judges: dict[str, Judge], tmp_path: Path, outcome: dict[tuple[Arm, int], Record]
) -> None:
    arm = Arm(0.3, DEFAULT, SIMULATED)
    next(study(tmp_path, world, judges).run(arm, 0))
    with (tmp_path / FILE).open("a", encoding="utf-8") as lines:
        lines.write('{"arm": {"human": 0.')
    later = list(study(tmp_path, world, judges).run(arm, 0))
    assert [record.generation for record in later] == [1, 2]
    assert later == [outcome[arm, generation] for generation in (1, 2)]
    assert list(study(tmp_path, world, judges).run(arm, 0)) == []


def test_a_folder_of_another_study_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path, {"size": 1})
    with pytest.raises(InputError, match="--out"):
        Store.open(tmp_path, {"size": 2})
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8")) == {"size": 1}


def test_a_folder_that_was_killed_while_it_began_begins_again(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.part").write_text('{"si')
    Store.open(tmp_path, {"size": 1})
    assert list(Store.read(tmp_path)) == []


def test_other_texts_are_another_study(tmp_path: Path, texts: Texts) -> None:
    for name, own in (("one", texts.train[:60]), ("two", texts.train[60:120])):
        (tmp_path / name).mkdir()
        for number, passage in enumerate(own):
            (tmp_path / name / f"{number}.txt").write_text(passage.text, encoding="utf-8")
    plans = [Plan(tmp_path / "out", 1, SIZE, tmp_path / name, (SIMULATED,)) for name in ("one", "two")]
    begin(plans[0])
    begin(plans[0])
    with pytest.raises(InputError, match="/two"):
        begin(plans[1])


def test_too_little_text_is_not_kept(tmp_path: Path, texts: Texts) -> None:
    few, plan = tmp_path / "few", Plan(tmp_path / "out", 1, SIZE, tmp_path / "few", (SIMULATED,))
    few.mkdir()
    for number, passage in enumerate(texts.train[:60]):
        if number == 5:
            with pytest.raises(InputError, match="passages of prose"):
                begin(plan)
        (few / f"{number}.txt").write_text(passage.text, encoding="utf-8")
    begin(plan)


def test_other_code_is_another_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("training.digest._ROOT", tmp_path)
    (tmp_path / "a.py").write_text("1")
    before = digest_of(["*.py"])
    (tmp_path / "a.py").write_text("2")
    assert digest_of(["*.py"]) != before
    with pytest.raises(ValueError, match="gone"):
        digest_of(["gone.py"])


def test_shares_that_differ_little_do_not_share_their_pages(tmp_path: Path) -> None:
    store, pages = Store.open(tmp_path, {}), {0.3: [np.arange(2, 5, dtype=np.int32)], 0.304: [np.array([7], np.int32)]}
    for share, page in pages.items():
        arm = Arm(share, UNWEIGHTED, "")
        store.add(Record(arm, 0, 1, 1.0, 1.0, 1.0, 1, 0.5, 0.5, 1.0, 0.5), page)
    for share, page in pages.items():
        assert store.pages(Arm(share, UNWEIGHTED, ""), 1, 0)[0].tolist() == page[0].tolist()


def test_mixtures_are_counted_alike_with_and_without_a_detector(outcome: dict[tuple[Arm, int], Record]) -> None:
    blind, judged = (outcome[arm, 1].synthetic_before for arm in (Arm(0.3, UNWEIGHTED, ""), OURS))
    assert blind == judged


def test_pages_are_as_long_as_human_documents(world: World) -> None:
    model = NGramModel(Shape(len(world.vocabulary)))
    model.fit(world.ids, np.ones(len(world.ids)))
    pages = world.pages(model, 30, seed=1)
    assert len(pages) == 30
    assert {page.size for page in pages} <= {document.size for document in world.ids}
    opinions = RealJudge(Detector.load()).opinions([world.vocabulary.decode(page) for page in pages], True, seed=0)
    assert np.mean([np.isnan(opinion.score) for opinion in opinions]) < 0.2


def test_every_arm_of_the_issue_is_there() -> None:
    found = arms()
    assert len(set(found)) == len(found) == 2 + 3 * 2 + (3 + 3 + 1 + 1 + 1) * 9


def test_a_folder_of_texts_has_its_own_minority(tmp_path: Path) -> None:
    sentence = "The parts of number {0} are kept beside each other, and whoever looks for them finds them there. "
    for name in ("a.txt", "minority/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("".join(sentence.format(i) for i in range(6)), encoding="utf-8")
    assert {(p.source, p.minority) for p in folder_prose(tmp_path)} == {("a.txt", False), ("minority/b.txt", True)}
    with pytest.raises(InputError, match="expected a folder"):
        list(folder_prose(tmp_path / "nowhere"))
