"""What is known of a labelled text: its kind, its source under one name, whether its page was gathered before."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.corpus import WRITTEN, Corpus, gather, read
from transforms.errors import InputError

COLUMNS = ("text", "family", "era", "domain", "lang", "attack", "source", "license", "group")
PAGE = "The old mill stands by the river, and every spring the water rises to the second step of its stair. Page {}."


def write(path: Path, **columns: list[str]) -> None:
    count = len(columns["text"])
    pq.write_table(pa.table({name: columns.get(name, [None] * count) for name in COLUMNS}), path)


def collect(sources: list[str], texts: list[str], machine: list[bool]) -> Corpus:
    empty = [""] * len(texts)
    return gather({**dict.fromkeys(COLUMNS, empty), "text": texts, "source": sources}, machine)


def test_texts_are_read_in_one_order_people_then_machines_then_prose_then_what_was_written(tmp_path: Path) -> None:
    prose = tmp_path / "prose"
    prose.mkdir()
    write(tmp_path / "human.parquet", text=["by a person"], source=["webpages:htmldate"])
    write(tmp_path / "machine.parquet", text=["by a machine"], source=["somewhere"], family=["gpt"], era=["2023"])
    write(prose / "prose.parquet", text=["from a package"], source=["debian:mill"])
    row = {"text": "for this purpose", "lang": "en", "domain": "blog", "style": "edited", "prompt": "write"}
    (tmp_path / "b.jsonl").write_text(json.dumps({**row, "style": "plain"}) + "\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    corpus = read(tmp_path, prose, written=tmp_path)
    assert corpus.texts[:3] == ["by a person", "by a machine", "from a package"]
    assert corpus.machine.tolist() == [False, True, False, True, True, True]
    assert corpus.web.tolist() == [True, False, False, False, False, False]
    assert corpus.packaged.tolist() == [False, False, True, False, False, False]
    assert corpus.origin[0] == "adbar/htmldate"
    assert corpus.family.tolist() == ["", "gpt", "", "claude", "claude", "claude"]
    assert corpus.attack.tolist() == ["", "", "", "humanised", "humanised", ""]
    assert corpus.group[3:].tolist() == ["a:0", "a:1", "b:0"]
    assert len(read(tmp_path, written=tmp_path / "none")) == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"human\.parquet: expected labelled texts"):
        read(tmp_path)


def test_a_human_page_that_begins_as_an_earlier_one_is_repeated() -> None:
    texts = [PAGE.format(1), PAGE.format(2).upper(), "Another.", PAGE.format(3), "", ""]
    corpus = collect(["a", "b", "c", "d", "e", "f"], texts, [False, False, False, True, False, False])
    assert corpus.repeated.tolist() == [False, True, False, False, False, False]


def test_a_machine_text_repeats_nobody_and_nobody_repeats_it() -> None:
    corpus = collect(["a", "b", "c"], [PAGE] * 3, [True, False, True])
    assert corpus.repeated.tolist() == [False, False, False]


def test_a_text_is_of_the_language_it_is_judged_as() -> None:
    german = "Die alte Mühle steht am Fluss, und jedes Frühjahr steigt das Wasser bis zur zweiten Stufe der Treppe."
    corpus = collect(["a", "b"], [PAGE, german], [False, True])
    assert corpus.language.tolist() == ["en", "de"]
    assert corpus.script.tolist() == ["Latn", "Latn"]


@pytest.mark.parametrize("path", sorted(WRITTEN.glob("*.jsonl")), ids=lambda path: path.name)
def test_every_written_text_says_what_it_is(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert {"lang", "domain", "style", "text"} <= set(row)
        assert all(isinstance(value, str) for value in row.values())
        assert len(row["text"]) > 100
