"""The configuration of a run: every stage's params composed, TOML in, effective TOML out, all mistakes at once."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from pipeline.toml_file import read_toml
from transforms.dedup.params import DedupParams, SignatureParams
from transforms.errors import ConfigError
from transforms.extract.extractor import ExtractParams
from transforms.filter.params import FilterParams
from transforms.read.params import ReadParams
from transforms.report.params import PublishParams
from transforms.score.params import ScoreParams
from transforms.weigh.params import WeighParams

EXTRACTING = ("read", "extract", "filter", "signature")  # sections that shape the documents files
# Sections that change no row: the `score` command's prior, how the work is cut, what the card says.
_NOT_ROWS = ("score", "run", "publish")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
Value = int | float | str | bool | tuple[str, ...]
Tables = dict[str, dict[str, object]]  # sections of a TOML file


@dataclass(frozen=True, slots=True)
class RunParams:
    """How the work is cut and when a run counts as failed. Nothing here changes a row of the corpus."""

    split_bytes: int = 64 << 20  # bytes of (compressed) archive in one split; a split is committed or redone whole
    row_group_bytes: int = 8 << 20  # bytes of text in one Parquet row group
    shard_bytes: int = 128 << 20  # bytes of text in one corpus shard; a worker holds about twice this
    max_rejected_share: float = 0.9  # of responses, 0–1; a run that rejects more ends with exit code 3

    def problems(self) -> list[str]:
        """Every value out of range, as sentences."""
        found = [
            f"{name} is {getattr(self, name)}, expected at least {least} bytes: raise it"
            for name, least in (("split_bytes", 4096), ("row_group_bytes", 1024), ("shard_bytes", 1024))
            if getattr(self, name) < least
        ]
        if not 0 <= self.max_rejected_share <= 1:
            found.append(
                f"max_rejected_share is {self.max_rejected_share}, expected 0 to 1: give a share, not a percentage"
            )
        return found


@dataclass(frozen=True, slots=True)
class Config:
    """All sections of the TOML file, in the order of the stages."""

    read: ReadParams = field(default_factory=ReadParams)
    extract: ExtractParams = field(default_factory=ExtractParams)
    filter: FilterParams = field(default_factory=FilterParams)
    score: ScoreParams = field(default_factory=ScoreParams)
    signature: SignatureParams = field(default_factory=SignatureParams)
    dedup: DedupParams = field(default_factory=DedupParams)
    weigh: WeighParams = field(default_factory=WeighParams)
    run: RunParams = field(default_factory=RunParams)
    publish: PublishParams = field(default_factory=PublishParams)

    def extraction(self) -> Tables:
        """The sections that shape the documents files, as TOML or JSON would hold them."""
        sections = {name: dataclasses.asdict(getattr(self, name)) for name in EXTRACTING}
        return {name: {key: _plain(value) for key, value in values.items()} for name, values in sections.items()}

    def digest(self) -> str:
        """Digest of what shapes the rows of the corpus: 16 hex digits. Independent of how the work is cut."""
        values = {name: dataclasses.asdict(getattr(self, name)) for name in sections() if name not in _NOT_ROWS}
        return blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=8).hexdigest()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def sections() -> dict[str, type]:
    """The sections of the TOML file and the params class of each."""
    return typing.get_type_hints(Config)


def load(path: str | None, overrides: tuple[str, ...] = (), *, documents: Tables | None = None) -> Config:
    """The defaults, changed by the TOML file and then by `section.key=value` overrides.

    With `documents`, the tables some documents were extracted with, extraction is configured as it was for them; what
    the file or the overrides say of it must agree.

    Raises:
        ConfigError: with every mistake in the file and the overrides.
    """
    tables, problems = ({}, []) if path is None else (read_toml(path), [])
    for override in overrides:
        problems += _apply(tables, override)
    if documents is None:
        return build(tables, problems)
    config = build(tables, problems)  # its own mistakes first
    made = build(dict(documents))
    for section in EXTRACTING:
        given = tables.get(section)
        for key in given if isinstance(given, dict) else ():
            asked, was = getattr(getattr(config, section), key), getattr(getattr(made, section), key)
            if asked != was:
                problems.append(
                    f"[{section}] {key} is {asked!r}, but the documents were made with {was!r}: extract again"
                )
    if problems:
        raise ConfigError(problems)
    return build({**tables, **documents})


def load_publish(path: str | None, overrides: tuple[str, ...], run: Mapping[str, object]) -> PublishParams:
    """The section [publish] of a run, changed by the TOML file and then by overrides, which may say nothing else.

    Raises:
        ConfigError: with every mistake in the file and the overrides.
    """
    tables, problems = ({}, []) if path is None else (read_toml(path), [])
    for override in overrides:
        problems += _apply(tables, override)
    given = tables.pop("publish", {})
    problems += [f"[{name}] is of how the rows were made: only [publish] can be changed now" for name in tables]
    return build({"publish": {**run, **given} if isinstance(given, dict) else given}, problems).publish


def build(tables: Mapping[str, object], problems: list[str] | None = None) -> Config:
    """The configuration these TOML tables describe; raises ConfigError with every mistake, `problems` first."""
    problems = list(problems or [])
    params = {}
    known = sections()
    for name, table in tables.items():
        if name not in known:
            problems.append(f"unknown section [{name}]: expected one of {', '.join(known)}")
        elif not isinstance(table, dict):
            problems.append(f"{name} is a value, expected a section: write [{name}]")
        else:
            params[name], mistakes = _params(name, known[name], table)
            problems += mistakes
    for name, value in params.items():
        problems += [f"[{name}] {problem.removeprefix(name + '.')}" for problem in value.problems()]
    config = Config(**params)
    if not problems:
        problems += _across(config)
    if problems:
        raise ConfigError(problems)
    return config


def _across(config: Config) -> list[str]:
    """Mistakes that no section can see alone."""
    return [f"[dedup] {problem}" for problem in config.dedup.misfits(config.signature.num_hashes)]


def _apply(tables: dict[str, object], override: str) -> list[str]:
    key, equals, text = override.partition("=")
    section, dot, name = key.strip().partition(".")
    if not (equals and dot and section and name):
        return [f"--set {override!r}: expected section.key=value, for example dedup.threshold=0.8"]
    table = tables.setdefault(section, {})
    if isinstance(table, dict):
        hints = typing.get_type_hints(sections()[section]) if section in sections() else {}
        table[name] = _literal(text.strip(), hints.get(name))
    return []


def _literal(text: str, hint: object) -> object:
    """The TOML value, or the text itself where it is none: `--set extract.extractor=precise` needs no quotes.

    Where a number is expected it may be written as people write it: TOML has no `.6`.
    """
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return float(text) if hint is float and _DECIMAL.fullmatch(text) else text


def _params(section: str, kind: type, table: dict[str, object]) -> tuple[typing.Any, list[str]]:
    hints = typing.get_type_hints(kind)
    values, problems = {}, []
    for key, value in table.items():
        if key not in hints:
            problems.append(f"[{section}] unknown key {key!r}: expected one of {', '.join(hints)}")
            continue
        try:
            values[key] = _coerce(value, hints[key])
        except TypeError:
            problems.append(f"[{section}] {key} is {_shown(value)}, expected {_name(hints[key])}")
    return kind(**values), problems


def _coerce(value: object, hint: object) -> object:
    """The value as the field's type; a list becomes a tuple, an int a float. Raises TypeError."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _first_fit(value, arguments)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError
        return tuple(_coerce(item, arguments[0]) for item in value)
    if type(value) is int and not -(1 << 63) <= value < 1 << 63:  # the range of TOML
        raise TypeError
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(hint, type) or type(value) is not hint:
        raise TypeError
    return value


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits; in hexadecimal, TOML reads them
        return "too long a number"


def _first_fit(value: object, hints: tuple[object, ...]) -> object:
    for hint in hints:
        try:
            return _coerce(value, hint)
        except TypeError:
            continue
    raise TypeError


def _name(hint: object) -> str:
    if typing.get_origin(hint) is tuple:
        return f"a list of {_name(typing.get_args(hint)[0])}"
    return {int: "a whole number", float: "a number", str: "text", bool: "true or false"}.get(hint, str(hint))  # type: ignore[call-overload,no-any-return]


def to_toml(config: Config) -> str:
    """The effective configuration as TOML, every value written out, with the meaning of each beside it."""
    return "\n".join(_lines(config)) + "\n"


def _lines(config: Config) -> Iterator[str]:
    for name in sections():
        params = getattr(config, name)
        yield f"[{name}]"
        for entry in dataclasses.fields(params):
            yield f"{entry.name} = {toml_value(getattr(params, entry.name))}"
        yield ""


def toml_value(value: Value) -> str:
    """The value as TOML writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)
