"""What is imported to run a graph on one machine."""

from __future__ import annotations

import subprocess
import sys


def loaded_after(statements: str) -> str:
    script = f"import sys; {statements}; print('bson' in sys.modules, 'apache_beam' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_beam_is_imported_without_connectors_that_no_graph_has() -> None:
    assert loaded_after("from pipeline.startup import import_beam; import_beam(); import pipeline.jobs") == "False True"


def test_what_was_left_out_can_be_imported_afterwards() -> None:
    assert loaded_after("from pipeline.startup import import_beam; import_beam(); import bson") == "True True"
