"""`firsthand verify`: a whole output passes; whatever is changed is found, and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.verify.check import State
from pipeline.verify.command import Verification, verify
from pipeline.verify.progress import Pulse
from tests.tampering import dropped, edit_manifest, exchanged, flip, put, reseal, rewrite, shard, twice, without
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema

ALL = ["files", "chain", "counts", "rows", "texts", "documents", "duplicates", "means", "weights", "cells", "archives"]


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A copy of the reference output, to be changed."""
    return Path(shutil.copytree(reference, tmp_path / "copy"))


def verified(output: Path, head: str | None = None) -> Verification:
    """What a verification without archives finds."""
    return verify(
        Folder(str(output)), head=head, sample=None, open_archive=lambda path: open(path, "rb"), pulse=Pulse()
    )


def failures(done: Verification) -> dict[str, str]:
    """The checks that failed, with the problems they name."""
    return {check.name: "\n".join(check.problems) for check in done.checks if check.state is State.FAILED}


def number_of_rows(output: Path) -> int:
    """Rows of the first shard."""
    return int(pq.read_metadata(shard(output)).num_rows)


def head_of(output: Path) -> str:
    """The head in the mark of success."""
    return (output / "_SUCCESS").read_text().strip()


def test_an_output_passes_every_check(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(reference), "--head", head_of(reference)]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("ok ")] == ALL
    assert f"20 of {number_of_rows(reference)} rows taken back to their archives" in " ".join(shown.split())
    assert f"{len(ALL)} checks ok" in shown
    assert f"head {head_of(reference)}" in shown


def test_for_programs_every_check_is_json(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(reference), "--json", "--rows", "3"]) == 0
    page = json.loads(capsys.readouterr().out)
    assert (page["ok"], page["head"], [check["name"] for check in page["checks"]]) == (True, head_of(reference), ALL)
    assert {check["state"] for check in page["checks"]} == {"ok"}


