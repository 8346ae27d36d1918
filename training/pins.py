"""The pinned Debian packages of `prose.toml`, and how each is fetched: by name and version, checked by its digest."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from training.prose import FORMS, form_of
from transforms.errors import ConfigError, InputError

LIST = Path(__file__).with_name("prose.toml")
MAX_PASSAGES = 80
"""Most passages of one package in one language."""

_TIMEOUT = 600  # seconds for one package
# Where packages keep what is written to be read.
_SHELVES = ("usr/share/doc/*", "usr/share/help/*", "usr/share/gnome/help/*", "usr/share/games/fortunes/*")
# Files of licences, names and versions; NEWS and README are wanted.
_DULL = re.compile(
    r"(?:changelog|copyright|copying|licen[sc]e|authors|contributors|credits|thanks|changes|todo|news\.debian|install(?:\.|$)"
    r"|l?gpl|fdl|genindex|search\.|py-modindex)"
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of the list."""

    name: str
    version: str
    sha256: str  # hex digest of the .deb
    languages: tuple[str, ...]  # in which it holds prose, as transforms.filter.language names them
    domain: str
    dated: str  # why its text is older than chatbots, in words; what is checked is the package itself
    read: tuple[str, ...] = _SHELVES  # patterns of paths; "*" stands for slashes too
    skip: tuple[str, ...] = ()
    form: str = ""  # how all files are read, if their paths do not tell
    most: int = 40  # passages in each language, so that no package and no kind dominates

    def wants(self, path: str) -> bool:
        """Whether prose is looked for in a file."""
        readable = bool(self.form or form_of(path)) and not _DULL.match(path.rpartition("/")[2].lower())
        return readable and _fits(path, self.read) and not _fits(path, self.skip)

    def problems(self) -> list[str]:
        """What is wrong with the entry, in sentences."""
        found = []
        if self.form and self.form not in FORMS:
            found.append(f"{self.name}: form is {self.form!r}, expected one of {', '.join(FORMS)}")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            found.append(f"{self.name}: sha256 is {self.sha256!r}, expected 64 hex digits: those of apt-cache show")
        if not 1 <= self.most <= MAX_PASSAGES:
            found.append(f"{self.name}: most is {self.most}, expected 1 to {MAX_PASSAGES}")
        if not self.languages:
            found.append(f"{self.name}: languages is empty, expected the codes of the languages it is written in")
        return found


def _fits(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def read_pins(path: Path = LIST) -> tuple[Pin, ...]:
    """The packages of a list in its order. Raises ConfigError with all that is wrong with it."""
    try:
        pins = tuple(_pin(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["package"])
    except (TypeError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{path}: {error}: expected tables [[package]] with the fields of training.pins.Pin"
        ) from error
    problems = [problem for pin in pins for problem in pin.problems()]
    names = [pin.name for pin in pins]
    problems += [f"{name}: listed twice, expected once" for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        raise ConfigError(problems)
    return pins


def _pin(entry: dict[str, str | int | list[str]]) -> Pin:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Pin(**fields)  # type: ignore[arg-type]  # a field that is missing or unknown is a TypeError


def fetch(pin: Pin, folder: Path) -> Path:
    """The package's file in a folder, downloaded by apt-get unless it is there.

    Raises InputError if the archive does not serve the pinned version, or serves other bytes.
    """
    kept = folder / f"{pin.sha256}.deb"
    if not kept.is_file():
        _download(pin, folder).rename(kept)
    if hashlib.sha256(kept.read_bytes()).hexdigest() != pin.sha256:
        kept.unlink()
        raise InputError(
            f"{pin.name} {pin.version}: got a file whose SHA-256 is not {pin.sha256}: give the same command again; "
            "if it stays, look at the package and pin what is served"
        )
    return kept


def _download(pin: Pin, folder: Path) -> Path:
    command = ["apt-get", "download", "--quiet=2", f"{pin.name}={pin.version}"]
    try:
        told = subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"{pin.name}: apt-get download failed ({error}): expected a Debian system") from error
    found = sorted(folder.glob(f"{pin.name}_*.deb"))
    if told.returncode or not found:
        reason = " ".join(told.stderr.split())[:200]
        raise InputError(
            f"{pin.name} {pin.version}: the archive does not serve it ({reason}): run apt-get update, pin the version "
            "that is served if its text is as old, or give --skip-missing"
        )
    return found[0]
