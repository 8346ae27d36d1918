"""The generated pages: complete, and as fresh as the source."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from pipeline.config import Config, sections
from pipeline.reference import PAGES, configuration_page, field_meanings, main, schema_page
from transforms.rejection import MEANING, Reason
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, SIGNALS

ROOT = Path(__file__).parent.parent.parent


def test_the_pages_in_the_tree_are_fresh() -> None:
    assert main(["--check", str(ROOT / "docs")]) == 0


def test_a_stale_page_is_found_and_mended(tmp_path: Path) -> None:
    (tmp_path / "schema.md").write_text("old")
    assert main(["--check", str(tmp_path)]) == 1
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAGES)


def test_every_column_signal_and_reason_is_on_the_schema_page() -> None:
    page = schema_page()
    for name in [*(c.name for c in (*CORPUS, *DOCUMENTS, *REJECTIONS)), *SIGNALS, *Reason]:
        assert f"`{name}`" in page
    assert set(MEANING) == set(Reason)


def test_every_key_of_the_configuration_says_what_it_does() -> None:
    page = configuration_page()
    for section, kind in sections().items():
        meanings = field_meanings(kind)
        for entry in dataclasses.fields(getattr(Config(), section)):
            assert f"`{entry.name}`" in page
            assert meanings[entry.name], f"[{section}] {entry.name} has no comment"