def test_the_same_seed_takes_the_same_rows_back(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.verify.archives import _choose

    assert _choose(1000, 5, 7) == _choose(1000, 5, 7) != _choose(1000, 5, 8)
    assert _choose(3, 5, 0) == [0, 1, 2]


# What somebody changes in one file; the checks that must find it while the digests are stale, besides `files`, and what
# one of them says.
ONE_CHANGE = [
    pytest.param(shard, put("human_weight", 5, 2.0), "weights", "human_weight is 2, its cell says", id="a weight"),
    pytest.param(shard, put("human_probability", 5, 0.5), "weights", "human_probability is 0.5", id="a probability"),
    pytest.param(shard, put("p_null", 5, 0.123), "weights", "p_null is 0.123, its score says", id="a p-value"),
    pytest.param(shard, put("weight_bucket", 5, 6), "weights", "weight_bucket is 6", id="a band"),
    pytest.param(shard, put("expected_repeats", 5, 3.5), "weights", "expected_repeats is 3.5", id="repeats"),
    pytest.param(shard, put("detector_score", 5, -9.0), "weights", "its cell says", id="a score"),
    pytest.param(shard, put("text", 5, "Other words."), "texts", "text_digest is", id="a text"),
    pytest.param(shard, put("token_count", 5, 7), "texts", "token_count is 7, it should be", id="a token count"),
    pytest.param(shard, put("id", 5, "0" * 32), "rows", "it should be", id="an id"),
    pytest.param(shard, put("id", 5, "\x1b[2Jno id"), "rows", "it should be", id="an id that is none"),
    pytest.param(shard, put("record_offset", 5, 1), "rows", "it should be", id="an offset"),
    pytest.param(shard, put("config_digest", 5, "0" * 16), "rows", "config_digest is 0000", id="a configuration"),
    pytest.param(shard, put("first_seen", 5, "2031-01-01T00:00:00Z"), "rows", "first_seen is 2031", id="a first date"),
    pytest.param(shard, put("duplicate_count", 5, 9), "duplicates", "duplicate_count is 9", id="a count of copies"),
    pytest.param(shard, put("component_id", 5, "0" * 32), "duplicates", "component_id is 000", id="a component"),
    pytest.param(shard, without(5), "duplicates", "is missing: it is in documents/", id="a row gone"),
    pytest.param(shard, without(5), "counts", "manifest.json: rows is", id="a row gone, counted"),
    pytest.param(shard, twice(5), "duplicates", "stands in the corpus 2 times", id="a row twice"),
    pytest.param(shard, twice(5), "rows", "is out of order", id="a row twice, in order"),
    pytest.param(shard, exchanged(5), "rows", "is out of order", id="two rows exchanged"),
    pytest.param(dropped, without(0), "counts", "the files hold", id="a rejection gone"),
    pytest.param(dropped, without(0), "duplicates", "with its rejected copies it is", id="a copy gone"),
    pytest.param(
        dropped, put("reason", 0, "no_text"), "counts", "no stage dedup gives a reason no_text", id="a reason"
    ),
    pytest.param(dropped, put("detail", 0, ""), "counts", "of which page is not said", id="a keeper"),
    pytest.param(
        dropped,
        put("detail", 0, f"keeper={'1' * 32} component={'1' * 32}"),
        "duplicates",
        "is missing: it is the keeper in 1 rejection",
        id="another keeper",
    ),
]


@pytest.mark.parametrize(("which", "change", "check", "said"), ONE_CHANGE)
def test_a_change_is_found_by_what_it_changes_though_all_digests_are_made_anew(
    output: Path, which: Callable[[Path], Path], change: Callable[..., object], check: str, said: str
) -> None:
    kept = head_of(output)
    path = which(output)
    rewrite(path, change)  # type: ignore[arg-type]
    reseal(output)
    found = failures(verified(output, kept))
    assert said in found[check]
    assert "this is another output" in found["chain"]
    assert "files" not in found


def test_stale_digests_name_the_file_and_the_weight_names_its_row(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = pq.read_table(shard(output), columns=["id", "human_weight"]).to_pylist()[5]
    rewrite(shard(output), put("human_weight", 5, 2.0))
    assert main(["verify", str(output), "--archives", "none"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert f"row {row['id']} (" in shown
    assert f"human_weight is 2, its cell says {row['human_weight']:.6g}" in shown
    assert "corpus/part-00000.parquet has" in shown or "corpus/part-00000.parquet was changed" in shown
    assert "3 FAILED: files, means, weights; 1 not checked: archives" in shown


def test_a_forged_weight_is_found_without_a_head_that_was_kept(output: Path) -> None:
    rewrite(shard(output), put("human_weight", 5, 2.0))
    reseal(output)
    assert failures(verified(output)).keys() == {"means", "weights"}


@pytest.mark.parametrize("place", [0, 5, 0.3, 0.6, 0.9, -600, -60, -7, -6, -1])
def test_one_flipped_bit_anywhere_in_a_shard_is_found(output: Path, place: float) -> None:
    size = shard(output).stat().st_size
    flip(shard(output), place if isinstance(place, int) else int(place * size))
    done = verified(output)
    assert "corpus/part-00000.parquet was changed: its SHA-256 is" in failures(done)["files"]
    assert [check.name for check in done.checks] == ALL


def test_what_rests_on_rows_that_cannot_be_read_is_not_checked(output: Path) -> None:
    texts = pq.read_metadata(shard(output)).row_group(0).column(arrow_schema(CORPUS).get_field_index("text"))
    data = bytearray(shard(output).read_bytes())
    data[texts.data_page_offset : texts.data_page_offset + 16] = bytes(16)  # no header of a page begins so
    shard(output).write_bytes(data)
    done = verified(output)
    assert "corpus/part-00000.parquet cannot be read" in failures(done)["rows"]
    assert failures(done).keys() == {"files", "counts", "rows"}
    left = {check.name: check.said for check in done.checks if check.state is State.SKIPPED}
    assert left.keys() == {"texts", "duplicates", "archives"}
    assert left["texts"] == "not all rows can be read, see rows: 0 rows could"
    assert left["duplicates"] == "not all rows can be read, see rows"


def test_a_shard_without_its_end_leaves_no_check_of_its_rows_ok(output: Path) -> None:
    flip(shard(output), -6)
    states = {check.name: check.state for check in verified(output).checks}
    assert {states[name] for name in ("texts", "duplicates", "means")} == {State.SKIPPED}
    assert {states[name] for name in ("files", "counts", "rows", "weights", "cells")} == {State.FAILED}


def test_rejections_that_cannot_be_read_leave_the_copies_unchecked(output: Path) -> None:
    flip(dropped(output), -6)
    done = verified(output)
    assert failures(done).keys() == {"files", "counts"}
    [left] = [check.said for check in done.checks if check.name == "duplicates"]
    assert left == "not all rejections can be read, see counts"


@pytest.mark.parametrize(
    ("edit", "check", "said"),
    [
        pytest.param(lambda p: p["counts"].update(rows=1), "counts", "rows is 1, the files hold", id="rows"),
        pytest.param(lambda p: p["counts"].update(responses=1), "counts", "1 responses, but", id="responses"),
        pytest.param(
            lambda p: p["counts"]["rejections"].update(no_text=99),
            "counts",
            "rejections (no_text) is 99",
            id="a reason",
        ),
        pytest.param(lambda p: p["inputs"][0].update(documents=1), "documents", "the manifest for 1", id="an archive"),
        pytest.param(lambda p: p["inputs"].pop(0), "rows", "is no archive of the manifest", id="an archive gone"),
        pytest.param(lambda p: p["config"]["weigh"].update(cap=2.0), "rows", "config_digest of", id="a setting"),
        pytest.param(lambda p: p.update(config_digest="0" * 16), "rows", "it should be 0000", id="the digest"),
        pytest.param(lambda p: p["counts"].update(rows="many"), "counts", "rows is -1", id="a count that is none"),
        pytest.param(lambda p: p.update(inputs=None), "counts", "which is no archive of the manifest", id="no inputs"),
    ],
)
def test_a_changed_manifest_is_found_by_the_rows_though_the_chain_is_made_anew(
    output: Path, edit: Callable[[dict[str, dict[str, object]]], object], check: str, said: str
) -> None:
    edit_manifest(output, edit)
    assert "manifest.json was changed outside its list of files" in failures(verified(output))["chain"]
    reseal(output)
    found = failures(verified(output))
    assert "chain" not in found
    assert said in found[check]


def test_a_changed_list_of_files_breaks_the_chain(output: Path) -> None:
    edit_manifest(output, lambda page: page["files"].reverse())  # type: ignore[attr-defined]
    found = failures(verified(output))
    assert found.keys() == {"chain"}
    assert found["chain"].startswith("the chain of manifest.json comes out as ")


def test_changed_cells_are_found(output: Path) -> None:
    cells = json.loads((output / "cells.json").read_text())
    cells["cells"][0]["lift"] = 3.0
    (output / "cells.json").write_text(json.dumps(cells))
    reseal(output)
    found = failures(verified(output))
    assert found.keys() == {"cells"}
    assert "lift is 3.0, the rows give" in found["cells"]


def test_files_that_are_gone_or_were_added_are_named(output: Path) -> None:
    shutil.copy(shard(output), output / "corpus" / "part-00001.parquet")
    gone = sorted((output / "rejections").glob("crawl*.parquet"))[0]
    gone.unlink()
    problems = failures(verified(output))["files"]
    assert "corpus/part-00001.parquet is not among the files of the manifest: it was added" in problems
    assert f"rejections/{gone.name} is missing" in problems


def test_a_manifest_that_lists_files_elsewhere_opens_none_of_them(output: Path) -> None:
    edit_manifest(output, lambda page: page["files"][0].update(path="../../etc/passwd"))  # type: ignore[index]
    assert "which is no file of an output" in failures(verified(output))["files"]


def test_a_mark_of_success_that_is_gone_or_another_is_told(output: Path) -> None:
    (output / "_SUCCESS").write_text("0" * 64)
    assert f"_SUCCESS has the head {'0' * 64}" in failures(verified(output))["chain"]
    (output / "_SUCCESS").unlink()
    assert "there is no _SUCCESS" in failures(verified(output))["chain"]


def test_documents_of_another_extraction_are_told(output: Path) -> None:
    sorted((output / "documents").glob("*.parquet"))[0].unlink()
    found = failures(verified(output))
    assert found.keys() == {"documents"}
    assert "its documents account for 0" in found["documents"]


def test_an_output_of_an_early_release_is_checked_as_far_as_it_goes(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_manifest(output, lambda page: (page.pop("files"), page.pop("chain")))
    (output / "_SUCCESS").write_bytes(b"")
    assert main(["verify", str(output), "--archives", "none"]) == 0
    shown = capsys.readouterr().out
    assert "3 not checked: files, chain, archives" in shown
    assert main(["verify", str(output), "--archives", "none", "--head", "0" * 64]) == 1  # who has a head wants it met
    assert "it was taken out" in " ".join(capsys.readouterr().out.split())


def test_a_chain_that_was_taken_out_is_told(output: Path) -> None:
    edit_manifest(output, lambda page: page.pop("chain"))
    assert "the output was sealed: it was taken out" in failures(verified(output))["chain"]


@pytest.mark.parametrize(("key", "value"), [("model", "linear-0000"), ("calibration", "00"), ("config", {"new": {}})])
def test_weights_of_another_release_are_not_called_wrong(output: Path, key: str, value: object) -> None:
    edit_manifest(output, lambda page: page.update({key: value}))  # type: ignore[dict-item]
    reseal(output)
    states = {check.name: check.state for check in verified(output).checks}
    assert states["weights"] == states["cells"] == State.SKIPPED


def test_weights_of_another_release_still_have_their_mean_and_bounds(output: Path) -> None:
    edit_manifest(output, lambda page: page.update(calibration="00"))  # type: ignore[arg-type]
    rewrite(shard(output), put("human_weight", 5, 4.5))
    reseal(output)
    said = failures(verified(output))["means"]
    assert "human_weight is 4.5, not 0.1 to 4" in said
    assert "expected_repeats is " in said
    assert "its mean weight is " in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["verify", "{0}/none"], 1, "holds no manifest.json", id="no output"),
        pytest.param(["verify", "{0}", "--head", "abc"], 2, "expected the 64 hex digits", id="no head"),
        pytest.param(["verify", "{0}", "--archives", "none", "--rows", "3"], 2, "leave out --rows", id="rows of none"),
        pytest.param(["verify", "{0}", "--archives", "all", "--rows", "3"], 2, "leave out --rows", id="rows of all"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    output: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main([argument.format(output) for argument in arguments]) == code
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_manifest_that_is_no_json_is_told_in_one_line(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / "manifest.json").write_text("{")
    assert main(["verify", str(output)]) == 1
    assert "manifest.json is no JSON" in capsys.readouterr().err
