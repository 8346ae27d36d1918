"""Archives that others made for the tests of their tools, read by warcio and by us, a line each.

    python -m benchmarks.oddities [--folder ../shared/data/oddities]

warcio: records until it stops, "!" if it raises; with its `arc2warc` it takes more lines for headers of ARC, the larger
number counts. Ours: records, responses, pages, rejections by reason, bytes that nothing accounts for (`benchmarks.
coverage`), CPU seconds. Where warcio gives more, its first records that are none of ours follow with their bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from benchmarks.coverage import unaccounted
from benchmarks.harm import read
from transforms.read.archive import Gap, open_kind, spans
from transforms.read.cursor import Cursor
from transforms.read.params import ReadParams
from transforms.read.record import read_records
from transforms.rejection import RejectedRecord

FOLDER = Path("../shared/data/oddities")
SHOWN = 3  # records that warcio makes up, of a file
FORMAT = "{name:62.62} {size:>7} {theirs:>8} {ours:>7} {responses:>4} {pages:>5} {left:>4} {seconds:>6}  {reasons}"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What warcio reads."""

    places: tuple[int, ...]  # offset of each record
    raised: str  # the error it stopped with, "" if it reached the end


def warcio_reads(data: bytes) -> Theirs:
    """The records of warcio, with or without its fallback for ARC, whichever gives more."""
    return max((_warcio(data, arc2warc=flag) for flag in (False, True)), key=lambda theirs: len(theirs.places))


def _warcio(data: bytes, *, arc2warc: bool) -> Theirs:
    places = []
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            records = ArchiveIterator(io.BytesIO(data), arc2warc=arc2warc)
            for _ in records:
                places.append(records.get_record_offset())
        except Exception as error:  # noqa: BLE001 — it raises AttributeError, too
            return Theirs(tuple(places), type(error).__name__)
    return Theirs(tuple(places), "")


def invented(data: bytes, theirs: Theirs) -> list[str]:
    """Records of warcio that begin where none of ours does, in words: what stands there, and what it belongs to."""
    ours = _places(data)
    said = []
    for place in theirs.places:
        owner = max((one for one in ours if one[0] <= place), default=None)
        if owner is None or place != owner[0]:
            inside = f", inside the record at {owner[0]} that ends at {owner[1]}" if owner and place < owner[1] else ""
            said.append(f"at {place}: {data[place : place + 60]!r}{inside}")
    return said


def _places(data: bytes) -> list[tuple[int, int]]:
    cursor = Cursor(io.BytesIO(data), 0)
    found = []
    for span in spans(cursor, open_kind(cursor), start=0, end=1 << 62):
        for part in [] if isinstance(span, Gap) else read_records(span, ReadParams()):
            if not isinstance(part, Gap):
                found.append((part.offset, part.offset + part.length))
    return found


def main() -> None:
    """Read them all, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oddities", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    paths = sorted(path for path in parser.parse_args().folder.iterdir() if path.name != "manifest.tsv")
    header = ("file", "bytes", "warcio", "records", "resp", "pages", "left", "s", "rejected")
    names = ("name", "size", "theirs", "ours", "responses", "pages", "left", "seconds", "reasons")
    print(FORMAT.format(**dict(zip(names, header, strict=True))))
    sums, fewer = Counter[str](), []
    for path in paths:
        data = path.read_bytes()
        theirs = warcio_reads(data)
        row = _row(data, theirs)
        print(FORMAT.format(name=path.name, **row))
        sums.update({key: value for key, value in row.items() if isinstance(value, int)})
        sums.update(
            files=1, theirs=len(theirs.places), raised=bool(theirs.raised), cpu_ms=round(float(row["seconds"]) * 1e3)
        )
        sums.update(more=int(row["ours"]) > len(theirs.places))
        if int(row["ours"]) < len(theirs.places):
            fewer.append((path.name, invented(data, theirs)))
    print("  ".join(f"{name} {value:,}" for name, value in sums.items()))
    for name, said in fewer:
        print(f"fewer than warcio: {name}: {len(said)} records of warcio are none:")
        print("\n".join(f"    {line}" for line in said[:SHOWN]))


def _row(data: bytes, theirs: Theirs) -> dict[str, int | str]:
    began = time.process_time()
    items, reports = read(data)
    seconds = time.process_time() - began
    reasons = Counter(str(item.rejection.reason) for item in items if isinstance(item, RejectedRecord))
    return {
        "size": len(data),
        "theirs": f"{len(theirs.places)}{'!' * bool(theirs.raised)}",
        "ours": reports[0].records,
        "responses": reports[0].responses,
        "pages": reports[0].pages,
        "left": unaccounted(data),
        "seconds": f"{seconds:.3f}",
        "reasons": " ".join(f"{name}:{count}" for name, count in sorted(reasons.items())),
    }


if __name__ == "__main__":
    main()
