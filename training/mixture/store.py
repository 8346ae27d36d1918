"""Results as JSON lines, one for each mixture's share: a study that was killed goes on where it was."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path

from training.metrics import Estimate
from training.mixture.figures import Figure
from training.mixture.settings import Setting
from training.mixture.trials import Effort, Results

_ROOT = Path(__file__).parents[2]
_RESULTS_DEPEND_ON = (
    *(f"training/mixture/{name}.py" for name in ("figures", "judges", "pool", "route", "rules", "trials")),
    *(f"training/{name}.py" for name in ("calibrate", "corpus", "fit", "matrix", "splits")),
    *sorted(path.relative_to(_ROOT).as_posix() for path in (_ROOT / "transforms" / "weigh").glob("*.py")),
    "transforms/probability.py",
    "transforms/score/calibration.py",
)


def key_of(setting: Setting, share: float, effort: Effort, texts: str) -> str:
    """What a line is found by: the question, and a digest of the texts (`texts`) and of the code that answers."""
    code = blake2b(digest_size=6)
    for name in _RESULTS_DEPEND_ON:
        code.update((_ROOT / name).read_bytes())
    return json.dumps([setting.name, share, asdict(effort), texts, code.hexdigest()])


def load(file: Path) -> dict[str, Results]:
    """Every result in the file by its key; a last line cut short by a kill is left out."""
    found: dict[str, Results] = {}
    for line in file.read_text(encoding="utf-8").split("\n")[:-1] if file.is_file() else ():
        row = json.loads(line)
        found[row["key"]] = {Figure(*name): Estimate(*values) for name, values in row["figures"]}
    return found


def append(file: Path, key: str, results: Results) -> None:
    """Add one line."""
    figures = [[list(figure), [value.value, value.low, value.high]] for figure, value in results.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"key": key, "figures": figures}) + "\n")
