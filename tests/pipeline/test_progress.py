"""Progress: what workers leave, what the line says."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from pipeline.accounts import Tally
from pipeline.progress import Heartbeat, ProgressLine, State, duration, observe, observe_listed, observe_rows
from transforms.errors import StoreError


def tally(rows: int, refused: int) -> Tally:
    counts = Tally()
    for _ in range(rows):
        counts.add_row(1)
    counts.rejections["no_text"] = refused
    return counts


def test_progress_adds_up_over_finished_running_and_waiting_splits(tmp_path: Path) -> None:
    folder = str(tmp_path)
    Heartbeat(folder, "done").beat(tally(8, 2), done=100, last=True)
    (tmp_path / "done.parquet").touch()
    Heartbeat(folder, "running").beat(tally(3, 1), done=50)
    state = observe(folder, {"done": 100, "running": 200, "waiting": 100}, seconds=7.0)
    assert state == State(1, 3, 150, 400, responses=14, rejected=3, seconds=7.0)
    assert state.line() == "1/3 splits · 14 pages · 2.0 pages/s · 3 rejected · ETA 12s"


def test_progress_on_a_store_is_in_whole_splits() -> None:
    sizes = {"done": 100, "running": 200, "waiting": 100}
    names = ["s3://b/out/documents/done.parquet", "s3://b/out/documents/of-an-earlier-run.parquet"]
    state = observe_listed(names, sizes, seconds=7.0)
    assert state == State(1, 3, 100, 400, responses=None, rejected=None, seconds=7.0)
    assert state.line() == "1/3 splits · ETA 21s"
    assert observe_listed([], sizes, seconds=7.0).line() == "0/3 splits · estimating"


def test_a_store_that_does_not_answer_costs_a_line_and_no_more() -> None:
    def fail(_: float) -> State:
        raise StoreError("s3://b/out: no answer")

    said = io.StringIO()
    with ProgressLine(fail, to=said, costly=True):
        pass
    assert said.getvalue() == ""


def test_progress_over_files_that_are_rewritten_is_in_rows_and_rejects_nothing(tmp_path: Path) -> None:
    for name in ("done", "running", "waiting"):
        (tmp_path / f"{name}.parquet").touch()
    Heartbeat(str(tmp_path), "done").beat(tally(8, 0), done=8, last=True)
    Heartbeat(str(tmp_path), "running").beat(tally(6, 0), done=6)
    state = observe_rows(str(tmp_path), {"done": 8, "running": 20, "waiting": 14}, seconds=7.0)
    assert state.line() == "1/3 splits · 14 pages · 2.0 pages/s · ETA 14s"
    assert observe_rows(str(tmp_path / "none"), {"done": 8}, seconds=1).bytes_done == 0


def test_beats_are_held_back_until_the_next_is_due(tmp_path: Path) -> None:
    heart = Heartbeat(str(tmp_path), "s")
    heart.beat(tally(1, 0), done=10)
    heart.beat(tally(2, 0), done=20)
    assert observe(str(tmp_path), {"s": 100}, seconds=1).responses == 1
    heart.beat(tally(3, 0), done=30, last=True)
    assert observe(str(tmp_path), {"s": 100}, seconds=1).responses == 3


def test_a_folder_that_is_gone_costs_the_beat_and_nothing_else(tmp_path: Path) -> None:
    Heartbeat(str(tmp_path / "none"), "s").beat(tally(1, 0), done=10)
    Heartbeat(None, "s").beat(tally(1, 0), done=10)
    assert observe(str(tmp_path / "none"), {"s": 100}, seconds=1).bytes_done == 0


def test_before_the_first_byte_there_is_no_estimate() -> None:
    assert State(0, 2, 0, 100, 0, 0, 0.0).line().endswith("estimating")


@pytest.mark.parametrize(("seconds", "text"), [(9.4, "9s"), (125, "2m05s"), (11220, "3h07m"), (-1, "0s")])
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_off_a_terminal_the_last_line_is_printed_once() -> None:
    out = io.StringIO()
    with ProgressLine(lambda seconds: State(1, 1, 5, 5, 5, 0, max(seconds, 1.0)), to=out):
        time.monotonic()
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().startswith("1/1 splits · 5 pages")
    assert "\x1b" not in out.getvalue()
