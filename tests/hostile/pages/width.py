"""Markup with very many, or very large, things beside each other."""

from __future__ import annotations

import random

from tests.hostile.pages.response import Make, Response, article, prose, repeated


def one_attribute_of_megabytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b'<p class="' + b"x " * (size // 2) + b'">x</p>'))


def a_million_attributes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p " + "".join(f"a{at}=1 " for at in range(size // 12)) + ">x</p>"))


def one_line_of_megabytes(rng: random.Random, size: int) -> Response:
    line = prose(rng, 2000).replace(".", "") + " "
    return Response(article(rng, b"<p>" + repeated(line, size) + b"</p>"))


def one_word_of_megabytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + b"x" * size + b"</p>"))


def breaks(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("x<br>", size)))


def breaks_without_text(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<br>", size)))


def spaces(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>x" + b" \t" * (size // 2) + b"x</p>"))


def blank_lines_in_preformatted_text(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<pre>x" + b" \n\n" * (size // 3) + b"x</pre>"))


def links(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated('<a href="x">word word</a> ', size)))


def a_word_in_each_inline_element(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("a <em>b</em> <code>c</code> <span>d</span> ", size)))


def paragraphs_of_a_letter(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p>x", size)))


def headings(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<h2>x</h2>", size)))


def a_table_of_a_million_cells(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<table>" + repeated("<tr>" + "<td>x" * 50, size) + b"</table>"))


def a_row_of_a_million_cells(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<table><tr>" + repeated("<td>x", size) + b"</table>"))


def cells_that_span_billions(rng: random.Random, size: int) -> Response:
    row = "<tr><td colspan=1000000000 rowspan=1000000000>x<td colspan=-1>y<td colspan=99999999999999999999>z"
    return Response(article(rng, b"<table>" + repeated(row, min(size, 1 << 16)) + b"</table>"))


def a_list_of_a_million_items(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<ol start=99999999999>" + repeated("<li value=-1>x", size) + b"</ol>"))


def images_in_addresses(rng: random.Random, size: int) -> Response:
    picture = '<img src="data:image/png;base64,' + "A" * 2000 + '" srcset="' + "a.png 1x, " * 200 + '" alt="x">'
    return Response(article(rng, repeated(picture, size)))


def scripts_and_styles_without_end(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<script>x</script><style>x</style>", size) + b"<script>"))


def comments_without_end(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<!-- x -", size)))


def comments(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<!--x-->", size)))


def processing_instructions(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<?php x ?><![CDATA[x]]><!x>", size)))


def namespaces(rng: random.Random, size: int) -> Response:
    elements = "".join(f'<n{at}:p xmlns:n{at}="u{at}" xml:lang="x">x</n{at}:p>' for at in range(size // 50))
    return Response(article(rng, elements))


def names_that_are_all_different(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "".join(f"<x{at:x} y{at:x}>x</x{at:x}>" for at in range(size // 25))))


def a_tag_without_end(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p " + b"<" * size))


PAGES: tuple[Make, ...] = (
    one_attribute_of_megabytes,
    a_million_attributes,
    one_line_of_megabytes,
    one_word_of_megabytes,
    breaks,
    breaks_without_text,
    spaces,
    blank_lines_in_preformatted_text,
    links,
    a_word_in_each_inline_element,
    paragraphs_of_a_letter,
    headings,
    a_table_of_a_million_cells,
    a_row_of_a_million_cells,
    cells_that_span_billions,
    a_list_of_a_million_items,
    images_in_addresses,
    scripts_and_styles_without_end,
    comments_without_end,
    comments,
    processing_instructions,
    namespaces,
    names_that_are_all_different,
    a_tag_without_end,
)
