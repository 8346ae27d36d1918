"""Fixtures every test may use: development data, a small real crawl, what a run makes of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.make_crawl import make_crawl
from pipeline.cli import main


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real crawl files, gold text and labelled text, where they lie beside the checkout; skips where they do not."""
    path = Path(__file__).parent.parent.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("needs the development data in ../shared/data")
    return path


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes what a whole test run shares: the path of that name, filled by the first of its processes that asks."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder = root / name
        folder.mkdir(exist_ok=True)
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "whole").exists():
                fill(folder / "out")
                (folder / "whole").touch()
        return folder / "out"

    return make


def firsthand(*arguments: str) -> None:
    """Carry out a command of ours in this process, which must succeed."""
    assert main(list(arguments)) == 0


@pytest.fixture(scope="session")
def crawl(once: Once) -> Path:
    """A folder with three archives of some sixty pages, recorded over HTTP."""
    return once("recorded", lambda folder: make_crawl(folder, pages=48))


@pytest.fixture(scope="session")
def reference(once: Once, crawl: Path) -> Path:
    """The output of `firsthand run` over the crawl with one worker."""
    return once("reference", lambda out: firsthand("run", str(crawl), "--output", str(out), "--workers", "1"))


@pytest.fixture(scope="session")
def real_output(once: Once, shared_data: Path) -> Path:
    """The output of `firsthand run` over the development crawl; nobody may change it."""
    archives = str(shared_data / "crawl" / "*.warc.gz")
    return once("real", lambda out: firsthand("run", archives, "--output", str(out)))


@pytest.fixture(scope="session")
def recurated(once: Once, reference: Path) -> Path:
    """The documents of `reference` curated into another folder: near copies stay apart, weights are spread less."""
    changed = ("dedup.threshold=0.97", "weigh.rho=0.2", "weigh.beta=0.5", "weigh.cap=1.3")
    settings = [word for setting in changed for word in ("--set", setting)]
    return once(
        "recurated",
        lambda out: firsthand("curate", str(reference), "--output", str(out), "--workers", "1", *settings),
    )
