"""Real outputs for loaders: of the recorded crawl, and of the development crawl where it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest


@pytest.fixture(scope="session", params=["reference", "real_output"], ids=["recorded", "real"])
def output(request: pytest.FixtureRequest) -> Path:
    """The output of a run."""
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.fixture
def folder(output: Path, tmp_path: Path) -> Iterator[Path]:
    """The working directory of the test: in it `out/demo` is that output, as docs/training.md has it."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "demo").symlink_to(output)
    with chdir(tmp_path):
        yield tmp_path


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hugging Face's `datasets`, without a network and with its cache in a temporary folder; skips if it is missing."""
    before = dict(os.environ)
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path_factory.mktemp("hugging")),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    pytest.importorskip("datasets", reason="needs pip install 'firsthand[loaders]'")  # reads these variables only once
    yield
    os.environ.clear()
    os.environ.update(before)
