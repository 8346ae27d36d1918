"""Hostile text in Markdown and YAML."""

from __future__ import annotations

import pytest

from transforms.report.markdown import code, escape, front_matter, table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert\(1\)\<\/script\>"),
        ("[x](javascript:y)", r"\[x\]\(javascript\:y\)"),
        ("a | b\n# c", r"a \| b \# c"),
        ("www.example.org", r"www\.example\.org"),
        ("me@example.org", r"me\@example\.org"),
        ("\\*", r"\\\*"),
        ("\u202egnp.exe", r"gnp\.exe"),
        ("漢字 é", "漢字 é"),
    ],
)
def test_no_character_of_a_text_is_markup(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_code_ends_where_it_should_and_stays_in_its_cell() -> None:
    assert code("a` | <b>\n`") == r"`a' \| <b> '`"
    assert code(" ") == "(none)"
    assert code("x" * 300) == f"`{'x' * 253}`"


def test_a_table_has_a_heading_and_its_numbers_on_the_right() -> None:
    assert list(table(("name", "pages"), [("a", "1")])) == ["| name | pages |", "| --- | ---: |", "| a | 1 |"]


def test_values_of_the_front_matter_are_what_they_were() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    entries = {
        "language": ["no", "yes", "en"],
        "name": 'a: "b" # c\n--- é 漢 \U0001f600',
        "version": "1.10",
        "none": [],
    }
    lines = list(front_matter(entries))
    assert (lines[0], lines[-1]) == ("---", "---")
    assert yaml.safe_load("\n".join(lines[1:-1])) == entries
