"""Structured data and declarations, for machines: too deep, too many, too large, or of absurd values."""

from __future__ import annotations

import base64
import random

from tests.hostile.pages.response import Make, Response, article, repeated

_MOST = 999_000  # characters of a JSON-LD block that is still read


def _json(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def json_nested_deeply(rng: random.Random, size: int) -> Response:
    deep = '{"@type":"Article","mainEntity":' * 30_000
    return Response(article(rng, head=_json("[" * 100_000 + "]" * 100_000) + _json(deep)))


def json_of_empty_lists(rng: random.Random, size: int) -> Response:
    return Response(article(rng, head=_json("[" + "[]," * (min(size, _MOST) // 3) + "[]]")))


def json_of_graphs_in_graphs(rng: random.Random, size: int) -> Response:
    graph = '{"@type":"Article","@graph":[{"@type":"Article"},{"@type":"Article"}]},' * (min(size, _MOST) // 72)
    return Response(article(rng, head=_json(f'{{"@graph":[{graph}{{}}]}}')))


def json_of_absurd_numbers(rng: random.Random, size: int) -> Response:
    numbers = '{"@type":"Article","datePublished":1e999999,"dateCreated":NaN,"license":-Infinity}'
    return Response(article(rng, head=_json(numbers) + _json('{"a":' + "9" * 100_000 + "}") + _json("1" * 4000)))


def json_of_surrogates(rng: random.Random, size: int) -> Response:
    values = r'{"@type":"Article","datePublished":"\ud800","license":"\udfff\u0000","digitalSourceType":"\ud800"}'
    return Response(article(rng, head=_json(values)))


def json_with_one_key_a_million_times(rng: random.Random, size: int) -> Response:
    return Response(article(rng, head=_json("{" + '"a":1,' * (min(size, _MOST) // 6) + '"a":1}')))


def json_blocks(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated(_json('{"@type":"Article","license":"x"}'), size)))


def a_label_nested_in_a_label(rng: random.Random, size: int) -> Response:
    label = '{"AIGC":{"Label":' + "[" * 900 + "]" * 900 + "}}"
    return Response(article(rng, head=_json(label) + f"<meta name=AIGC content='{label}'>"))


def statements_about_origin(rng: random.Random, size: int) -> Response:
    metas = "".join(f'<meta name="generator" content="ChatGPT {at}">' for at in range(size // 45))
    return Response(article(rng, metas))


def metas(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated('<meta name="date" content="x"><meta property="og:title" content="">', size)))


def a_name_of_meta_of_megabytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, f'<meta name="{"dc.dcterms." * (size // 11)}" content="2020-01-01">'))


def notices_within_notices(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated('<div class="ai-disclosure">written by AI ', size)))


def notices_beside_notices(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated('<p class="ai-disclosure">written by AI, not ', size)))


def attributes_of_disclosure(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p ai-disclosure=ai-assisted>x", size)))


def manifests_in_text(rng: random.Random, size: int) -> Response:
    magic = "".join(
        chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in b"C2PATXT\0\x01\xff\xff\xff\xff"
    )
    return Response(article(rng, repeated(f"<p>\ufeff{magic}", size)))


def manifests_in_scripts(rng: random.Random, size: int) -> Response:
    content = base64.b64encode(b"digitalsourcetype/" + b"A" * 3000).decode()
    return Response(article(rng, repeated(f'<script type="application/c2pa">{content}</script>', size)))


def times(rng: random.Random, size: int) -> Response:
    return Response(
        article(rng, repeated('<time class="published" datetime="x" itemprop="datePublished">x</time>', size))
    )


def licences(rng: random.Random, size: int) -> Response:
    return Response(
        article(rng, repeated('<a rel="license" href="//creativecommons.org/licenses/by/9.9/">x</a>', size))
    )


def a_title_of_megabytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, head="<title>" + "x " * (size // 2) + "</title>"))


PAGES: tuple[Make, ...] = (
    json_nested_deeply,
    json_of_empty_lists,
    json_of_graphs_in_graphs,
    json_of_absurd_numbers,
    json_of_surrogates,
    json_with_one_key_a_million_times,
    json_blocks,
    a_label_nested_in_a_label,
    statements_about_origin,
    metas,
    a_name_of_meta_of_megabytes,
    notices_within_notices,
    notices_beside_notices,
    attributes_of_disclosure,
    manifests_in_text,
    manifests_in_scripts,
    times,
    licences,
    a_title_of_megabytes,
)
