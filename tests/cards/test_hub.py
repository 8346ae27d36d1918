"""README.md as `datasets` and the Hugging Face Hub read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

datasets = pytest.importorskip("datasets", reason="datasets is not installed: pip install -e .[loaders]")


def test_the_rows_of_the_corpus_are_the_data_set(published: Path, tmp_path: Path) -> None:
    found = datasets.load_dataset(str(published), cache_dir=str(tmp_path))
    assert list(found) == ["train"]
    assert found["train"].num_rows == json.loads((published / "manifest.json").read_text())["counts"]["rows"]


def test_the_front_matter_is_what_the_hub_expects(published: Path) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed: pip install -e .[loaders]")
    data = hub.DatasetCard.load(published / "README.md").data
    assert data.license == "odc-by"
    assert data.pretty_name == "ferries"
    assert "en" in data.language
    assert data.size_categories == ["n<1K"]
    assert data.configs[0]["data_files"] == [{"split": "train", "path": "corpus/*.parquet"}]
