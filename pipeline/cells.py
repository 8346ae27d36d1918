"""`cells.json`: what weighing found and did in every cell."""

from __future__ import annotations

import dataclasses
import json

from transforms.weigh.report import WeighReport


def cells_json(report: WeighReport) -> bytes:
    """The report as JSON; a mean over nothing is null. `early` is the prior of pages fetched before chatbots."""
    cells = []
    for row in report.cells:
        values = dataclasses.asdict(row)
        values["language"] = values.pop("cell")["language"]
        cells.append(dict(sorted(values.items())))
    early = {language or "all": dataclasses.asdict(prior) for language, prior in report.early}
    return json.dumps({"cells": cells, "early": early}, indent=1, ensure_ascii=False, allow_nan=False).encode()
