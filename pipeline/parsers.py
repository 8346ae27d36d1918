"""What each command takes: one function a command, in the order of --help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.metadata import version
from typing import TypeAlias

from pipeline import commands
from pipeline.arguments import names, phrase_count, price, share, whole_number, whole_or_zero, width
from pipeline.exit_codes import EPILOG
from pipeline.shared_flags import Parser, add_base, add_config, add_engine, add_inputs, add_output

# Adds a command by its name, with what the list of commands says of it.
_New: TypeAlias = "Callable[..., Parser]"

_PRICES = {
    "cpu-hour": "of a worker with one core, an hour",
    "gb-month": "of storage, a GB for a month",
    "shuffle-gb": "of a GB shuffled",
    "thousand-reads": "of a store's requests",
    "thousand-writes": "of a store's requests",
    "input-gb": "of a GB of archive moved",
}


def parser() -> Parser:
    """The parser of `firsthand`, with every command."""
    whole = Parser(prog="firsthand", description="Web crawls into weighted training corpora.", epilog=EPILOG)
    whole.add_argument("--version", action=_Version, nargs=0, help="print the release")
    verbs = whole.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    whole.verbs = verbs.choices

    def new(name: str, *, help: str) -> Parser:
        return verbs.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.", epilog=EPILOG)

    for add in (
        _add_run,
        _add_extract,
        _add_curate,
        _add_plan,
        _add_rescore,
        _add_score,
        _add_inspect,
        _add_report,
        _add_verify,
        _add_export,
    ):
        add(new)
    _add_config_command(new)
    _add_schema(new)
    return whole


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"{parser.prog} {version('firsthand')}")
        parser.exit()


def _add_run(new: _New) -> None:
    run = new("run", help="archives to weighted corpus: extract, then curate")
    add_inputs(run)
    add_output(run)
    run.set_defaults(command=commands.run, beam=())


def _add_extract(new: _New) -> None:
    extract = new("extract", help="archives to documents")
    add_inputs(extract)
    add_output(extract)
    extract.set_defaults(command=commands.extract, beam=())


def _add_curate(new: _New) -> None:
    curate = new("curate", help="documents to weighted corpus")
    curate.add_argument("folders", nargs="*", metavar="DIR", help="outputs of extract")
    curate.add_argument("--documents", metavar="GLOB", help="documents files instead of whole outputs")
    curate.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="DIR",
        help="an earlier output, which stays as it is: what its corpus has is a duplicate here; may be given again",
    )
    add_output(curate)
    curate.set_defaults(command=commands.curate, beam=())


def _add_plan(new: _New) -> None:
    plan = new("plan", help="what a run would take and leave, judged by a sample of its archives")
    plan.usage = f"{plan.prog} INPUT… [--workers N] [options]"
    plan.add_argument("inputs", nargs="+", metavar="INPUT", help="as for run")
    add_base(plan)
    plan.add_argument("--workers", type=whole_number, metavar="N", help="default: as run takes on this machine")
    plan.add_argument("--engine", choices=("local", "flink", "dataflow"), default="local", help="default: local")
    plan.add_argument("--sample", type=share, default=0.1, metavar="SHARE", help="of all bytes (default: 0.1)")
    plan.add_argument("--pages", type=whole_number, default=2000, metavar="N", help="enough for a sample (2000)")
    plan.add_argument("--seconds", type=whole_number, default=120, metavar="S", help="enough for a sample (120)")
    plan.add_argument("--seed", type=whole_or_zero, default=0, metavar="N", help="where the sample is taken (0)")
    plan.add_argument("--from", metavar="DIR", dest="earlier", help="no sample: the accounts of an earlier extraction")
    plan.add_argument("--kept", type=share, metavar="SHARE", help="of documents, kept by an earlier curation")
    for name, what in _PRICES.items():
        plan.add_argument(f"--price-{name}", type=price, metavar="X", help=what)
    plan.add_argument("--json", action="store_true", help="for programs: bytes, seconds, intervals")
    add_config(plan)
    plan.set_defaults(command=commands.plan)


def _add_rescore(new: _New) -> None:
    rescore = new("rescore", help="score documents again that an older detector has scored")
    rescore.add_argument("folder", metavar="DIR", help="output of extract or run; its archives are not needed")
    add_engine(rescore)
    rescore.set_defaults(command=commands.rescore, beam=())


def _add_score(new: _New) -> None:
    score = new("score", help="how likely a human wrote each text of a JSONL file")
    score.add_argument("file", nargs="?", default="-", metavar="FILE.jsonl", help="- (the default) is standard input")
    score.add_argument("--output", metavar="OUT", help="instead of standard output")
    score.add_argument(
        "--explain",
        type=phrase_count,
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
    add_config(score)
    score.set_defaults(command=commands.score)


def _add_inspect(new: _New) -> None:
    inspect = new("inspect", help="what an output holds")
    inspect.usage = f"{inspect.prog} DIR [what to look at] [--json] [-- BEAM FLAGS]"
    inspect.add_argument("folder", metavar="DIR", help="output of run or curate")
    looks = inspect.add_argument_group("what to look at, one of them (default: the whole in figures)")
    look = looks.add_mutually_exclusive_group()
    look.add_argument(
        "--column",
        action="append",
        metavar="NAME",
        dest="columns",
        help="how the values of a column are spread; repeatable; a quality signal is signals.NAME",
    )
    look.add_argument("--quick", action="store_true", help="the whole in figures, from some 50,000 rows: in seconds")
    look.add_argument("--sample", type=whole_number, metavar="N", help="N rows to read, chosen by chance")
    look.add_argument("--sql", metavar="QUERY", help="a query over the tables corpus, rejections, documents (DuckDB)")
    look.add_argument(
        "--why", metavar="PAGE", help="a page's whole story; PAGE: its URL, id, 8 or more digits of it, WARC-Record-ID"
    )
    look.add_argument("--compare", metavar="DIR2", help="another output: what moved from DIR to DIR2, and why")
    inspect.add_argument(
        "--where", metavar="EXPR", help="with --sample or --column: only rows for which this SQL holds"
    )
    inspect.add_argument("--seed", type=whole_or_zero, metavar="N", help="with --sample: which rows (default: 0)")
    inspect.add_argument("--json", action="store_true", help="for programs: all of it as JSON; of --sql, a line a row")
    inspect.add_argument("--width", type=width, metavar="N", help="columns of text, 72 or more (default: the terminal)")
    inspect.set_defaults(command=commands.inspect, beam=())


def _add_report(new: _New) -> None:
    report = new("report", help="report, card and metadata of an output made anew, from all of its rows")
    report.usage = f"{report.prog} DIR [--set publish.KEY=VALUE] [options] [-- BEAM FLAGS]"
    report.add_argument("folder", metavar="DIR", help="output of run or curate")
    add_config(report)
    report.set_defaults(command=commands.report, beam=())


def _add_verify(new: _New) -> None:
    verify = new("verify", help="whether an output is still what its run wrote, and its rows make it")
    verify.usage = f"{verify.prog} DIR [--head HEX] [options] [-- BEAM FLAGS]"
    verify.add_argument("folder", metavar="DIR", help="output of run or curate")
    verify.add_argument("--head", metavar="HEX", help="the head of its chain, as you kept it elsewhere")
    verify.add_argument(
        "--archives",
        choices=("none", "sample", "all"),
        default="sample",
        help="rows to take back to their archives (default: sample)",
    )
    verify.add_argument("--rows", type=whole_number, metavar="N", help="rows of the sample (default: 20)")
    verify.add_argument("--seed", type=whole_or_zero, default=0, metavar="N", help="which rows (default: 0)")
    verify.add_argument("--input-root", metavar="DIR", help="where the archives lie now, by their short names")
    verify.add_argument("--json", action="store_true", help="for programs: every check with what it found")
    verify.add_argument("--width", type=width, metavar="N", help="columns of text, 72 or more (default: the terminal)")
    verify.set_defaults(command=commands.verify, beam=())


def _add_export(new: _New) -> None:
    export = new("export", help="a corpus as JSON lines or MDS, also as whole copies")
    export.usage = f"{export.prog} DIR --output OUT [--repeats | --buckets] [options] [-- BEAM FLAGS]"
    export.add_argument("folder", metavar="DIR", help="output of run or curate")
    export.add_argument("--output", required=True, metavar="OUT", help="a new folder; the same command goes on in it")
    export.add_argument("--format", choices=("jsonl", "mds"), help="default: jsonl, compressed by zstd")
    layout = export.add_mutually_exclusive_group()
    layout.add_argument(
        "--repeats",
        action="store_const",
        const="copies",
        dest="layout",
        help="whole copies of each row, expected_repeats on average, for trainers that know no weights",
    )
    layout.add_argument(
        "--buckets",
        action="store_const",
        const="buckets",
        dest="layout",
        help="a folder for each weight band of a language, and streams.json: how often each is to be seen",
    )
    export.add_argument(
        "--columns",
        type=names,
        metavar="A,B",
        help="all, or names that `firsthand schema` lists (default: text,id,url,language,token_count,human_weight,"
        "expected_repeats,weight_bucket)",
    )
    export.add_argument("--where", metavar="EXPR", help="only rows for which this SQL holds")
    export.add_argument("--seed", type=whole_or_zero, metavar="N", help="of the order and of the copies (default: 0)")
    export.add_argument(
        "--shard-bytes", type=whole_number, metavar="N", help="of a shard before compression (default: 134217728)"
    )
    export.add_argument(
        "--window-bytes",
        type=whole_number,
        metavar="N",
        help="of rows put in one order by one process, on as much local disk (default: 4294967296)",
    )
    add_engine(export)
    export.set_defaults(command=commands.export, beam=())


def _add_config_command(new: _New) -> None:
    config = new("config", help="the effective configuration as TOML")
    add_config(config)
    config.set_defaults(command=commands.config)


def _add_schema(new: _New) -> None:
    new("schema", help="the columns of the output, as Markdown").set_defaults(command=commands.schema)
