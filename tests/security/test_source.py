"""What no file of ours may import, call or excuse, read from the source. Ruff's rules S do the rest."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for top in ("pipeline", "transforms") for path in (ROOT / top).rglob("*.py")
)

# Data that is code: to read it is to run it.
RUNS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "jsonpickle", "marshal", "shelve", "yaml"}
RUNS |= {"torch"}
RUNS |= {f"apache_beam.internal.{name}" for name in ("pickler", "cloudpickle_pickler", "dill_pickler")}
# What speaks to others, starts programs or calls C by hand.
REACHES = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "telnetlib", "xmlrpc", "requests", "urllib3"}
REACHES |= {"httpx", "aiohttp", "grpc", "boto3", "botocore", "google.cloud", "google.auth", "google.api_core"}
REACHES |= {"_socket", "asyncio", "fsspec", "gcsfs", "imaplib", "nntplib", "poplib", "pyarrow.flight", "pyarrow.fs"}
REACHES |= {"s3fs", "socketserver", "webbrowser", "websockets", "wsgiref"}
REACHES |= {"subprocess", "_posixsubprocess", "multiprocessing", "concurrent.futures.process", "pty", "ctypes", "cffi"}
# Parsers that follow what a document names, unless told not to each time; and trafilatura's own fetching.
FOLLOWS = {"xml", "lxml.objectify", "lxml.sax", "trafilatura.downloads", "trafilatura.feeds", "trafilatura.sitemaps"}
FOLLOWS |= {"trafilatura.spider", "trafilatura.cli", "htmldate.cli"}

ALLOWED = {
    # Beam's own pickles, of our own functions, between our own processes.
    "pipeline/dask.py": {"apache_beam.internal.pickler"},
    "pipeline/run.py": {"apache_beam.internal.cloudpickle_pickler", "grpc"},  # sets its filter of paths; a job server
    "pipeline/local.py": {"grpc"},  # talk with workers, over sockets of this user
    "pipeline/workers.py": {"subprocess"},  # workers of the local runner
    "pipeline/interruption.py": {"grpc"},  # the name of an error
    "pipeline/flink.py": {"socket"},  # whether a port is open
    "pipeline/export/pool.py": {"multiprocessing"},
    "transforms/extract/process.py": {"subprocess"},  # the child that parses pages
    "transforms/memory.py": {"ctypes"},  # malloc_trim of the C library
    "transforms/read/exchange.py": {"socket", "ssl", "urllib3"},  # inputs on the web
    "transforms/read/deadline.py": {"http", "socket", "urllib3"},
    "transforms/read/ranges.py": {"urllib3"},
    "transforms/read/network.py": {"socket", "urllib3"},  # inet_aton, which asks nobody; how the library parses a URL
    "transforms/report/tables.py": {"pyarrow.fs"},  # the folder of an output as Arrow wants one
    "transforms/store/s3.py": {"boto3", "botocore"},
    "transforms/store/gs.py": {"google.api_core", "google.auth", "google.cloud", "requests"},  # requests: its errors
    "transforms/store/stage.py": {"google.cloud"},
}
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
ATTRIBUTES = {"system", "popen", "mktemp", "fetch_url", "fetch_response", "set_library", "load_module"}
ATTRIBUTES |= {f"{how}{of}" for how in ("exec", "spawn") for of in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")}
ATTRIBUTES |= {"fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile", "ProcessPoolExecutor"}
ATTRIBUTES |= {"__import__", "read_pickle", "extractall", "unpack_archive"}
NUMPY = {"load", "fromregex", "memmap"}  # of numpy: np.load may unpickle
MAY = {
    "transforms/read/stage.py": {"importlib.import_module", "import_module"},  # file systems, by a table of our own
    "pipeline/export/pool.py": {"concurrent.futures.ProcessPoolExecutor"},
}

EXCUSED = {"S106", "S108", "S311", "S603", "S608"}
"""Rules of ruff that a line may be excused from: a password that is none, a folder in /tmp, chance that is no secret, a
program that we name, SQL of our own columns. Not: eval (S307), exec (S102), pickle (S301), a shell (S602, S605)."""


@cache
def tree(module: str) -> ast.AST:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module:
            yield each.module
            yield from (f"{each.module}.{alias.name}" for alias in each.names)


def forbidden(node: ast.AST) -> set[str]:
    """Names of RUNS, REACHES and FOLLOWS that are imported, also below them."""
    known = RUNS | REACHES | FOLLOWS
    prefixes = ((".".join(name.split(".")[:n])) for name in imported(node) for n in range(1, name.count(".") + 2))
    return {name for name in prefixes if name in known}


def is_barred(of: str, name: str) -> bool:
    """Whether nothing may call, or import to call, what has this name in this module or object."""
    barred = {"np": NUMPY, "numpy": NUMPY, "builtins": CALLS, "importlib": {"import_module"}}.get(of, set())
    return name in ATTRIBUTES | barred


def called(node: ast.AST) -> set[str]:
    """Forbidden calls, imports of what may not be called, and arguments that make a call forbidden."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom):
            names = [(each.module or "", alias.name) for alias in each.names]
            found |= {f"{of}.{name}" for of, name in names if is_barred(of, name)}
        if not isinstance(each, ast.Call):
            continue
        function = each.func
        if isinstance(function, ast.Name) and function.id in CALLS | {"import_module"}:
            found.add(function.id)
        if isinstance(function, ast.Attribute):
            of = function.value.id if isinstance(function.value, ast.Name) else ""
            if is_barred(of, function.attr):
                found.add(f"{of}.{function.attr}")
        for given in each.keywords:
            if given.arg in {"shell", "allow_pickle"} and not (
                isinstance(given.value, ast.Constant) and given.value.value is False
            ):
                found.add(f"{given.arg}=")
    return found


