"""Are these the files that were written? Names, sizes, SHA-256, and the chain over them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from contextlib import closing

import pyarrow.parquet as pq

from pipeline.seal import CHAIN, FILES, chain
from pipeline.verify.check import UNREADABLE, Check, Findings, many, skipped
from pipeline.verify.claim import Claim, Listed, is_sealed
from pipeline.verify.progress import Pulse
from transforms.report.folder import Folder
from transforms.write.digest import digest_of

SEALED_FOLDERS = ("corpus", "rejections")
_OLD = "the manifest lists no files: an early release wrote it"


def check_files(folder: Folder, claim: Claim, pulse: Pulse) -> Check:
    """Every listed file is there as it was written, and no other lies among them."""
    if claim.files is None:
        return skipped("files", _OLD)
    findings, size = Findings(), 0
    for number, listed in enumerate(claim.files):
        pulse("files", number, len(claim.files))
        _compare(folder, listed, findings)
        size += listed.bytes
    listed_paths = {listed.path for listed in claim.files}
    if len(listed_paths) < len(claim.files):
        findings.add("manifest.json lists a file twice")
    for name in _found(folder):
        if name not in listed_paths:
            findings.add(f"{name} is not among the files of the manifest: it was added")
    said = f"names, sizes and SHA-256 of the {many(len(claim.files), 'file')} in the manifest, {size / 1e6:.1f} MB"
    return findings.check("files", said)


def _compare(folder: Folder, listed: Listed, findings: Findings) -> None:
    if posixpath.normpath(listed.path) != listed.path or listed.path.startswith(("/", "..")) or "://" in listed.path:
        findings.add(f"manifest.json lists {listed.path!r}, which is no file of an output")
        return
    try:
        with closing(folder.open_file(folder.path(listed.path))) as file:
            found = digest_of(file)
    except FileNotFoundError:
        findings.add(f"{listed.path} is missing")
    except UNREADABLE as error:
        findings.add(f"{listed.path} cannot be read: {error}")
    else:
        if found.bytes != listed.bytes:
            findings.add(f"{listed.path} has {found.bytes} bytes, the manifest says {listed.bytes}")
        elif found.sha256 != listed.sha256:
            findings.add(f"{listed.path} was changed: its SHA-256 is {found.sha256}, the manifest says {listed.sha256}")


def shards_of(claim: Claim) -> list[Listed]:
    """The files of the corpus that the manifest lists."""
    return [file for file in claim.files or () if file.path.startswith("corpus/")]


def changed_end(folder: Folder, listed: Listed) -> str | None:
    """What a Parquet file's size and the number of rows in its footer have against the manifest; no row is read.

    Raises what the folder and Arrow do if it cannot be read.
    """
    try:
        opened = folder.open_file(folder.path(listed.path))
    except FileNotFoundError:
        return "is missing"
    with closing(opened) as file:
        if (size := file.seek(0, os.SEEK_END)) != listed.bytes:
            return f"has {size} bytes, the manifest says {listed.bytes}"
        rows = pq.read_metadata(file).num_rows
    return None if rows == listed.rows else f"has {rows} rows, the manifest says {listed.rows}"


def _found(folder: Folder) -> list[str]:
    """The files of the folders that the chain answers for, but those still being written and what a system hides."""
    paths = [(name, path) for name in SEALED_FOLDERS for path in folder.list_files(folder.path(name), "*")]
    names = [f"{name}/{posixpath.basename(path)}" for name, path in paths]
    return [name for name in names if not posixpath.basename(name).startswith(".")]


def check_chain(folder: Folder, claim: Claim, head: str | None) -> Check:
    """The chain comes out as the manifest, the mark of success and who asks have its head."""
    mark = _mark(folder)
    if not is_sealed(claim) and head is None and not mark:
        return skipped("chain", "the manifest has no chain: an early release wrote it")
    findings = Findings()
    link = claim.page.get(CHAIN)
    told: Mapping[str, object] = link if isinstance(link, dict) else {}
    entries = claim.page.get(FILES)
    start, found = chain(claim.page, entries if isinstance(entries, list) else [])
    if not is_sealed(claim):
        findings.add("manifest.json has no chain, though the output was sealed: it was taken out")
    elif told.get("start") != start:
        findings.add("manifest.json was changed outside its list of files: its own digest is not the chain's start")
    if is_sealed(claim) and told.get("head") != found:
        findings.add(f"the chain of manifest.json comes out as {found}, it says {told.get('head')}")
    if mark != found and mark is not None:
        findings.add(f"_SUCCESS has the head {mark or '(none)'}, the chain comes out as {found}")
    if mark is None:
        findings.add("there is no _SUCCESS: the run did not finish, or it was deleted")
    if head is not None and head.lower() != found:
        findings.add(f"the head you kept is {head.lower()}, the chain comes out as {found}: this is another output")
    kept = " and the head you kept" if head is not None else ""
    said = f"{many(1 + len(claim.files or ()), 'link')} from the manifest to the head, beside _SUCCESS{kept}"
    return findings.check("chain", said)


def _mark(folder: Folder) -> str | None:
    """What _SUCCESS holds, None if there is none; if it cannot be read, why."""
    try:
        with closing(folder.open_file(folder.path("_SUCCESS"))) as file:
            return file.read(1000).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except UNREADABLE as error:
        return f"(none: {error})"
