"""The rules of the house about who imports whom, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAGES = ("read", "extract", "filter", "score", "dedup", "weigh", "write", "report")
BEAM = {
    "pipeline/bundles.py",
    "pipeline/dask.py",
    "pipeline/graph.py",
    "pipeline/local.py",
    "pipeline/options.py",
    "pipeline/run.py",
    "pipeline/signatures.py",
    "pipeline/startup.py",
    "transforms/read/http.py",
}
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for top in ("pipeline", "transforms") for path in (ROOT / top).rglob("*.py")
)


def imports(module: str) -> set[str]:
    """Every module named by an import statement anywhere in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("module", MODULES)
def test_beam_is_imported_only_at_the_edge(module: str) -> None:
    edge = module in BEAM or (module.startswith("transforms/") and module.endswith("/stage.py"))
    assert edge or not any(name.split(".")[0] == "apache_beam" for name in imports(module))


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("transforms/")])
def test_transforms_never_import_the_pipeline_or_another_stage(module: str) -> None:
    own = module.split("/")[1]
    others = {f"transforms.{stage}" for stage in STAGES if stage != own}
    for name in imports(module):
        assert name.split(".")[0] != "pipeline"
        assert ".".join(name.split(".")[:2]) not in others
