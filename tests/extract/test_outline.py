"""The blocks of a page, and the elements around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from transforms.extract import html
from transforms.extract.outline import HIDDEN, HINTS, MOST_ELEMENTS, REGIONS, TAGS, Outline, outline


def read(body: str) -> Outline:
    tree = html.parse(f"<!DOCTYPE html><html><head><title>no text</title></head><body>{body}</body></html>")
    assert isinstance(tree, HtmlElement)
    return outline(tree)


def marks(page: Outline, block: int) -> int:
    return page.marks[page.inside[block]]


def test_block_level_elements_part_blocks_and_inline_ones_do_not() -> None:
    page = read("<div>one <b>tw</b>o<p>three\n  four</p>five</div><ul><li>six<li>seven</ul>")
    assert page.texts == ["one two", "three four", "five", "six", "seven"]
    assert page.words == [2, 2, 1, 1, 1]


def test_a_line_break_parts_lines_within_a_block() -> None:
    assert read("<p>one <br> two<br><br>three<br></p>").texts == ["one\ntwo\n\nthree"]


def test_characters_within_links_are_counted() -> None:
    page = read("<p>see <a href=/a>the <i>quay</i></a> and <a href=/b>tides</a></p><p>none</p>")
    assert (page.linked, page.links) == ([13, 0], [2, 0])


@pytest.mark.parametrize("tag", ["script", "style", "template", "select", "textarea", "svg"])
def test_what_no_reader_sees_as_text_is_left_out_and_what_follows_is_not(tag: str) -> None:
    assert read(f"<p>one <{tag}>no text</{tag}>two</p>").texts == ["one two"]


def test_text_for_readers_without_script_is_read() -> None:
    page = read("<noscript><p>the thread</p></noscript>")
    assert page.texts == ["the thread"]
    assert marks(page, 0) >> REGIONS.index("noscript") & 1


def test_regions_and_hints_mark_all_the_blocks_within() -> None:
    page = read('<div class="Comment-List"><section><p>a</p></section></div><footer><p>b</p></footer><p>c</p>')
    comment = 1 << len(REGIONS) + [name for name, _ in HINTS].index("comment")
    footer = 1 << REGIONS.index("footer")
    assert [marks(page, block) for block in range(3)] == [comment, footer, 0]
    assert [page.hinted[element] for element in page.inside] == [1, 0, 0]


@pytest.mark.parametrize("attribute", ['style="color:red;DISPLAY : none"', "hidden", 'aria-hidden="true"'])
def test_what_is_hidden_is_marked(attribute: str) -> None:
    page = read(f"<div {attribute}><p>a</p></div><p aria-hidden=false style=display:block>b</p>")
    assert [marks(page, block) & HIDDEN > 0 for block in range(2)] == [True, False]


def test_an_element_knows_its_blocks_and_the_element_around_it() -> None:
    page = read("<div><p>a</p><div><p>b</p><p>c</p></div></div><p>d</p>")
    inner = page.parents[page.inside[1]]
    assert (page.firsts[inner], page.ends[inner]) == (1, 3)
    outer = page.parents[inner]
    assert (page.firsts[outer], page.ends[outer]) == (0, 3)
    assert page.tags[page.inside[0]] == TAGS.index("p")
    assert page.depths[inner] == page.depths[outer] + 1


def test_more_elements_than_any_page_has_are_not_read() -> None:
    page = read("<p>a" * (MOST_ELEMENTS + 1000))
    assert len(page.tags) == MOST_ELEMENTS
    assert len(page.texts) == MOST_ELEMENTS - 2  # html and body are elements, too
    assert page.ends[:2] == [len(page.texts)] * 2


TREES = st.recursive(
    st.sampled_from(["a ", "b", "<br>", " "]),
    lambda inner: st.tuples(
        st.sampled_from(["div", "b", "a", "ul", "script", "article"]), st.lists(inner, max_size=4)
    ).map(lambda node: f"<{node[0]}>{''.join(node[1])}</{node[0]}>"),
    max_leaves=30,
)


@settings(deadline=None)
@given(st.lists(TREES, max_size=5))
def test_elements_nest_and_hold_all_blocks_whatever_the_markup(body: list[str]) -> None:
    page = read("".join(body))
    for block, innermost in enumerate(page.inside):
        element = innermost
        while element >= 0:
            assert page.firsts[element] <= block < page.ends[element]
            assert page.parents[element] < element
            element = page.parents[element]
    assert all(text.strip() == text != "" for text in page.texts)
