"""Both plots are drawn, and drawn alike every time."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tests.training.conftest import Known
from training.plots import CURVES, RELIABILITY, draw
from training.report import Trial
from training.splits import QUESTIONS


def test_the_same_figures_make_the_same_files(known: Known, tmp_path: Path) -> None:
    trials = {name: Trial(name, known.score, known.fold) for name in QUESTIONS}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        draw(known.corpus, trials, tmp_path / name)
    for name in (CURVES, RELIABILITY):
        content = (tmp_path / "first" / name).read_bytes()
        assert ElementTree.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
        assert content == (tmp_path / "second" / name).read_bytes()
