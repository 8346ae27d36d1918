"""Fixtures every test may use: development data, a small real crawl, what a run makes of it."""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three archives of some sixty pages, recorded over HTTP."""
    folder = tmp_path_factory.mktemp("recorded") / "crawl"
    make_crawl(folder, pages=48)
    return folder


@pytest.fixture(scope="session")
def reference(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `firsthand run` over the crawl with one worker."""
    output = tmp_path_factory.mktemp("reference") / "out"
    assert main(["run", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    return output


@pytest.fixture(scope="session")
def real_output(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `firsthand run` over the development crawl; nobody may change it."""
    output = tmp_path_factory.mktemp("real") / "out"
    assert main(["run", str(shared_data / "crawl" / "*.warc.gz"), "--output", str(output)]) == 0
    return output


@pytest.fixture(scope="session")
def recurated(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents of `reference` curated into another folder: near copies stay apart, weights are spread less."""
    output = tmp_path_factory.mktemp("recurated") / "out"
    changed = ("dedup.threshold=0.97", "weigh.rho=0.2", "weigh.beta=0.5", "weigh.cap=1.3")
    settings = [word for setting in changed for word in ("--set", setting)]
    assert main(["curate", str(reference), "--output", str(output), "--workers", "1", *settings]) == 0
    return output
