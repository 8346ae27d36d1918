"""`cells.json` as a report needs it: what weighing found in every cell (language × length), for the whole corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.errors import InputError
from transforms.report.folder import Folder
from transforms.report.loose import mapping, name, real, sequence, whole
from transforms.report.story import CellFigures, EarlyCheck, Share

FILE = "cells.json"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown of it, and the sums by which cells add up to languages."""

    figures: CellFigures
    judged: int  # tokens that the detector gave an opinion on
    weighted: float  # Σ tokens · human_weight
    squares: float  # Σ tokens · human_weight²
    judged_weighted: float  # Σ tokens · human_weight over what was judged; an abstained page weighs exactly 1
    human: float  # Σ tokens · human_probability over what was judged
    human_weighted: float  # Σ tokens · human_weight · human_probability over what was judged


def read_cells(folder: Folder) -> tuple[Cell, ...] | None:
    """The cells in their order; None if the folder has no such file, as outputs of early versions.

    Raises:
        InputError: it cannot be read as JSON.
    """
    document = _read(folder)
    return None if document is None else tuple(_cell(mapping(entry)) for entry in sequence(document.get("cells")))


def read_early(folder: Folder) -> EarlyCheck | None:
    """What weighing found on pages from before chatbots, of all languages; None if it found none.

    Raises:
        InputError: the file of the cells cannot be read as JSON.
    """
    prior = mapping(mapping((_read(folder) or {}).get("early")).get("all"))
    human, low, high = (real(prior.get(key)) for key in ("prior_human", "low", "high"))
    if human is None or low is None or high is None:
        return None
    return EarlyCheck(whole(prior.get("pages")), Share(round(1 - human, 6), round(1 - high, 6), round(1 - low, 6)))


def _read(folder: Folder) -> Mapping[str, object] | None:
    path = folder.path(FILE)
    try:
        with folder.open_file(path) as file:
            document: object = json.loads(file.read())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read as JSON ({error}); run the command that wrote it again") from error
    return mapping(document)


def _cell(entry: Mapping[str, object]) -> Cell:
    tokens, abstained = whole(entry.get("tokens")), whole(entry.get("abstained_tokens"))
    weighted, effective = real(entry.get("weight_sum")) or 0.0, real(entry.get("effective_share"))
    prior = mapping(entry.get("prior"))
    judged_weighted = weighted - abstained if tokens > abstained else 0.0
    return Cell(
        figures=CellFigures(
            language=name(entry.get("language")),
            length=name(entry.get("length")),
            pages=whole(entry.get("pages")),
            tokens=tokens,
            abstained=whole(entry.get("abstained_pages")),
            prior_human=Share(*(real(prior.get(key)) or 0.0 for key in ("prior_human", "low", "high"))),
            borrowed_from=name(prior.get("borrowed_from")),
            effective_share=effective,
        ),
        judged=tokens - abstained,
        weighted=weighted,
        squares=weighted**2 / (effective * tokens) if effective and tokens else 0.0,
        judged_weighted=judged_weighted,
        human=(tokens - abstained) * (real(entry.get("mean_probability")) or 0.0),
        human_weighted=judged_weighted * (real(entry.get("weighted_probability")) or 0.0),
    )
