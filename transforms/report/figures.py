"""The figures of an output: exact counts from its manifest and cells, the rest from the rows, all of them or some."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pyarrow as pa

from transforms.report.cells import Cell, read_cells, read_early
from transforms.report.columns import read_distributions
from transforms.report.dates import read_dates
from transforms.report.duplicates import read_duplicates
from transforms.report.folder import Folder
from transforms.report.funnel import disagreements_of_cells, disagreements_of_files, funnel_of
from transforms.report.glimpse import Glimpse
from transforms.report.hosts import read_hosts
from transforms.report.languages import join_cells, prior_set, read_languages
from transforms.report.manifest import Manifest, read_manifest
from transforms.report.pages import read_ends
from transforms.report.shards import naming_output
from transforms.report.signs import read_abstentions, read_evidence, read_names
from transforms.report.story import LanguageFigures, Run, Scope, Story
from transforms.report.tables import Tables, open_tables

DISTRIBUTIONS = ("human_probability", "human_weight", "token_count", "quality", "detector_score")
_HOSTS, _PAGES, _COMPONENTS, _OTHERS = 20, 10, 10, 10  # most that are told


def read_story(folder: Folder, *, glimpse: Glimpse | None = None, rows: pa.Table | None = None) -> Story:
    """What the run that wrote the folder left behind.

    All rows are read, in the bounded memory of `open_tables`, and their counts are checked against manifest.json and
    cells.json; or, with a `glimpse`, those that it saw, and `scope` says so. `rows`: all of the corpus, read already.
    The funnel is exact either way but for its tokens, and these, languages and cells are where there is a cells.json.
    Floats are rounded to six digits.

    Raises:
        InputError: it is not the output of a finished run, or a file in it cannot be read.
    """
    manifest, cells = read_manifest(folder), read_cells(folder)
    with naming_output(folder.root), _open(folder, glimpse, rows) as tables:
        story, read = _story(folder, tables, manifest, cells)
        wrong = disagreements_of_cells(manifest, cells) if cells is not None else iter(())
        if glimpse is None:
            wrong = chain(wrong, disagreements_of_files(tables, manifest, read, story.languages))
        return replace(story, discrepancies=tuple(wrong))


def _open(folder: Folder, glimpse: Glimpse | None, rows: pa.Table | None) -> Tables:
    if glimpse is None:
        return open_tables(folder, corpus=rows)
    return open_tables(folder, corpus=glimpse.rows, rejections=glimpse.rejections)


def _story(
    folder: Folder, tables: Tables, manifest: Manifest, cells: tuple[Cell, ...] | None
) -> tuple[Story, tuple[LanguageFigures, ...]]:
    """The story but for its discrepancies, and the languages as the rows alone have them."""
    read = read_languages(tables)
    total, languages = read if cells is None else join_cells(cells)
    scope = Scope(max(manifest.rows, read[0].pages), read[0].pages)
    hosts, top_hosts = read_hosts(tables, _HOSTS)
    most_human, most_machine = read_ends(tables, _PAGES)
    story = Story(
        output=folder.root,
        finished=folder.holds("_SUCCESS"),
        run=_run(manifest),
        scope=scope,
        funnel=funnel_of(manifest, tokens=total.tokens),
        total=total,
        languages=languages,
        cells=tuple(cell.figures for cell in cells or ()),
        hosts=hosts,
        top_hosts=top_hosts,
        duplicates=read_duplicates(tables, components=_COMPONENTS, others=_OTHERS, against=manifest.against),
        dates=read_dates(tables),
        evidence=read_evidence(tables),
        rights=read_names(tables, "rights"),
        abstentions=read_abstentions(tables),
        rules=read_names(tables, "rules_failed"),
        distributions=read_distributions(tables, DISTRIBUTIONS),
        most_human=most_human,
        most_machine=most_machine,
        discrepancies=(),
        early=read_early(folder),
        prior_set=prior_set(cells or ()),
    )
    return story, read[1]


def _run(manifest: Manifest) -> Run:
    return Run(
        archives=manifest.archives,
        archive_bytes=manifest.archive_bytes,
        elapsed=manifest.elapsed,
        cpu_s=tuple(sorted(manifest.cpu_s.items())),
        config_digest=manifest.config_digest,
        model=manifest.model,
        calibration=manifest.calibration,
        version=manifest.version,
    )
