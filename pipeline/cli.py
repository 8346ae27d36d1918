"""The command line: strict, one line for a mistake, heavy imports only where a command needs them."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from pipeline import commands
from pipeline.dataflow import TemplateWritten
from transforms.errors import ConfigError, FirsthandError, UsageError

DONE, FAILED, USAGE, REJECTED, INTERRUPTED = 0, 1, 2, 3, 130

_EPILOG = """exit codes:
  0    done
  1    failed: an input, the output or the engine; the message says what to do
  2    usage: the command line or the configuration
  3    finished, but a larger share of the responses was rejected than [run] max_rejected_share allows
  130  interrupted: the same command goes on where it stopped"""


_PRICES = {
    "cpu-hour": "of a worker with one core, an hour",
    "gb-month": "of storage, a GB for a month",
    "shuffle-gb": "of a GB shuffled",
    "thousand-reads": "of a store's requests",
    "thousand-writes": "of a store's requests",
    "input-gb": "of a GB of archive moved",
}


class _Parser(argparse.ArgumentParser):
    """argparse without abbreviations, whose errors are one line."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": argparse.RawDescriptionHelpFormatter} | settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):  # whatever the locale: pages are in every script
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options = _parse(given)
        logging.basicConfig(level=logging.INFO if getattr(options, "verbose", False) else logging.ERROR)
        code = int(options.command(options))
        sys.stdout.flush()  # a full disk is told here, not at exit
        return code
    except FirsthandError as error:
        for problem in error.problems if isinstance(error, ConfigError) else str(error).splitlines():
            _say(f"error: {problem}")
        if logging.getLogger().isEnabledFor(logging.INFO) and error.__cause__:
            logging.getLogger(__name__).info("cause", exc_info=error.__cause__)
        return error.exit_code
    except TemplateWritten as template:
        _say(str(template))
        return DONE
    except OSError as error:
        _abandon_stdout()
        if not isinstance(error, BrokenPipeError):  # its reader has gone, as `head` does
            _say(f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return FAILED
    except KeyboardInterrupt:
        _say("interrupted: what is committed stays, the same command goes on from there")
        sys.stdout.flush()
        sys.stderr.flush()
        if "apache_beam" in sys.modules:
            os._exit(INTERRUPTED)  # the engine's threads would finish their split first
        return INTERRUPTED


def _abandon_stdout() -> None:
    """What is still buffered cannot be written; the interpreter would try again at exit, and complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream in memory
        return


def _say(text: str) -> None:
    print(f"firsthand: {text}", file=sys.stderr, flush=True)


def _parse(given: list[str]) -> argparse.Namespace:
    ours, beam = given, []
    if "--" in given:
        cut = given.index("--")
        ours, beam = given[:cut], given[cut + 1 :]
    options = _parser().parse_args(ours)
    if beam and not hasattr(options, "beam"):
        raise UsageError(f"flags after `--` go to Beam, which this command does not use: {' '.join(beam)}")
    options.beam = tuple(beam)
    return options


def _parser() -> _Parser:
    parser = _Parser(prog="firsthand", description="Web crawls into weighted training corpora.", epilog=_EPILOG)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    run = verbs.add_parser("run", help="archives to weighted corpus: extract, then curate", epilog=_EPILOG)
    _add_inputs(run)
    _add_output(run)
    run.set_defaults(command=commands.run, beam=())

    extract = verbs.add_parser("extract", help="archives to documents", epilog=_EPILOG)
    _add_inputs(extract)
    _add_output(extract)
    extract.set_defaults(command=commands.extract, beam=())

    curate = verbs.add_parser("curate", help="documents to weighted corpus", epilog=_EPILOG)
    curate.add_argument("folders", nargs="*", metavar="DIR", help="outputs of extract")
    curate.add_argument("--documents", metavar="GLOB", help="documents files instead of whole outputs")
    _add_output(curate)
    curate.set_defaults(command=commands.curate, beam=())

    _add_plan(
        verbs.add_parser(
            "plan", help="what a run would take and leave, judged by a sample of its archives", epilog=_EPILOG
        )
    )

    rescore = verbs.add_parser(
        "rescore", help="score documents again that an older detector has scored", epilog=_EPILOG
    )
    rescore.add_argument("folder", metavar="DIR", help="output of extract or run; its archives are not needed")
    _add_engine(rescore)
    rescore.set_defaults(command=commands.rescore, beam=())

    score = verbs.add_parser("score", help="how likely a human wrote each text of a JSONL file")
    score.add_argument("file", nargs="?", default="-", metavar="FILE.jsonl", help="- (the default) is standard input")
    score.add_argument("--output", metavar="OUT", help="instead of standard output")
    score.add_argument(
        "--explain",
        type=_phrase_count,
        nargs="?",
        const=5,
        default=0,
        metavar="N",
        help="also the N phrases and N measures of style (5 if N is left out; default: 0) that speak most for a "
        "machine, and for a human",
    )
    score.add_argument(
        "--format", choices=("json", "text"), default="json", help="JSON lines (the default), or a block a text to read"
    )
    _add_config(score)
    score.set_defaults(command=commands.score)

    _add_inspect(verbs.add_parser("inspect", help="what an output holds"))

    config = verbs.add_parser("config", help="the effective configuration as TOML")
    _add_config(config)
    config.set_defaults(command=commands.config)

    schema = verbs.add_parser("schema", help="the columns of the output, as Markdown")
    schema.set_defaults(command=commands.schema)
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{parser.prog} INPUT… --output DIR [options] [-- BEAM FLAGS]"
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="archive, address, glob, directory, or @list with one a line"
    )
    _add_base(parser)
    parser.add_argument(
        "--limit", type=_whole_number, metavar="N", help="at most N responses, spread over the archives"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")


def _add_base(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base", metavar="ADDRESS", help="what relative lines of an @list are relative to")


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{parser.prog} INPUT… [--workers N] [options]"
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="as for run")
    _add_base(parser)
    parser.add_argument("--workers", type=_whole_number, metavar="N", help="default: as run takes on this machine")
    parser.add_argument("--engine", choices=("local", "flink", "dataflow"), default="local", help="default: local")
    parser.add_argument("--sample", type=_share, default=0.1, metavar="SHARE", help="of all bytes (default: 0.1)")
    parser.add_argument("--pages", type=_whole_number, default=2000, metavar="N", help="enough for a sample (2000)")
    parser.add_argument("--seconds", type=_whole_number, default=120, metavar="S", help="enough for a sample (120)")
    parser.add_argument("--seed", type=_whole_or_zero, default=0, metavar="N", help="where the sample is taken (0)")
    parser.add_argument(
        "--from", metavar="DIR", dest="earlier", help="no sample: the accounts of an earlier extraction"
    )
    parser.add_argument("--kept", type=_share, metavar="SHARE", help="of documents, kept by an earlier curation")
    for name, what in _PRICES.items():
        parser.add_argument(f"--price-{name}", type=_price, metavar="X", help=what)
    parser.add_argument("--json", action="store_true", help="for programs: bytes, seconds, intervals")
    _add_config(parser)
    parser.set_defaults(command=commands.plan)


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{parser.prog} DIR [what to look at] [--json] [-- BEAM FLAGS]"
    parser.add_argument("folder", metavar="DIR", help="output of run or curate")
    looks = parser.add_argument_group("what to look at, one of them (default: the whole in figures)")
    look = looks.add_mutually_exclusive_group()
    look.add_argument(
        "--column",
        action="append",
        metavar="NAME",
        dest="columns",
        help="how the values of a column are spread; repeatable; a quality signal is signals.NAME",
    )
    look.add_argument("--sample", type=_whole_number, metavar="N", help="N rows to read, chosen by chance")
    look.add_argument("--sql", metavar="QUERY", help="a query over the tables corpus, rejections, documents (DuckDB)")
    parser.add_argument("--where", metavar="EXPR", help="with --sample or --column: only rows for which this SQL holds")
    parser.add_argument("--seed", type=_whole_or_zero, metavar="N", help="with --sample: which rows (default: 0)")
    parser.add_argument("--json", action="store_true", help="for programs: all of it as JSON; of --sql, a line a row")
    parser.add_argument("--width", type=_width, metavar="N", help="columns of text, 72 or more (default: the terminal)")
    parser.set_defaults(command=commands.inspect, beam=())


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, metavar="DIR", help="where documents/, corpus/, … are written")
    _add_engine(parser)
    _add_config(parser)


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=_whole_number, metavar="N", help="local processes (default: one a core)")
    parser.add_argument("--verbose", action="store_true", help="show the engine's log")


def _add_config(parser: argparse.ArgumentParser) -> None:
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


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"expected a share above 0, at most 1, got {text!r}")
    return share


def _price(text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = -1.0
    if not 0 <= price < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a price, 0 or more, got {text!r}")
    return price


def _width(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 72 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"expected a number of columns from 72 to 10000, got {text!r}")
    return int(text)


def _whole_or_zero(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}")
    return int(text)


def _phrase_count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}; name the file before --explain")
    return int(text)
