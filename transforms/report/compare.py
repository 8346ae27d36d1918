"""Two outputs side by side: what made them, what they counted, and what moved between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from transforms.errors import InputError
from transforms.report.cells import read_cells
from transforms.report.compare_groups import compare_groups
from transforms.report.compare_rows import compare_rows
from transforms.report.comparison import Comparison, LanguagePair, Setting, Step
from transforms.report.folder import Folder
from transforms.report.funnel import funnel_of
from transforms.report.languages import join_cells, read_languages
from transforms.report.loose import mapping, name, sequence, whole
from transforms.report.manifest import read_manifest
from transforms.report.story import Funnel, LanguageFigures
from transforms.report.tables import open_tables


@dataclass(frozen=True, slots=True)
class _Side:
    """One output."""

    settings: Mapping[str, object]  # by section.key
    made_with: Mapping[str, object]
    archives: Mapping[str, object]  # bytes by short name
    funnel: Funnel
    languages: Mapping[str, LanguageFigures]  # the total under "all"


def compare(first: Folder, second: Folder) -> Comparison:
    """What differs between two outputs; all rows are read, but for their text, in the bounded memory of `open_tables`.

    Raises:
        InputError: one is not the output of a finished run, or a file in it cannot be read.
    """
    try:
        a, b = _read(first), _read(second)
        with open_tables(first, other=second) as tables:
            rows, groups = compare_rows(tables, list(a.archives), list(b.archives)), compare_groups(tables)
    except (duckdb.Error, pa.ArrowException, KeyError, OSError) as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{first.root} or {second.root}: a file cannot be read ({first_line})") from error
    return Comparison(
        first=first.root,
        second=second.root,
        settings=tuple(_differences(a.settings, b.settings)),
        made_with=tuple(_differences(a.made_with, b.made_with)),
        archives=tuple(_differences(a.archives, b.archives)),
        funnel=tuple(_steps(a.funnel, b.funnel)),
        languages=tuple(_languages(a.languages, b.languages)),
        rows=rows,
        groups=groups,
    )


def _read(folder: Folder) -> _Side:
    manifest, cells = read_manifest(folder), read_cells(folder)
    with open_tables(folder) as tables:
        total, languages = read_languages(tables)
    if cells is not None:
        total, languages = join_cells(cells)
    with folder.open_file(folder.path("manifest.json")) as file:
        page = mapping(json.loads(file.read()))
    config = {
        f"{section}.{key}": v
        for section, keys in mapping(page.get("config")).items()
        for key, v in mapping(keys).items()
    }
    inputs = [mapping(entry) for entry in sequence(page.get("inputs"))]
    return _Side(
        settings=config,
        made_with={key: page.get(key) for key in ("model", "calibration")} | dict(mapping(page.get("versions"))),
        archives={name(entry.get("warc_file")): whole(entry.get("size")) for entry in inputs},
        funnel=funnel_of(manifest, tokens=total.tokens),
        languages={entry.language: entry for entry in (*languages, total)},
    )


def _differences(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[Setting]:
    for key in dict.fromkeys((*first, *second)):
        sides = [json.dumps(side[key], ensure_ascii=False) if key in side else "" for side in (first, second)]
        if sides[0] != sides[1]:
            yield Setting(key, *sides)


def _steps(first: Funnel, second: Funnel) -> Iterator[Step]:
    """In the order of the run: what either has."""
    yield Step("records", first.records, second.records)
    yield Step("responses", first.responses, second.responses)
    counts = [{(each.stage, each.reason, each.responses): each.records for each in f.rejected} for f in (first, second)]
    for stage, reason, responses in dict.fromkeys((*counts[0], *counts[1])):
        key = (stage, reason, responses)
        about = f"{stage}: {reason}" + ("" if responses else " (no responses)")
        yield Step(about, counts[0].get(key, 0), counts[1].get(key, 0))
    yield Step("rows", first.rows, second.rows)
    yield Step("tokens", first.tokens, second.tokens)


def _languages(first: Mapping[str, LanguageFigures], second: Mapping[str, LanguageFigures]) -> Iterator[LanguagePair]:
    def order(language: str) -> tuple[bool, int, str]:
        tokens = max(side[language].tokens for side in (first, second) if language in side)
        return language == "all", -tokens, language

    for language in sorted({*first, *second}, key=order):
        yield LanguagePair(language, first.get(language), second.get(language))
