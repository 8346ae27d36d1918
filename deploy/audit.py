"""What firsthand stands on, compared with what deploy/dependencies.toml says of it: `python -m deploy.audit`.

Fails, a line each, for a licence that is not allowed, for a package that the list does not know or that has changed its
licence where what it says of it cannot be told to be allowed, for a release older than the one in which a known hole
was closed, and for a bound of setup.py that would allow one. A package that is only new to the list, as any release of
another project can bring one, is a line and no failure. `make audit` asks pip-audit for holes not known here yet.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

LIST = Path(__file__).with_name("dependencies.toml")
VENDORED = Path(__file__).parent.parent / "transforms/report/assets/vendor/origin.toml"
SHIPPED = ("", "aws", "gcp", "engines")
"""The extras that a user installs; the others are for those who work on firsthand, or for clients of its output."""

_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""What distributions without an SPDX expression write, in a classifier or in a line."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the list says of a package."""

    version: str  # the release that was looked at
    licence: str  # SPDX
    why: str  # what needs it, and what of strangers reaches it


@dataclass(frozen=True, slots=True)
class Advisory:
    """A published hole, and what it means for us."""

    package: str
    id: str
    fixed: str  # the first release without it; "" where there is none, or where we do not reach it and ask for none
    reached: str  # how a stranger could use it through us, or why not
    source: str  # the page that names id and releases: of a register of holes, or of the package itself


@dataclass(frozen=True, slots=True)
class Record:
    """The list."""

    allowed: frozenset[str]  # SPDX
    packages: Mapping[str, Known]
    vendored: Mapping[str, Known]  # packages of npm, of which files lie in the report
    advisories: tuple[Advisory, ...]


