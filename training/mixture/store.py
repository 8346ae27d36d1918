"""Results as JSON lines, one for each mixture's share: a study that was killed goes on where it was."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from training.corpus import Corpus
from training.metrics import Estimate
from training.mixture.figures import Figure
from training.mixture.provenance import digest_of
from training.mixture.settings import Setting
from training.mixture.trials import Effort, Results
from transforms.score.calibration import FILE
from transforms.score.detector import MODEL_DIRECTORY

_ANSWERED_BY = ("training.mixture.settings", "training.mixture.trials")


def made_of(corpus: Corpus) -> str:
    """Digest of the texts, of the code that answers, and of the shipped calibration, which gives up languages."""
    return digest_of(corpus, _ANSWERED_BY, (MODEL_DIRECTORY / FILE).read_text(encoding="utf-8"))


def key_of(setting: Setting, share: float, effort: Effort, made_of: str) -> str:
    """What a line is found by: the question, and a digest of what the answer is made of."""
    return json.dumps([setting.name, share, asdict(effort), made_of])


def load(file: Path) -> dict[str, Results]:
    """Every result in the file by its key; a last line cut short by a kill is left out."""
    found: dict[str, Results] = {}
    for line in file.read_text(encoding="utf-8").split("\n")[:-1] if file.is_file() else ():
        row = json.loads(line)
        found[row["key"]] = {Figure(*name): Estimate(*values) for name, values in row["figures"]}
    return found


def append(file: Path, key: str, results: Results) -> None:
    """Add one line, behind the last whole one: what a kill left of another would be joined to it."""
    figures = [[list(figure), [value.value, value.low, value.high]] for figure, value in results.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file():
        os.truncate(file, file.read_bytes().rfind(b"\n") + 1)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"key": key, "figures": figures}) + "\n")
