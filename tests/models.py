"""Another detector than the shipped one."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from transforms.score import calibration, linear
from transforms.score.detector import MODEL_DIRECTORY


def write_other_model(folder: Path) -> None:
    """Write the shipped model with another bias, so that every score is another."""
    model, _ = linear.load(MODEL_DIRECTORY / linear.FILE)
    (folder / linear.FILE).write_bytes(linear.encode(dataclasses.replace(model, bias=model.bias + 0.5)))
    _, digest = linear.load(folder / linear.FILE)
    values = json.loads((MODEL_DIRECTORY / calibration.FILE).read_text(encoding="utf-8"))
    (folder / calibration.FILE).write_text(json.dumps(values | {"model_digest": digest}), encoding="utf-8")