def read(path: Path = LIST) -> Record:
    """The list in the file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = {kind: {name: Known(**entry) for name, entry in table[kind].items()} for kind in ("python", "npm")}
    advisories = tuple(Advisory(**entry) for entry in table["advisory"])
    return Record(frozenset(table["allowed"]), kinds["python"], kinds["npm"], advisories)


def normal(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(extras: tuple[str, ...] = SHIPPED) -> dict[str, Distribution]:
    """What is installed of all that firsthand needs with these extras, by normal name."""
    found: dict[str, Distribution] = {}
    todo, seen = [("firsthand", extra) for extra in extras], set[tuple[str, str]]()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of an extra that is not installed here
            continue
        for line in requires(name) or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                todo += [(normal(need.name), each) for each in ("", *need.extras)]
    found.pop("firsthand")
    return found


def choices(licence: str) -> Iterator[frozenset[str]]:
    """The sets of licences that an SPDX expression lets one choose from: `A AND (B OR C)` is {A, B} or {A, C}."""
    for way in re.sub(r"(\S+) AND \((\S+) OR (\S+)\)", r"\1 AND \2 OR \1 AND \3", licence).split(" OR "):
        yield frozenset(way.split(" AND "))


def said_licence(metadata: PackageMetadata) -> str:
    """What a distribution says of its licence: an SPDX expression where it has one, else its own words."""
    expression = _lines(metadata, "License-Expression")
    return " ".join(expression or [*_classified(metadata), *(line[:200] for line in _lines(metadata, "License"))])


def is_allowed(metadata: PackageMetadata, allowed: frozenset[str]) -> bool:
    """Whether all that a distribution says of its licence names allowed ones, in SPDX or in words that are known."""
    said = _lines(metadata, "License-Expression") or _classified(metadata) or _lines(metadata, "License") or [""]
    return all(any(way <= allowed for way in choices(_SPDX.get(one, one))) for one in said)


def _classified(metadata: PackageMetadata) -> list[str]:
    classifiers = _lines(metadata, "Classifier")
    return [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]


def _lines(metadata: PackageMetadata, field: str) -> list[str]:
    return metadata.get_all(field) or []


def agrees(licence: str, said: str) -> bool:
    """Whether what a distribution says is the licence of the list; words are compared by family."""
    families = {re.split(r"[-\d]", part)[0].lower() for way in choices(licence) for part in way}
    alias = {"psf": "python software", "mpl": "mozilla", "cnri": "cnri", "historical": "hpnd"}
    text = said.lower()
    return not text.strip() or any(family in text or alias.get(family, family) in text for family in families)


def problems(record: Record, found: Mapping[str, Distribution]) -> Iterator[str]:
    """What is wrong, a sentence each with its cure."""
    yield from (line for line, allowed in unseen(record, found) if not allowed)
    yield from holes(record, found)
    yield from mistakes(record)


def unseen(record: Record, found: Mapping[str, Distribution]) -> Iterator[tuple[str, bool]]:
    """What is installed and not as the list has it: a sentence, and whether the licence that it says is allowed."""
    for name, package in sorted(found.items()):
        known, said = record.packages.get(name), said_licence(package.metadata)
        if known is not None and agrees(known.licence, said):
            continue
        looked = f"the list {known.licence}" if known else f"and is not in {LIST.name}"
        line = f"{name} {package.version} says its licence is {said.strip()[:80]!r}, {looked}: look at it"
        yield line, is_allowed(package.metadata, record.allowed)


def mistakes(record: Record) -> Iterator[str]:
    """What is wrong with the list itself, or with it beside the report and setup.py, whatever is installed."""
    yield from _licences(record)
    yield from _copied(record)
    yield from _bounds(record)


def _licences(record: Record) -> Iterator[str]:
    for name, known in sorted({**record.packages, **record.vendored}.items()):
        if not any(way <= record.allowed for way in choices(known.licence)):
            yield f"{name} is under {known.licence}, which is not among the allowed licences: do without it"


def _copied(record: Record) -> Iterator[str]:
    """Where the list and the table of files that lie in the report differ."""
    table = tomllib.loads(VENDORED.read_text(encoding="utf-8"))["package"]
    lie = {entry["name"]: entry["version"] for entry in table if entry["use"] == "report"}
    known = {name: each.version for name, each in record.vendored.items()}
    for name in sorted(lie.keys() | known.keys()):
        if lie.get(name) != known.get(name):
            yield f"{name} {lie.get(name)} lies in the report, {LIST.name} has {known.get(name)}: look at it again"


def holes(record: Record, found: Mapping[str, Distribution]) -> Iterator[str]:
    """Releases that are installed and older than the one in which a known hole was closed."""
    for hole in record.advisories:
        here = found.get(hole.package)
        if here and hole.fixed and Version(here.version) < Version(hole.fixed):
            yield f"{hole.package} {here.version} has {hole.id}: pip install '{hole.package}>={hole.fixed}'"


def _bounds(record: Record) -> Iterator[str]:
    """What setup.py would let pip install: only of packages that it names, the others are theirs who need them."""
    needs = {normal(need.name): need for need in map(Requirement, requires("firsthand") or ())}
    for hole in record.advisories:
        need = needs.get(hole.package)
        if need is None or not hole.fixed:
            continue
        least = [Version(each.version) for each in need.specifier if each.operator in {">=", "==", "~="}]
        if not least or max(least) < Version(hole.fixed):
            yield f"setup.py allows {hole.package} with {hole.id}: raise its bound to {hole.fixed}"


def newer(record: Record, found: Mapping[str, Distribution]) -> list[str]:
    """Packages of which a later release is installed than the one that was looked at."""
    known = record.packages
    return [
        f"{name} {known[name].version} → {each.version}"
        for name, each in sorted(found.items())
        if name in known and Version(each.version) > Version(known[name].version)
    ]


def main() -> int:
    """Say what is wrong; 1 if anything is."""
    record, found = read(), installed()
    wrong = list(problems(record, found))
    for line in wrong:
        print(f"audit: {line}", file=sys.stderr)
    for line in (line for line, allowed in unseen(record, found) if allowed):
        print(f"audit: no failure, as it is allowed: {line}", file=sys.stderr)
    later = newer(record, found)
    note = f"; looked at in earlier releases: {', '.join(later)}" if later else ""
    print(f"audit: {len(found)} packages, {len(record.advisories)} known advisories, {len(wrong)} problems{note}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
