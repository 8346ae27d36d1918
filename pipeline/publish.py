"""What every run leaves beside its corpus for people, and for those who pass the corpus on: report, card, metadata."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import BinaryIO

import pyarrow as pa

from pipeline.config import load_publish
from pipeline.output import CARD, KEPT, PUBLISHED, Output
from pipeline.reader_pages import marks_of, reader_pages
from pipeline.seal import Page
from pipeline.uncurated import check_curated
from transforms.report.card import card
from transforms.report.croissant import croissant_json
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.glimpse import Glimpse, all_rows, glimpse_of
from transforms.report.loose import mapping
from transforms.report.manifest import read_manifest
from transforms.report.page import report_html
from transforms.report.pages import read_by_chance
from transforms.report.params import PublishParams
from transforms.report.prov import prov_json
from transforms.report.publication import read_publication
from transforms.report.sources import sources_csv, sources_of
from transforms.report.story import ReaderPage, Story
from transforms.report.tables import open_tables
from transforms.score.detector import Detector
from transforms.write.stage import commit, is_local, list_files, open_file

_ENDS, _BY_CHANCE = 10, 16  # pages to be read in the report: from each end, and by chance


def publish(
    output: Output, manifest: bytes, *, params: PublishParams | None = None, most_rows: int | None, finished: bool
) -> Story:
    """Write report.html, README.md, croissant.json, prov.json and sources.csv; returns the figures in them.

    `manifest`: as it stands in the output. `params`: other than those of the run. `most_rows`: read that many rows of a
    larger corpus, None for all. `finished`: whether what is missing to a finished run is only this. A README.md without
    the line that says where it comes from is somebody's own, and stays.

    Raises:
        InputError: a file of the output cannot be read.
        OutputError: one cannot be written.
    """
    folder = Folder(output.root) if is_local(output.root) else Folder(output.root, list_files, open_file)
    page: Page = json.loads(manifest)
    glimpse = None if most_rows is None else glimpse_of(folder, most_rows)
    rows = all_rows(folder) if most_rows is not None and glimpse is None else None  # few: once for 30 queries
    story = replace(read_story(folder, glimpse=glimpse, rows=rows), finished=finished)
    told = replace(story, output=output.root.rstrip("/").rpartition("/")[2])  # where it lies is nobody's business
    publication, sources = read_publication(page, params), sources_of(folder, glimpse=glimpse, rows=rows)
    contents = {
        "report.html": report_html(told, _pages(folder, story, glimpse, rows)),
        "croissant.json": croissant_json(told, publication, sources, manifest=manifest),
        "prov.json": prov_json(told, publication, manifest=manifest),
        "sources.csv": sources_csv(sources),
        CARD: card(told, publication, sources) + KEPT + b"\n",
    }
    for name, content in contents.items():
        if name != CARD or not output.has_own_card():
            with output.guarded():
                commit(output.path(name), partial(_write, content))
    return story


def _pages(folder: Folder, story: Story, glimpse: Glimpse | None, rows: pa.Table | None) -> tuple[ReaderPage, ...]:
    """Pages from both ends and by chance, marked if the detector at hand is the one that scored them."""
    with open_tables(folder, corpus=glimpse.rows if glimpse else rows, rejections=()) as tables:
        by_chance = read_by_chance(tables, _BY_CHANCE, seed=0)
    chosen = [
        *(("most human", line) for line in story.most_human[:_ENDS]),
        *(("most machine-like", line) for line in story.most_machine[:_ENDS]),
        *(("at random", line) for line in by_chance),
    ]
    detector = Detector.load()
    mark = marks_of(detector) if detector.model_id == story.run.model else None
    return reader_pages(folder, glimpse.paths if glimpse else folder.parquet("corpus"), chosen, mark)


def _write(content: bytes, sink: BinaryIO) -> None:
    sink.write(content)


def publish_again(folder: Folder, config: str | None, overrides: tuple[str, ...]) -> tuple[str, ...]:
    """Write all of it anew, from every row of a finished output; returns the paths of what was written.

    `config`, a TOML file, and `overrides` may change the section [publish] of the run.

    Raises:
        ConfigError: they say something else.
        InputError: it is not the output of a finished run, or a file of it cannot be read.
        OutputError: something cannot be written, would replace somebody's own, or another run is writing there.
    """
    check_curated(folder)
    read_manifest(folder)  # says what is wrong with a folder that is none of ours
    output = Output(folder.root)
    output.check_published()
    with output.locked():
        with closing(folder.open_file(folder.path("manifest.json"))) as file:
            manifest = file.read()
        run = mapping(mapping(json.loads(manifest).get("config")).get("publish"))
        params = load_publish(config, overrides, run)
        publish(output, manifest, params=params, most_rows=None, finished=folder.holds("_SUCCESS"))
    names = PUBLISHED if output.has_own_card() else (*PUBLISHED, CARD)
    return tuple(output.path(name) for name in names)
