"""`cells.json`: what weighing found and did in every cell, for people and for the manifest."""

from __future__ import annotations

import dataclasses
import json
import math

from transforms.weigh.report import WeighReport


def cells_json(report: WeighReport) -> bytes:
    """The report as JSON; a mean over nothing is null. `early` is the prior of pages fetched before chatbots."""
    cells = []
    for row in report.cells:
        values = dataclasses.asdict(row)
        values["language"] = values.pop("cell")["language"]
        cells.append({name: _clean(value) for name, value in sorted(values.items())})
    early = {language or "all": _clean(dataclasses.asdict(prior)) for language, prior in report.early}
    return json.dumps({"cells": cells, "early": early}, indent=1, ensure_ascii=False).encode()


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return {name: _clean(entry) for name, entry in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
