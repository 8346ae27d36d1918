from __future__ import annotations

import ast

from tests.loaders.page import sections

RUN = {
    "The figure that every loader is held to": "test_figure",
    "Hugging Face datasets": "test_hugging_face",
    "PyTorch": "test_torch",
    "DuckDB": "test_duckdb",
    "Polars": "test_polars",
    "Spark": "test_spark",
    "Whole copies as JSON lines": "test_copies",
    "MosaicML streaming": "test_mosaic",
    "Mixing to exact token shares": "test_mixing",
}


def test_every_section_with_code_has_a_test_that_runs_it() -> None:
    assert list(sections()) == list(RUN)


def test_every_python_block_parses() -> None:
    texts = [text for blocks in sections().values() for language, text in blocks if language == "python"]
    assert len(texts) > 10
    assert all(ast.parse(text).body for text in texts)
