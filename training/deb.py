"""What lies in a Debian package, read as a stream: nothing is unpacked to disk, nothing is run, sizes are bounded."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from training.packed import unpack
from transforms.errors import InputError
from transforms.probability import seen_before_chatbots

MAX_FILE = 8 << 20
"""Bytes of one file, packed or unpacked: larger ones are no prose, or more of it than is wanted."""
MAX_TOTAL = 512 << 20
"""Bytes of all files kept of one package."""

_NO_LICENSE = "not stated"
_ENTRY = re.compile(r"^\S+ \(([^()\s]{1,100})\)[^\n]*$|^ -- [^\n]{0,200}?>  ([^\n]{10,60})$", re.MULTILINE)
_EPOCH, _REVISION = re.compile(r"^\d+:"), re.compile(r"-[^-]*$")
_STANZA = re.compile(r"^Files:\s*\*\s*\n(?:.*\n)*?License:[ \t]*(\S[^\n]{0,80})", re.MULTILINE)
_LICENSES = (
    (r"GNU Free Documentation License|\bGFDL\b", "GFDL"),
    (r"CC-BY-SA|Attribution[- ]Share ?Alike", "CC-BY-SA"),
    (r"Creative Commons", "Creative Commons"),
    (r"GNU Lesser General|\bLGPL\b", "LGPL"),
    (r"GNU (?:General )?Public License|\bGPL\b", "GPL"),
    (r"Artistic", "Artistic"),
    (r"Apache License", "Apache-2.0"),
    (r"Redistribution and use in source and binary forms", "BSD"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"public domain", "public domain"),
    (r"Permission (?:is granted|to use|is hereby granted)|may be (?:freely )?(?:distributed|copied)", "permissive"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A plain file of a package."""

    path: str  # without "./"
    modified: str  # ISO 8601 date
    data: bytes  # unpacked, if it was a gzip or bzip2 file


@dataclass(frozen=True, slots=True)
class Package:
    """The files that were asked for, and what the package says about itself."""

    files: tuple[File, ...]  # by path
    changelog: str  # "" if the package has none of its own
    copyright: str


def read_package(path: Path, name: str, wanted: Callable[[str], bool]) -> Package:
    """The files with a wanted path, of a package called `name`. Raises InputError if the package is damaged."""
    own = {f"usr/share/doc/{name}/{kind}": kind for kind in ("changelog.gz", "changelog.Debian.gz", "copyright")}
    files, about, total = [], dict.fromkeys(own.values(), ""), 0
    with _open(path) as archive:
        for file in _files(archive, lambda inner: inner in own or wanted(inner)):
            if file.path in own:
                about[own[file.path]] = file.data.decode("utf-8", "replace")
            elif total + len(file.data) <= MAX_TOTAL:
                total += len(file.data)
                files.append(file)
    changelog = about["changelog.Debian.gz"] or about["changelog.gz"]
    return Package(tuple(sorted(files, key=lambda file: file.path)), changelog, about["copyright"])


@contextmanager
def _open(path: Path) -> Iterator[tarfile.TarFile]:
    """The files of a package as a tar stream, unpacked by dpkg-deb, which runs none of the package's scripts."""
    command = ["dpkg-deb", "--fsys-tarfile", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            stream: IO[bytes] | None = process.stdout
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                yield archive
        except (tarfile.TarError, EOFError, OSError) as error:
            raise InputError(f"{path.name} is damaged ({error}): delete it and give the same command again") from error
        finally:
            process.kill()


def _files(archive: tarfile.TarFile, wanted: Callable[[str], bool]) -> Iterator[File]:
    for member in archive:
        path = member.name.removeprefix("./")
        if member.isreg() and member.size <= MAX_FILE and wanted(path):
            source = archive.extractfile(member)
            data = unpack(source.read(MAX_FILE), MAX_FILE) if source else None
            if data is not None:
                yield File(path, datetime.fromtimestamp(member.mtime, UTC).date().isoformat(), data)


def written_by(changelog: str) -> str:
    """The ISO date by which a package's text was surely written; "" if its changelog does not say.

    That is the date of the newest entry, or, where later entries only package the same upstream release again, of the
    oldest entry of that release. A package without upstream ("native") has no such releases.
    """
    entries = _entries(changelog)
    if not entries:
        return ""
    version, newest = entries[0]
    if seen_before_chatbots(newest) or "-" not in version:
        return newest
    return min(date for other, date in entries if upstream(other) == upstream(version))


def upstream(version: str) -> str:
    """A Debian version without epoch and Debian revision.

    >>> upstream("1:43.0-2")
    '43.0'
    """
    return _REVISION.sub("", _EPOCH.sub("", version))


def _entries(changelog: str) -> list[tuple[str, str]]:
    """Version and ISO date of each entry, newest first; entries whose date cannot be read are left out."""
    entries, version = [], ""
    for match in _ENTRY.finditer(changelog):
        if match[1]:
            version = match[1]
        elif version:
            try:
                entries.append((version, parsedate_to_datetime(match[2].strip()).date().isoformat()))
            except ValueError:
                continue
    return entries


def license_of(copyright_file: str) -> str:
    """The licence of most of a package in short: as its copyright file names it, or the first it speaks of."""
    if match := _STANZA.search(copyright_file):
        return match[1].strip()
    found = [(match.start(), name) for pattern, name in _LICENSES if (match := re.search(pattern, copyright_file))]
    return min(found)[1] if found else _NO_LICENSE