def test_nothing_that_runs_data_reaches_out_or_follows_a_document_is_imported_but_where_it_must_be() -> None:
    found = {module: forbidden(tree(module)) - ALLOWED.get(module, set()) for module in MODULES}
    assert {module: names for module, names in found.items() if names} == {}


def test_nothing_runs_a_text_or_a_shell() -> None:
    found = {module: called(tree(module)) for module in MODULES}
    assert {module: names for module, names in found.items() if names} == MAY


def test_no_line_is_excused_from_a_rule_about_running_data() -> None:
    for module in MODULES:
        lines = (ROOT / module).read_text(encoding="utf-8").splitlines()
        excuses = {rule for line in lines for rule in re.findall(r"\bS\d{3}\b", line.partition("# noqa:")[2])}
        assert excuses <= EXCUSED, module


def test_ruff_is_asked_for_its_rules_about_security_and_no_file_of_ours_is_left_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in settings["select"]
    assert [rule for rule in settings["ignore"] if rule.startswith("S")] == ["S101"]
    assert {name for name, rules in settings["per-file-ignores"].items() if "S" in rules} == {"tests/*"}


def test_every_permission_is_used() -> None:
    for module, names in ALLOWED.items():
        assert names <= forbidden(tree(module)), module


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import pickle", {"pickle"}),
        ("from urllib import request", {"urllib.request"}),
        ("import xml.etree.ElementTree", {"xml"}),
        ("from apache_beam.internal import pickler", {"apache_beam.internal.pickler"}),
        ("import asyncio", {"asyncio"}),
        ("import selectors, socketserver", {"socketserver"}),
        ("from concurrent.futures.process import BrokenProcessPool", {"concurrent.futures.process"}),
        ("import fsspec", {"fsspec"}),
        ("from pyarrow import fs", {"pyarrow.fs"}),
        ("import pyarrow.fs", {"pyarrow.fs"}),
        ("import urllib.parse, lxml.html, concurrent.futures, pyarrow.parquet", set()),
    ],
)
def test_an_import_is_seen_in_every_form(program: str, told: set[str]) -> None:
    assert forbidden(ast.parse(program)) == told


@pytest.mark.parametrize(
    "program",
    [
        "eval(x)",
        "builtins.eval(x)",
        "from builtins import eval as f",
        "importlib.__import__(x)",
        "os.system(x)",
        "from os import system",
        "from os import getpid, execv",
        "os.posix_spawn(x, y, z)",
        "os.fork()",
        "os.startfile(x)",
        "concurrent.futures.ProcessPoolExecutor()",
        "from concurrent.futures import ProcessPoolExecutor",
        "run(x, shell=True)",
        "run(x, shell=y)",
        "np.load(x)",
        "from numpy import load",
        "pandas.read_pickle(x)",
        "tarfile.open(x).extractall()",
        "f(allow_pickle=1)",
    ],
)
def test_a_call_is_seen_in_every_form(program: str) -> None:
    assert called(ast.parse(program))


@pytest.mark.parametrize(
    "program", ["json.load(x)", "re.compile(x)", "from json import load", "import numpy", "a.fork"]
)
def test_what_only_sounds_like_one_is_let_through(program: str) -> None:
    assert not called(ast.parse(program))
