"""The figures of a summary, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.report.corpus import DECLARED, Duplicates
from transforms.report.languages import Language, add_sums, describe_languages, describe_total, sum_by_language
from transforms.report.summary import Rejected, summarise
from transforms.score import evidence

MakeOutput = Callable[..., Path]

SIGN = {"kind": "declared", "detail": "header", "log_ratio": 6.9}
OTHER = {"kind": "residue", "detail": "oaicite", "log_ratio": 4.6}
FIRST = [
    {
        "url": "http://me@a.example:8080/1?q=http://c.example/",
        "title": "One",
        "language": "en",
        "token_count": 100,
        "human_probability": 0.75,
        "human_weight": 1.5,
        "duplicate_count": 3,
        "evidence": [SIGN, SIGN, OTHER],
    },
    {
        "url": "https://a.example",
        "language": "en",
        "token_count": 100,
        "abstain_reason": "short",
        "human_weight": 0.5,
        "duplicate_count": 1,
        "evidence": [OTHER],
    },
]
SECOND = [
    {
        "url": "http://[::1]:80/",
        "language": "de",
        "token_count": 50,
        "human_probability": 0.25,
        "human_weight": 1.0,
        "duplicate_count": 2,
    },
    {"url": "no url", "language": "fi", "token_count": 0, "human_weight": 1.0, "duplicate_count": 1},
]
REJECTED = [
    {"stage": "dedup", "reason": "duplicate_near", "record_type": "response"},
    {"stage": "read", "reason": "not_html", "record_type": "response"},
    {"stage": "read", "reason": "http_status", "record_type": "response"},
    {"stage": "read", "reason": "http_status", "record_type": "response"},
    {"stage": "read", "reason": "revisit", "record_type": "revisit"},
]
COUNTS = {
    "records": 19,
    "responses": 8,
    "rows": 4,
    "rejections": {"duplicate_near": 1, "http_status": 2, "not_html": 1},
    "not_responses": {"revisit": 1},
    "passed": {"request": 10},
}


def test_languages_are_summed_over_files_and_ordered_by_tokens(make_output: MakeOutput) -> None:
    corpus = summarise(make_output([FIRST, SECOND])).corpus
    assert corpus.languages == (
        Language("en", 2, 200, 1, 0.75, 1.0, 160.0),  # (150 + 50)² / (225 + 25)
        Language("de", 1, 50, 0, 0.25, 1.0, 50.0),
        Language("fi", 1, 0, 1, None, None, 0.0),
    )
    assert corpus.total == Language("all", 4, 250, 2, 0.5, 1.0, 250.0**2 / 300.0)


def test_hosts_are_counted_without_user_port_and_path(make_output: MakeOutput) -> None:
    corpus = summarise(make_output([FIRST, SECOND])).corpus
    assert corpus.top_hosts == (("a.example", 2), ("", 1), ("[::1]", 1))
    assert corpus.hosts == 3


def test_only_the_ten_largest_hosts_are_named(make_output: MakeOutput) -> None:
    rows = [{"url": f"http://h{i:02}.example/", "language": "en"} for i in range(12)]
    corpus = summarise(make_output([rows])).corpus
    assert corpus.hosts == 12
    assert corpus.top_hosts == tuple((f"h{i:02}.example", 1) for i in range(10))


def test_duplicates_are_told_by_the_rows_that_were_kept(make_output: MakeOutput) -> None:
    assert summarise(make_output([FIRST, SECOND])).corpus.duplicates == Duplicates(components=2, merged=3, largest=3)


def test_a_page_counts_once_for_each_kind_of_evidence(make_output: MakeOutput) -> None:
    corpus = summarise(make_output([FIRST, SECOND])).corpus
    assert corpus.evidence == (("residue", 2), ("declared", 1))
    assert corpus.declared == 1


def test_the_kinds_that_count_as_declared_are_those_that_scoring_gives() -> None:
    assert DECLARED == (evidence.DECLARED,)


def test_the_first_rows_are_the_samples(make_output: MakeOutput) -> None:
    samples = summarise(make_output([FIRST, SECOND])).corpus.samples
    assert [(s.url[:8], s.title, s.tokens, s.human_probability, s.human_weight) for s in samples] == [
        ("http://m", "One", 100, 0.75, 1.5),
        ("https://", "", 100, None, 0.5),
        ("http://[", "", 50, 0.25, 1.0),
    ]


def test_rejections_follow_the_stages_and_then_their_number(make_output: MakeOutput) -> None:
    assert summarise(make_output(rejections=REJECTED)).rejected == (
        Rejected("read", "http_status", 2, responses=True),
        Rejected("read", "not_html", 1, responses=True),
        Rejected("read", "revisit", 1, responses=False),
        Rejected("dedup", "duplicate_near", 1, responses=True),
    )


def test_a_sound_run_has_no_discrepancies(make_output: MakeOutput) -> None:
    summary = summarise(make_output([FIRST, SECOND], REJECTED, COUNTS))
    assert summary.discrepancies == ()
    assert summary.finished


def test_files_that_disagree_with_the_manifest_are_named(make_output: MakeOutput) -> None:
    summary = summarise(make_output([FIRST], REJECTED, COUNTS))
    assert summary.discrepancies == (
        "the manifest counts 4 rows, the files hold 2",
        "the manifest counts 8 responses, the files hold 6",
    )


def test_an_empty_corpus_has_no_languages_and_no_rows(make_output: MakeOutput) -> None:
    corpus = summarise(make_output([[]])).corpus
    assert corpus.total == Language("all", 0, 0, 0, None, None, 0.0)
    assert (corpus.languages, corpus.top_hosts, corpus.evidence, corpus.samples) == ((), (), (), ())
    assert corpus.duplicates == Duplicates()


def test_an_output_without_a_corpus_folder_is_an_empty_corpus(make_output: MakeOutput) -> None:
    assert summarise(make_output()).corpus.total.pages == 0


def test_files_still_being_written_are_left_out(make_output: MakeOutput) -> None:
    output = make_output([FIRST])
    (output / "corpus" / ".part-00001.parquet").write_bytes(b"half")
    assert summarise(output).corpus.total.pages == 2


def test_the_text_is_not_needed(make_output: MakeOutput) -> None:
    output = make_output([FIRST])
    path = output / "corpus" / "part-00000.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["text"]), path)
    assert summarise(output).corpus.total.pages == 2


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["en", "de"]), st.integers(0, 1000), st.none() | st.just(0.5), st.sampled_from([0.25, 1.5])
        ),
        max_size=20,
    ),
    st.integers(0, 20),
)
def test_sums_of_parts_are_the_sums_of_the_whole(rows: list[tuple[str, int, float | None, float]], cut: int) -> None:
    names = ("language", "token_count", "human_probability", "human_weight")
    types = (pa.string(), pa.int32(), pa.float32(), pa.float32())
    whole = pa.table({n: pa.array([row[i] for row in rows], types[i]) for i, n in enumerate(names)})
    parts = add_sums([sum_by_language(whole.slice(0, cut)), sum_by_language(whole.slice(cut))])
    assert describe_languages(parts) == describe_languages(sum_by_language(whole))
    assert describe_total(parts).tokens == sum(row[1] for row in rows)


def test_a_missing_directory_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: holds no manifest\.json; name the --output of an earlier run"):
        summarise(tmp_path / "nowhere")


def test_a_directory_that_is_no_output_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no manifest\.json; name the --output"):
        summarise(tmp_path)


def test_an_unfinished_run_is_told_from_a_foreign_directory(tmp_path: Path) -> None:
    (tmp_path / "extract.json").touch()
    with pytest.raises(InputError, match=r"the run has not finished; give its command again"):
        summarise(tmp_path)


@pytest.mark.parametrize(
    "text", ["{", "\x00", "[1]", "{}", '{"counts": 3}', '{"counts": {"records": 1}}', "[" * 100_000]
)
def test_a_manifest_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: (cannot be read as JSON|has no counts)"):
        summarise(tmp_path)


def test_a_corpus_file_that_is_no_parquet_is_an_error(make_output: MakeOutput) -> None:
    output = make_output([FIRST])
    (output / "corpus" / "part-00001.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InputError, match=r"a file in it cannot be read"):
        summarise(output)


def test_a_corpus_file_of_another_schema_is_an_error(make_output: MakeOutput) -> None:
    output = make_output()
    (output / "corpus").mkdir()
    pq.write_table(pa.table({"text": ["a"]}), output / "corpus" / "part-00000.parquet")
    with pytest.raises(InputError, match=r"a file in it cannot be read"):
        summarise(output)
