"""The files of other projects that lie in this one, fetched again from npm and compared with what it says of them.

    python -m deploy.vendor          writes those of the report anew; no change if nothing was tampered with
    python -m deploy.vendor --tests  fetches what only tests need, into out/npm

transforms/report/assets/vendor/origin.toml is the table. Needs npm.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path

REPORT = Path("transforms/report/assets/vendor")
TESTS = Path("out/npm")


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, and which of its files are kept under which names, with the digest of each."""

    name: str
    version: str
    integrity: str  # of the archive, as npm tells it: sha512 in base64
    use: str  # "report" or "tests"
    files: tuple[tuple[str, str, str], ...]  # path in the archive, name here, SHA-256


def read_origin(path: Path = REPORT / "origin.toml") -> tuple[Package, ...]:
    """The table of origin."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Package(
            entry["name"],
            entry["version"],
            entry["integrity"],
            entry["use"],
            tuple((file["path"], file["name"], file["sha256"]) for file in entry["files"]),
        )
        for entry in table["package"]
    )


def fetch(package: Package, folder: Path) -> None:
    """Write the files of the package into the folder.

    Raises:
        SystemExit: the archive or a file in it is not the one of the table.
    """
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}", "--pack-destination", place]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        archive = next(Path(place).glob("*.tgz"))
        found = f"sha512-{b64encode(sha512(archive.read_bytes()).digest()).decode()}"
        _compare(f"{package.name} {package.version}", package.integrity, found)
        _unpack(archive, package, folder)


def _unpack(archive: Path, package: Package, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as files:
        for path, name, digest in package.files:
            member = files.extractfile(f"package/{path}")
            content = member.read() if member else b""
            _compare(f"{package.name} {package.version} {path}", digest, sha256(content).hexdigest())
            (folder / name).write_bytes(content)


def _compare(what: str, expected: str, found: str) -> None:
    if expected != found:
        raise SystemExit(f"{what}: expected {expected}, got {found}; keep the old files and find out why")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the files of one use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="what only tests need, into out/npm")
    use, folder = ("tests", TESTS) if parser.parse_args(arguments).tests else ("report", REPORT)
    for package in read_origin():
        if package.use == use:
            fetch(package, folder)
            print(f"{package.name} {package.version}: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
