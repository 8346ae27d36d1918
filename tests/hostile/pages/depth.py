"""Markup nested so deeply that whoever walks it by recursion, or from each node to the root, does not come back."""

from __future__ import annotations

import random

from tests.hostile.pages.response import Make, Response, article, repeated


def nested_divisions(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<div>", size)))


def nested_tables(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<table><tr><td>", size)))


def nested_lists(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<ul><li>x", size)))


def nested_quotations(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<blockquote><p>x", size)))


def nested_inline(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<b><i><font><a href=x>", size)))


def nested_frames(rng: random.Random, size: int) -> Response:
    return Response(b"<html>" + repeated("<frameset><frame src=x>", size) + article(rng))


def nested_inner_frames(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<iframe srcdoc='<p>x'>", size)))


def nested_drawings(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<svg><math><foreignObject>", size)))


def nested_templates(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<template><noscript><object>", size)))


def nested_forms(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<form><fieldset><select><option>x", size)))


def formatting_closed_in_the_wrong_order(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<b><p>x</b><i></p>y</i><a><div></a>", size)))


def a_thousand_chains_of_a_hundred(rng: random.Random, size: int) -> Response:
    chain = "<div>" * 100 + "x" + "</div>" * 100
    return Response(article(rng, repeated(chain, size)))


PAGES: tuple[Make, ...] = (
    nested_divisions,
    nested_tables,
    nested_lists,
    nested_quotations,
    nested_inline,
    nested_frames,
    nested_inner_frames,
    nested_drawings,
    nested_templates,
    nested_forms,
    formatting_closed_in_the_wrong_order,
    a_thousand_chains_of_a_hundred,
)
