"""Text made for the regular expressions of the extractors and of our own: each begins to match again and again."""

from __future__ import annotations

import random

from tests.hostile.pages.response import HTML, Make, Response, article, repeated


def beginnings_of_documents(rng: random.Random, size: int) -> Response:
    return Response(repeated("<html " + " " * 20, size) + article(rng))


def a_doctype_without_end(rng: random.Random, size: int) -> Response:
    return Response(b"<!DOCTYPE " + repeated("/<! DOCTYPE ", size) + article(rng))


def prologues(rng: random.Random, size: int) -> Response:
    return Response(repeated('<?xml encoding="', size) + article(rng))


def metas_that_nearly_name_a_charset(rng: random.Random, size: int) -> Response:
    return Response(repeated("<meta charset ", size) + article(rng))


def names_of_pictures(rng: random.Random, size: int) -> Response:
    return Response(article(rng, f'<img src="{"a.pn" * (size // 4)}" alt="x">'))


def styles_that_nearly_hide(rng: random.Random, size: int) -> Response:
    return Response(article(rng, f'<p style="{("display:" + " " * 50) * (size // 58)}">x</p>'))


def backticks_and_brackets(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("[`` \\[ ", size)))


def formulae_without_end(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated(" \\( \\[ x ", size)))


def pipes_and_bullets(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<pre>" + repeated("| - * 1. ", size)))


def numbers_like_dates(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("2020-01-01/12.12.2020 updated: 20200101", size)))


def addresses_in_addresses(rng: random.Random, size: int) -> Response:
    return Response(article(rng, f'<a href="{"http://a.b/?u=" * (size // 14)}">x</a>'))


def mail_addresses(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("a.b@c.", size)))


def names_of_authors(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b'<p class="author">' + repeated("By A B and C, D & ", size)))


def sharing_words(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p>Share on Facebook Twitter E-Mail Drucken", size)))


def classes_like_contents(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated('<div class="post entry content article story"><p>x</p></div>', size)))


def links_in_headers(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, (b"Link", b"<a>;rel=license" + b"; rel" * 40_000)))


def disclosure_in_headers(rng: random.Random, size: int) -> Response:
    return Response(
        article(rng),
        (*HTML, (b"AI-Disclosure", b"mode" + b" " * 200_000 + b";"), (b"Content-Usage", b"train-ai" * 20_000)),
    )


def names_of_writers(rng: random.Random, size: int) -> Response:
    return Response(article(rng, f'<meta name="generator" content="{"gpt-4-" * (size // 6)}">'))


def selectors_that_nearly_are_a_manifest(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p>" + "\ufeff\U000e0133\U000e0122" * (size // 11)))


PAGES: tuple[Make, ...] = (
    beginnings_of_documents,
    a_doctype_without_end,
    prologues,
    metas_that_nearly_name_a_charset,
    names_of_pictures,
    styles_that_nearly_hide,
    backticks_and_brackets,
    formulae_without_end,
    pipes_and_bullets,
    numbers_like_dates,
    addresses_in_addresses,
    mail_addresses,
    names_of_authors,
    sharing_words,
    classes_like_contents,
    links_in_headers,
    disclosure_in_headers,
    names_of_writers,
    selectors_that_nearly_are_a_manifest,
)
