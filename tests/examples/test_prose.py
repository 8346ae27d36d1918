"""Plain text and Markdown become blocks."""

from __future__ import annotations

import pytest

from examples.prose import Block, read_markdown, read_plain


def kinds(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks]


def test_headings_take_their_depth_from_the_order_of_their_underlines() -> None:
    blocks = read_plain("Title\n*****\n\nPart\n====\n\nOther part\n==========\n\nSmall\n-----\n", level=1)
    assert [(block.text, block.level) for block in blocks] == [
        ("Title", 1),
        ("Part", 2),
        ("Other part", 2),
        ("Small", 3),
    ]


def test_a_paragraph_is_joined_to_one_line() -> None:
    assert kinds(read_plain("Two lines\nof one paragraph.\n\nAnother.")) == [
        ("paragraph", "Two lines of one paragraph."),
        ("paragraph", "Another."),
    ]


def test_indented_code_keeps_its_lines_and_its_inner_indentation() -> None:
    assert kinds(read_plain("Like this:\n\n   def f():\n       return i\n")) == [
        ("paragraph", "Like this:"),
        ("code", "def f():\n    return i"),
    ]


@pytest.mark.parametrize(
    "text", ["   Called to make a new instance of the class.", "   Note:\n\n     It may fail, as any call may do."]
)
def test_an_indented_explanation_is_a_paragraph(text: str) -> None:
    assert {block.kind for block in read_plain("Name\n\n" + text)} == {"paragraph"}


@pytest.mark.parametrize("text", [">>> f(1)\n2", "name ::= letter+", "+---+---+\n| a | b |\n+---+---+"])
def test_sessions_grammars_and_tables_are_code(text: str) -> None:
    assert kinds(read_plain(text)) == [("code", text)]


def test_list_items_are_split_and_joined_with_the_lines_that_continue_them() -> None:
    assert kinds(read_plain("* one\n  goes on\n* two")) == [("item", "one goes on"), ("item", "two")]


def test_markdown_leaves_out_the_title_and_keeps_a_fence_whole() -> None:
    text = "# Title\n\nWords.\n\n```sh\n# no heading\n\nmake run\n```\n\n## Part\nMore.\n\n| a |\n|---|\n"
    assert kinds(read_markdown(text)) == [
        ("paragraph", "Words."),
        ("code", "# no heading\n\nmake run"),
        ("heading", "Part"),
        ("paragraph", "More."),
        ("code", "| a |\n|---|"),
    ]
