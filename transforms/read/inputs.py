"""Which files the user's inputs name.

Local paths are looked up here; whatever has a scheme (`https://`, `s3://`, `gs://`, `hdfs://` …) is left to functions
that the Beam edge provides, and a file there that is given by its own name is not looked up at all: a list may name
90,000, and a first look reads a few. Problems are collected, so that the user learns of all of them at once.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from transforms.read.address import explain, is_remote, is_web, local_path, refuse, why, with_lower_scheme
from transforms.read.lists import ListError, read_list, refuse_base, resolve

# .warc.wet.gz, .warc.wat.gz are Common Crawl's names; .open is an archive that a crawler still writes or left behind.
ARCHIVE_NAME = re.compile(r"\.(?:w?arc|wat|wet)(?:\.(?:wat|wet))?(?:\.(?:gz|zst))?(?:\.open)?$", re.IGNORECASE)
_MISSING = "no such file"
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Files:
    """How files are found and opened.

    Both raise UnknownSchemeError where there is no such file system, ImportError where its package is missing, and
    whatever the file system itself raises.
    """

    match: Callable[[str], list[tuple[str, int]]]  # remote pattern → (address, bytes) of the files that match
    open: Callable[[str], BinaryIO]  # path or address → the bytes of a file


@dataclass(frozen=True, slots=True)
class Found:
    """One file that the inputs name."""

    file_path: str  # absolute path, or URI
    size: int | None  # bytes; None for a remote file that has not been looked up
    named: bool  # given by its own name, not met in a directory or by a wildcard


@dataclass(slots=True)
class Findings:
    """The files found, what is wrong with the inputs, and what a user may not expect of them, a line each."""

    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _found: dict[str, Found] = field(default_factory=dict)  # by real path, or URI

    @property
    def files(self) -> dict[str, Found]:
        """The files by path, in order of path."""
        return {found.file_path: found for found in sorted(self._found.values(), key=lambda found: found.file_path)}

    def add(self, found: Found, *, real_path: str) -> None:
        """Add a file, unless it is known by another address: links to it, `./a` and `a`.

        It counts as named if any of them was given. It is opened by its real path if that is among them, else by the
        least, so that the order of the inputs does not matter.
        """
        known = self._found.get(real_path, found)
        if known.file_path != found.file_path:
            self.notices.append(f"{found.file_path} is {known.file_path} by another name: it is read once")
        least = min(known.file_path, found.file_path, key=lambda path: (path != real_path, path))
        self._found[real_path] = Found(least, found.size, found.named or known.named)


def find_inputs(patterns: Sequence[str], files: Files, *, base: str | None = None) -> Findings:
    """The files that these inputs name: paths, globs (`**` too), directories, `@lists` of inputs, URIs.

    `base` is what relative lines of the lists are relative to, see `resolve`.
    """
    findings = Findings()
    if base is not None:
        has_lists = any(pattern.startswith("@") for pattern in patterns)
        refusal = refuse_base(base) if has_lists else "--base is for the lines of an @list: leave it out, or give one"
        if refusal:
            findings.problems.append(refusal)
            return findings
    for pattern in patterns:
        if pattern.startswith("@"):
            _find_listed(pattern[1:], files, findings, base=base)
        else:
            _find(pattern, files, findings)
    if not patterns:
        findings.problems.append("no input: name an archive, a directory, a glob or an @list")
    return findings


def _find(entry: str, files: Files, findings: Findings) -> None:
    if is_remote(entry):
        _find_remote(entry, files, findings)
    else:
        _find_local(entry, findings)


def _find_listed(source: str, files: Files, findings: Findings, *, base: str | None) -> None:
    """Find what the lines of a list name."""
    lines = _lines(source, files, findings.problems)
    known = len(findings.problems)
    for line in lines:
        try:
            _find(resolve(line, source=source, base=base), files, findings)
        except ListError as error:
            findings.problems.append(f"{line!r} of the list {source!r} is not read: {error}")
    if base is None and any(problem.startswith(_MISSING) for problem in findings.problems[known:]):
        hint = f"the list {source!r} names files that are not here: if they are below an address, name it by --base"
        findings.problems.insert(known, hint)  # before the lines: of many, only the first are shown


def _lines(source: str, files: Files, problems: list[str]) -> list[str]:
    """The lines of a list; none, and a problem more, if it cannot be read."""
    refusal = refuse(source)
    if refusal:
        problems.append(refusal)
        return []
    try:
        with files.open(with_lower_scheme(source) if is_remote(source) else local_path(source) or source) as stream:
            lines = read_list(stream)
    except ListError as error:
        problems.append(f"cannot read the list {source!r}: {error}")
        return []
    except Exception as error:  # noqa: BLE001 — as for lookups below
        cure = "give a text file with one input a line"
        problems.append(
            explain(source, error) if is_remote(source) else f"cannot read the list {source!r} ({why(error)}): {cure}"
        )
        return []
    if not lines:
        problems.append(f"the list {source!r} names no input: put one on each line")
    return lines


def _find_local(entry: str, findings: Findings) -> None:
    path = local_path(entry)
    if path is None:
        findings.problems.append(f"{entry!r} names another machine: a local file has three slashes, as in file:///path")
    elif os.path.isdir(path):
        _find_in_directory(path, entry, findings)
    elif os.path.lexists(path):
        _add_local(path, findings, named=True)
    elif _WILDCARD.search(path) and "\0" not in path:
        _find_by_glob(path, entry, findings)
    else:
        findings.problems.append(f"{_MISSING}: {entry!r}: check the path")


def _find_in_directory(path: str, entry: str, findings: Findings) -> None:
    archives = list(_walk(path, findings))
    for archive in archives:
        _add_local(archive, findings, named=False)
    if not archives:
        wanted = ".warc, .warc.gz, .warc.zst, .arc, .arc.gz"
        findings.problems.append(f"no archive in the directory {entry!r}: expected names that end in {wanted}")


def _find_by_glob(path: str, entry: str, findings: Findings) -> None:
    matches = glob.glob(path, recursive=True)
    for match in matches:
        if os.path.isdir(match):
            for archive in _walk(match, findings):
                _add_local(archive, findings, named=False)
        else:
            _add_local(match, findings, named=False)
    if not matches:
        findings.problems.append(f"nothing matches {entry!r}: check it, and quote it so that the shell leaves it alone")


def _walk(directory: str, findings: Findings) -> Iterator[str]:
    """The archives below a directory, by name. Links to directories are followed, each directory entered once."""

    def unreadable(error: OSError) -> None:
        findings.problems.append(f"cannot list {error.filename!r} ({why(error)}): check its permissions")

    others = 0
    entered: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(directory, onerror=unreadable, followlinks=True):
        status = os.stat(folder)
        folders.sort()  # which of two links to a directory is entered must not depend on the file system
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        archives = [name for name in names if ARCHIVE_NAME.search(name)]
        others += len(names) - len(archives)
        yield from (os.path.join(folder, name) for name in archives)
    if others:
        findings.notices.append(
            f"{directory}: files not named like an archive are left out ({others}); a glob takes them"
        )


def _add_local(path: str, findings: Findings, *, named: bool) -> None:
    try:
        status = os.stat(path)
    except OSError as error:
        findings.problems.append(f"cannot read {path!r} ({why(error)}): repair the link or its permissions")
        return
    if os.path.isfile(path):
        found = Found(os.path.abspath(path), status.st_size, named)
        findings.add(found, real_path=os.path.realpath(path))
    elif named:
        findings.problems.append(f"{path!r} is no regular file: write what it gives to a file first")
    else:
        findings.notices.append(f"{path!r} is no regular file: it is left out")


def _find_remote(entry: str, files: Files, findings: Findings) -> None:
    refusal = refuse(entry)
    if refusal:
        findings.problems.append(refusal)
        return
    if is_web(entry) or (not _WILDCARD.search(entry) and not entry.endswith("/")):
        address = with_lower_scheme(entry)
        findings.add(Found(address, None, named=True), real_path=address)
        return
    pattern = f"{entry}**" if entry.endswith("/") else entry
    try:
        matches = files.match(pattern)
    except Exception as error:  # noqa: BLE001 — every file system raises its own: all mean that it cannot be listed
        findings.problems.append(explain(entry, error))
        return
    if entry.endswith("/"):
        matches = [match for match in matches if ARCHIVE_NAME.search(match[0])]
    if not matches:
        findings.problems.append(f"nothing at {entry!r}: check the address; a directory must end in /")
    for address, size in matches:
        findings.add(Found(address, size, named=False), real_path=address)
