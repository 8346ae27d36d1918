"""Changes to an output as somebody might make them who wants them unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.seal import chain
from transforms.schema import CORPUS, REJECTIONS, arrow_schema
from transforms.write.parquet import open_writer

Change = Callable[[pa.Table], pa.Table]


def shard(output: Path) -> Path:
    """The first shard of the corpus."""
    return output / "corpus" / "part-00000.parquet"


def dropped(output: Path) -> Path:
    """The rejections of the first shard."""
    return output / "rejections" / "curate-00000.parquet"


def rewrite(path: Path, change: Change) -> None:
    """Write a file of the corpus or of rejections anew, its rows changed."""
    schema = arrow_schema(CORPUS if path.parent.name == "corpus" else REJECTIONS)
    table = change(pq.read_table(path)).cast(schema)
    with path.open("wb") as sink, open_writer(sink, schema) as writer:
        writer.write_table(table)


def put(column: str, row: int, value: object) -> Change:
    """Put a value into a row."""

    def change(table: pa.Table) -> pa.Table:
        values = table[column].to_pylist()
        assert values[row] != value, "this changes nothing"
        values[row] = value
        index = table.schema.get_field_index(column)
        return table.set_column(index, table.schema.field(index), pa.array(values, table.schema.field(index).type))

    return change


def without(row: int) -> Change:
    """Take a row out."""
    return lambda table: pa.concat_tables([table.slice(0, row), table.slice(row + 1)])


def twice(row: int) -> Change:
    """Put a row in again, behind itself."""
    return lambda table: pa.concat_tables([table.slice(0, row + 1), table.slice(row)])


def exchanged(row: int) -> Change:
    """Exchange a row with the next."""
    return lambda table: pa.concat_tables(
        [table.slice(0, row), table.slice(row + 1, 1), table.slice(row, 1), table.slice(row + 2)]
    )


def flip(path: Path, place: int) -> None:
    """Flip one bit of a byte; a negative place counts from the end."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def edit_manifest(output: Path, edit: Callable[[dict[str, dict[str, object]]], object]) -> None:
    """Change the manifest in place."""
    path = output / "manifest.json"
    page = json.loads(path.read_bytes())
    edit(page)
    path.write_text(json.dumps(page))


def reseal(output: Path) -> str:
    """Make sizes, digests, chain and mark of success anew, as if the output had been written as it is now; the head."""
    page = json.loads((output / "manifest.json").read_bytes())
    for entry in page["files"]:
        data = (output / entry["path"]).read_bytes()
        entry.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        if entry["rows"] is not None:
            entry["rows"] = pq.read_metadata(output / entry["path"]).num_rows
    start, head = chain(page, page["files"])
    page["chain"].update(start=start, head=head)
    (output / "manifest.json").write_text(json.dumps(page))
    (output / "_SUCCESS").write_text(f"{head}\n")
    return head
