"""A user's SQL: what it may ask, and what it can never do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.errors import InputError, UsageError
from transforms.report.folder import Folder
from transforms.report.queries import ask
from transforms.report.tables import open_tables

MakeOutput = Callable[..., Path]
ROWS = [{"id": "1", "language": "en", "token_count": 10}, {"id": "2", "language": "de", "token_count": 5}]
REJECTED = [{"reason": "no_text"}]


def rows_of(output: Path, sql: str) -> list[tuple[object, ...]]:
    with open_tables(Folder(str(output))) as tables:
        return list(ask(tables, sql).rows)


def test_a_query_reads_the_tables_of_the_output(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:1], ROWS[1:]], REJECTED)
    assert rows_of(output, "SELECT language, token_count FROM corpus ORDER BY id") == [("en", 10), ("de", 5)]
    assert rows_of(output, "FROM corpus JOIN rejections ON true SELECT reason;") == [("no_text",)] * 2
    assert rows_of(output, "SELECT count(*) FROM documents") == [(0,)]


def test_columns_of_the_same_name_are_told_apart(make_output: MakeOutput) -> None:
    with open_tables(Folder(str(make_output([ROWS])))) as tables:
        assert ask(tables, "SELECT 1 AS a, 2 AS b, 3 AS a, 4 AS a").names == ("a", "b", "a_2", "a_3")


def test_the_tables_can_be_described(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    assert [row[0] for row in rows_of(output, "SHOW TABLES")] == ["corpus", "documents", "rejections"]
    assert ("id", "VARCHAR") in [row[:2] for row in rows_of(output, "DESCRIBE corpus")]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "takes one SELECT, got nothing"),
        ("SELECT 1; SELECT 2", "takes one SELECT, got SELECT and SELECT"),
        ("SELEC 1", r'syntax error at or near "SELEC"'),
        ("SELECT nosuch FROM rejections", r'"nosuch" not found.*; rejections has target_uri, warc_file, record_offset'),
        ("SELECT * FROM nosuch", r"nosuch does not exist; the tables are corpus, rejections, documents"),
        ("SELECT CAST(language AS INT) FROM corpus", r"Could not convert string"),
        ("SELECT 'a\nb' || nosuch\nFROM corpus", r'"nosuch" not found'),
    ],
)
def test_a_mistake_is_told_in_a_line(make_output: MakeOutput, sql: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        rows_of(make_output([ROWS]), sql)
    assert str(caught.value).startswith("--sql")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_blob('{secret}')",
        "SELECT * FROM read_parquet('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_json('http://localhost:1/')",
        "SELECT getenv('HOME')",
        "COPY (SELECT 1) TO '{target}'",
        "COPY corpus TO '{target}' (FORMAT parquet)",
        "EXPORT DATABASE '{target}'",
        "ATTACH '{target}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{target}'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "PRAGMA database_list",
        "CREATE TABLE corpus AS SELECT 1",
        "DROP VIEW corpus",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{target}'",
        "SELECT * FROM query('COPY (SELECT 1) TO ''{target}''')",
        "SELECT * FROM secret_table",
    ],
)
def test_a_query_reaches_nothing_but_the_tables(make_output: MakeOutput, tmp_path: Path, sql: str) -> None:
    secret_table, secret, target = 1, tmp_path / "secret.csv", tmp_path / "target"
    secret.write_text("a\n1\n", encoding="utf-8")
    output = make_output([ROWS])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((UsageError, InputError)):
        rows_of(output, sql.format(secret=secret, target=target))
    assert sorted(tmp_path.rglob("*")) == before
    assert secret_table == 1  # a variable of the caller is no table


def test_what_a_query_could_write_where_it_spills_is_gone_with_the_tables(make_output: MakeOutput) -> None:
    with open_tables(Folder(str(make_output([ROWS])))) as tables:
        ((spill,),) = tables.rows("SELECT current_setting('temp_directory')")
        assert Path(spill).is_absolute()
    assert not Path(spill).exists()


def test_a_damaged_file_is_told_from_a_mistake(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    (output / "corpus" / "part-00001.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InputError, match=r"if the SQL is right, the output is damaged: `firsthand verify`"):
        rows_of(output, "SELECT id FROM corpus")


def test_a_damaged_shard_is_told_before_the_first_row_of_a_short_answer(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:1], ROWS[1:]])
    (output / "corpus" / "part-00001.parquet").write_bytes(b"PAR1 and nothing more")
    with open_tables(Folder(str(output))) as tables, pytest.raises(InputError, match="part-00001"):
        ask(tables, "SELECT id FROM corpus")
