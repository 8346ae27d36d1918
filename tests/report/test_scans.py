"""A scan of files that Python opens, as on a store, comes to its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.schema import REJECTIONS, arrow_schema

_SCANS = """
import sys
from pathlib import Path
from transforms.report.folder import Folder
from transforms.report.tables import open_tables

folder = Folder(
    sys.argv[1],
    lambda root, pattern: sorted(map(str, Path(root).glob(pattern))),
    lambda path: open(path, "rb"),
)
for _ in range(60):
    with open_tables(folder) as tables:
        print(len(tables.rows("SELECT reason, count(*) FROM rejections GROUP BY reason")))
"""


def test_threads_that_open_files_do_not_wait_for_the_scan_that_waits_for_them(tmp_path: Path) -> None:
    # pyarrow's own reader hung in seven runs of eight.
    (tmp_path / "rejections").mkdir()
    for number in range(60):
        values = [[f"{number:02}"] if pa.types.is_string(c.type) else [number] for c in REJECTIONS]
        pq.write_table(
            pa.table(values, schema=arrow_schema(REJECTIONS)), tmp_path / "rejections" / f"{number:02}.parquet"
        )
    done = subprocess.run(
        [sys.executable, "-c", _SCANS, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.stdout.splitlines() == ["60"] * 60
