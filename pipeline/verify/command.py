"""`firsthand verify`: is an output still what its run wrote, and is that what its rows and archives make?"""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.inspection import find_folder, width_of
from pipeline.place import place_of
from pipeline.reading import steady
from pipeline.seal import head_of
from pipeline.verify.archives import OpenArchive, Sample, check_archives
from pipeline.verify.check import Check, State, skipped
from pipeline.verify.claim import earlier_of, read_claim
from pipeline.verify.counts import RejectionReader, check_counts, check_duplicates
from pipeline.verify.documents import check_documents
from pipeline.verify.earlier import EarlierKeys, check_earlier
from pipeline.verify.files import check_chain, check_files
from pipeline.verify.keys import KeyStore
from pipeline.verify.means import check_means
from pipeline.verify.progress import Pulse
from pipeline.verify.rows import RowReader
from pipeline.verify.view import render, to_json
from pipeline.verify.weights import check_weights
from transforms.errors import UsageError
from transforms.report.folder import Folder

ROWS = 20
"""Rows taken back to their archives unless the user says otherwise."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of every check, in order."""

    root: str
    version: str  # of this project, that made the output
    head: str  # of the chain, as the manifest has it; "" if it has none
    checks: tuple[Check, ...]

    @property
    def failed(self) -> int:
        """Checks that found something."""
        return sum(check.state is State.FAILED for check in self.checks)


def verify(
    folder: Folder, *, head: str | None, sample: Sample | None, open_archive: OpenArchive, pulse: Pulse
) -> Verification:
    """Make all checks, whatever each of them finds. `sample`: None leaves the archives alone.

    Memory is bounded by a row group, the keys of one bucket, the files in the manifest, and a sample.
    """
    claim = read_claim(folder)
    checks = [check_files(folder, claim, pulse), check_chain(folder, claim, head)]
    with KeyStore() as keys, KeyStore() as others:
        earlier = EarlierKeys(claim, others)
        documents, places = check_documents(folder, claim, keys, pulse)
        corpus, refused = RowReader(folder, claim, keys, places), RejectionReader(folder, keys, earlier)
        of_rows = corpus.read(pulse)
        refused.read(pulse)
        checks += [check_counts(claim, corpus.count, refused), *of_rows, documents]
        checks.append(check_duplicates(claim, keys, corpus.count, refused.count))
        if earlier_of(claim):
            checks.append(check_earlier(folder, claim, earlier, pulse))
    checks.append(check_means(folder, claim, pulse))
    checks += check_weights(folder, claim, pulse)
    if sample is None:
        checks.append(skipped("archives", "not asked for: --archives none"))
    else:
        checks.append(check_archives(folder, claim, corpus.count.by_file, sample, open_archive, pulse))
    return Verification(folder.root, claim.version, head_of(claim.page), tuple(checks))


def run(options: argparse.Namespace) -> int:
    """Verify what the command line names, print what was found; returns 0, or 1 if a check failed."""
    folder = find_folder(options.folder, options.beam)
    head, sample = _head(options.head), _sample(options)
    with steady(folder), closing(Pulse()) as pulse:
        done = verify(folder, head=head, sample=sample, open_archive=_open_archive, pulse=pulse)
    if options.json:
        print(to_json(done.root, done.version, done.head, done.checks))
    else:
        print(render(done.root, done.version, done.head, done.checks, width=width_of(options)), end="")
    return 1 if done.failed else 0


def _head(text: str | None) -> str | None:
    if text is not None and not (len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")):
        raise UsageError(f"--head is {text!r}, expected the 64 hex digits that the run said, or that _SUCCESS held")
    return text


def _sample(options: argparse.Namespace) -> Sample | None:
    if options.archives == "none":
        if options.input_root or options.rows:
            raise UsageError("--archives none leaves the archives alone: leave out --rows and --input-root")
        return None
    if options.archives == "all" and options.rows:
        raise UsageError("--archives all takes every row: leave out --rows")
    root = place_of(options.input_root) if options.input_root else None
    return Sample(None if options.archives == "all" else options.rows or ROWS, options.seed, root)


def _open_archive(path: str) -> BinaryIO:
    from transforms.read.stage import open_archive  # Beam's file systems, of which a local folder needs none

    return open_archive(path)
