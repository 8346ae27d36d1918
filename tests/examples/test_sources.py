"""Articles come from this Python's documentation and from a folder of docs."""

from __future__ import annotations

from pathlib import Path

from examples.sources import MIN_WORDS, module_articles, own_articles, topic_articles


def test_a_smaller_choice_of_topics_is_part_of_a_larger_one() -> None:
    small, large = topic_articles(5), topic_articles(50)
    assert len(small) == 5
    assert len(large) == 50
    assert set(small) < set(large)
    assert [article.name for article in large] == sorted(article.name for article in large)


def test_no_topic_is_taken_twice_and_none_is_short() -> None:
    articles = topic_articles(1000)
    assert len({article.blocks for article in articles}) == len(articles) > 50
    assert min(article.words for article in articles) >= MIN_WORDS


def test_a_module_brings_its_docstring_and_those_of_its_public_members() -> None:
    articles = {article.name: article for article in module_articles(1000)}
    assert len(articles) > 150
    textwrap = articles["textwrap"]
    assert "Text wrapping and filling" in textwrap.title
    headings = [block.text for block in textwrap.blocks if block.kind == "heading"]
    assert "dedent(text)" in headings
    assert not any(heading.startswith("_") for heading in headings)


def test_own_pages_are_the_markdown_files_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "docs" / "decisions").mkdir(parents=True)
    (tmp_path / "README.md").write_text("# Name\n\nWords.\n", encoding="utf-8")
    (tmp_path / "docs" / "decisions" / "0001-Choice.md").write_text("no title\n", encoding="utf-8")
    assert [(a.name, a.title) for a in own_articles(tmp_path)] == [
        ("readme", "Name"),
        ("docs-decisions-0001-choice", "docs-decisions-0001-choice"),
    ]
