"""The parser of a command, and the flags that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

from pipeline.arguments import whole_number
from transforms.errors import UsageError


class Parser(argparse.ArgumentParser):
    """argparse without abbreviations, whose errors are one line."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": argparse.RawDescriptionHelpFormatter} | settings)  # type: ignore[arg-type]
        self.verbs: Mapping[str, Parser] = MappingProxyType({})  # the commands below this one

    def error(self, message: str) -> NoReturn:
        """One line, as any other mistake."""
        raise UsageError(f"{message}; see `{self.prog} --help`")


class _OfCurate(argparse.Action):
    """A flag of curate that people look for where archives are read."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.error(
            f"{self.option_strings[0]} is of curate: `firsthand extract INPUT… --output DIR`, "
            f"then `firsthand curate DIR {self.option_strings[0]} …`"
        )


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Archives, and how many of their responses."""
    parser.usage = f"{parser.prog} INPUT… --output DIR [options] [-- BEAM FLAGS]"
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="archive, address, glob, directory, or @list with one a line"
    )
    add_base(parser)
    parser.add_argument(
        "--limit", type=whole_number, metavar="N", help="at most N responses: of each archive its first N / archives"
    )
    parser.add_argument("--against", action=_OfCurate, help=argparse.SUPPRESS)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")


def add_base(parser: argparse.ArgumentParser) -> None:
    """Where the lines of a list of inputs start."""
    parser.add_argument("--base", metavar="ADDRESS", help="what relative lines of an @list are relative to")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Where to write, on what engine, with what settings."""
    parser.add_argument("--output", required=True, metavar="DIR", help="where documents/, corpus/, … are written")
    add_engine(parser)
    add_config(parser)


def add_engine(parser: argparse.ArgumentParser) -> None:
    """What a job of Beam's takes."""
    parser.add_argument(
        "--workers", type=whole_number, metavar="N", help="local processes (default: one a core that has enough to do)"
    )
    parser.add_argument("--verbose", action="store_true", help="show the engine's log")


def add_config(parser: argparse.ArgumentParser) -> None:
    """Settings other than the defaults."""
    parser.add_argument(
        "--config", metavar="FILE.toml", help="settings other than the defaults, see `firsthand config`"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        dest="overrides",
        help="one setting; repeatable",
    )
