"""`inspect --why`: the whole story of a page, gathered from what a run wrote about it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import cast

from pipeline.why.copies import copies_of
from pipeline.why.find import find_captures
from pipeline.why.opinion import opinion_of, other_detector
from pipeline.why.run import Run, read_run
from pipeline.why.story import Answer, BrokenRule, Capture, Extracted, Opinion, Outcome, PageStory, Place
from pipeline.why.weight import Weighing, find_cell, weigh_row
from transforms.filter.language import Language
from transforms.filter.reading import rejecting_rules
from transforms.filter.rules import RULES, checks
from transforms.filter.thresholds import Override, overridden, parse_override
from transforms.original import Original
from transforms.rejection import MEANING, Reason
from transforms.report.folder import Folder
from transforms.report.rows import Row
from transforms.report.shards import naming_output
from transforms.score.detector import Detector
from transforms.terminal import clean

_LINES = 6  # of the text
_LINE = 300  # characters
_MEASURED = re.compile(r"([a-z0-9_]+)=([-+0-9.e]+|inf|nan)(?=,|$)")  # in the detail of a rejection for quality
_GUNZIP = (".gz", ".warc", ".arc")  # what warcio's command reads


def answer(folder: Folder, key: str) -> Answer:
    """The story of the page that a key names; of several captures that of the first, see `find_captures`.

    Raises:
        UsageError, InputError: the key names nothing, or the folder is no finished output.
    """
    run = read_run(folder)
    with naming_output(folder.root):
        captures = find_captures(folder, key)
        return Answer(key, tuple(captures), len(captures) - 1, tell(run, captures[0], Detector.load()))


def tell(run: Run, page: Capture, detector: Detector) -> PageStory:
    """The story of a record of a run."""
    kept = None if page.reason else run.corpus_rows([page.id])[page.id]
    place = {page.id: (page.warc_file, page.record_offset)}
    row = kept if page.stage != "dedup" else run.documents_rows(place).get(page.id)
    weighing = None if kept is None else _weighing(run, kept, detector)
    opinion = None if row is None else opinion_of(run, row, detector)
    return PageStory(
        id=page.id,
        url=page.url,
        outcome=_outcome(page, kept),
        place=_place(run, page, row),
        extracted=None if row is None else _extracted(row),
        broken=_broken(run, row) if row is not None else _measured(run, page.reason, page.detail),
        copies=copies_of(run, page, kept),
        opinion=opinion,
        weighing=weighing,
        notices=tuple(_notices(run, page, row, opinion, weighing)),
    )


def _outcome(page: Capture, kept: Row | None) -> Outcome:
    known = page.reason in Reason.__members__.values()
    return Outcome(
        kept=kept is not None,
        stage=page.stage,
        reason=page.reason,
        meaning=MEANING[Reason(page.reason)][1] if known else "",
        detail=page.detail,
        first_seen="" if kept is None else str(kept["first_seen"]),
    )


def _place(run: Run, page: Capture, row: Row | None) -> Place:
    archive = str(row["file_path"]) if row is not None else run.archive(page.warc_file)
    length = cast(int, row["record_length"]) if row is not None else 0
    return Place(
        archive=archive,
        warc_file=page.warc_file,
        record_offset=page.record_offset,
        record_length=length or None,
        record_id=page.record_id,
        record_type=page.record_type,
        date=page.date if row is None else str(row["date"]),
        payload_digest="" if row is None else str(row["payload_digest"]),
        command=show_command(archive, page.record_offset, length),
    )


def show_command(archive: str, offset: int, length: int) -> str:
    """A command line that shows the record; "" if the archive is not at hand, or its name is not fit for a terminal."""
    if clean(archive, len(archive) + 1) != archive:
        return ""
    if archive.startswith(("https://", "http://")) and archive.endswith(".gz") and length:
        return f"curl -s -r {offset}-{offset + length - 1} {shlex.quote(archive)} | gzip -dc"
    if archive.endswith(_GUNZIP) and os.path.isfile(archive):
        return f"warcio extract {shlex.quote(archive)} {offset}"
    return ""


def _extracted(row: Row) -> Extracted:
    text = str(row["text"])
    lines = [line.strip() for line in text[: 100 * _LINE].splitlines() if line.strip()]
    return Extracted(
        extractor=str(row["extractor"]),
        charset=str(row["charset"]),
        title=str(row["title"]),
        published=str(row["published"]),
        published_source=str(row["published_source"]),
        rights=tuple(cast(list[str], row["rights"])),
        token_count=cast(int, row["token_count"]),
        language=str(row["language"]),
        language_script=str(row["language_script"]),
        language_score=cast(float, row["language_score"]),
        quality=cast(float, row["quality"]),
        text_digest=str(row["text_digest"]),
        characters=len(text),
        beginning=tuple(line[:_LINE] for line in lines[:_LINES]),
    )


def _broken(run: Run, row: Row) -> tuple[BrokenRule, ...]:
    """The rules that a row breaks, with each comparison that shows it."""
    broken, rejecting = cast(list[str], row["rules_failed"]), rejecting_rules(run.config.filter.reject)
    found = Language(str(row["language"]), str(row["language_script"]), cast(float, row["language_score"]))
    settings = map(parse_override, run.config.filter.thresholds)
    thresholds = overridden(found, [each for each in settings if isinstance(each, Override)])
    made = [check for check in checks(cast(Mapping[str, float], row["signals"]), thresholds) if check.rule in broken]
    rounded = set(broken) - {check.rule for check in made if check.broken}  # signals are stored with 24 bits
    return tuple(
        BrokenRule(c.rule, RULES[c.rule].meaning, c.signal, c.value, c.comparison, c.threshold, c.rule in rejecting)
        for c in made
        if c.broken or c.rule in rounded
    )


def _measured(run: Run, reason: str, detail: str) -> tuple[BrokenRule, ...]:
    """The rules that a rejection for quality names: no language and no other signals are known of such a page."""
    if reason != Reason.QUALITY:
        return ()
    rejecting = rejecting_rules(run.config.filter.reject)
    named = [(rule, float(value)) for rule, value in _MEASURED.findall(detail) if rule in RULES]
    return tuple(BrokenRule(rule, RULES[rule].meaning, "", value, "", None, rule in rejecting) for rule, value in named)


def _weighing(run: Run, row: Row, detector: Detector) -> Weighing | None:
    cell = find_cell(run.cells, row, run.config.weigh)
    calibration = None if other_detector(run, detector) else detector.calibration
    return None if cell is None else weigh_row(row, cell, run.config.weigh, calibration)


def _notices(run: Run, page: Capture, row: Row | None, opinion: Opinion | None, weighing: Weighing | None) -> list[str]:
    found = []
    if page.stage == "dedup" and row is None:
        found.append(
            "its document is in none of the folders that the corpus was made from: " + ", ".join(run.documents)
        )
    original = Original.of(page.detail)
    if original is not None and original.earlier and run.earlier_run(original.earlier) is None:
        place = run.earlier.get(original.earlier, "an output that the manifest does not name")
        found.append(f"its keeper is a row of an earlier corpus, {place}, which is not at hand or has changed")
    if opinion is not None and opinion.other_detector:
        found.append(
            f"the installed detector is {opinion.other_detector}, and the run's was {run.model}, calibration "
            f"{run.calibration}: phrases and measures of style are what the installed one sees"
        )
    if not page.reason and weighing is None:
        found.append("cells.json does not have the cell of this row: run the same curate again")
    if weighing is not None and not weighing.agrees:
        found.append("the row holds other numbers than this arithmetic gives: it was changed, or is of another run")
    return found
