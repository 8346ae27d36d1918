"""What a response says of itself: headers, addresses, dates, sizes, types."""

from __future__ import annotations

import random

from tests.hostile.pages.response import HTML, Make, Response, article, repeated


def a_header_within_a_header(rng: random.Random, size: int) -> Response:
    value = b"x\r\n\r\n<html><script>\r\nHTTP/1.1 200 OK\r\nAI-Disclosure: mode=none\r\n\r\n"
    return Response(article(rng), (*HTML, (b"X", value)))


def headers_of_a_warc_record(rng: random.Random, size: int) -> Response:
    value = b"x\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\nWARC/1.0\r\nWARC-Type: warcinfo\r\n"
    return Response(article(rng, value * 3), (*HTML, (b"X", value)))


def a_hundred_thousand_headers(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, *[(b"a", b"b")] * 100_000))


def as_many_headers_as_are_read(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, *[(b"link", b"<a>;rel=license")] * 10_000))


def a_header_of_megabytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, (b"X", b"x" * size)))


def headers_with_controls(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, (b"X\0\x1b[2J", b"\0\xff\xfe\x1b]0;x\x07"), (b"", b""), (b":", b":")))


def an_address_with_controls(rng: random.Random, size: int) -> Response:
    return Response(article(rng), uri=b"https://hostile.example/\x00\x1b[2J\x07\x7f\x9b<script>\xed\xa0\x80")


def an_address_of_kilobytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng), uri=b"https://hostile.example/" + b"a/../%2e%2e/" * 20_000)


def an_address_that_is_none(rng: random.Random, size: int) -> Response:
    return Response(article(rng), uri=b"http://[::1%25\\@:99999999/?#[")


def an_address_of_dates(rng: random.Random, size: int) -> Response:
    return Response(article(rng), uri=b"https://hostile.example" + b"/2099/99/99/19991332" * 10_000)


def an_address_from_right_to_left(rng: random.Random, size: int) -> Response:
    return Response(article(rng), uri="https://hostile.example/\u202egpj.exe\u2066".encode())


def a_fetch_in_the_year_99999(rng: random.Random, size: int) -> Response:
    return Response(article(rng), date=b"99999-99-99T99:99:99Z")


def dates_of_every_absurdity(rng: random.Random, size: int) -> Response:
    values = (
        "0000-00-00",
        "9999-12-31",
        "-1-1-1",
        "1e9",
        "9" * 5000,
        "٢٠٢٠-٠١-٠١",
        "2020-02-30",
        "Mon, 32 Foo 99999999999",
    )
    metas = "".join(f'<meta property="article:published_time" content="{value}">' for value in values)
    times = "".join(f'<time pubdate datetime="{value}">x</time>' for value in values)
    modified = (b"Last-Modified", b"Mon, 99 Foo 99999999999999999999 99:99:99 +9999999999")
    return Response(article(rng, times, head=metas), (*HTML, modified))


def a_length_longer_than_the_body(rng: random.Random, size: int) -> Response:
    return Response(article(rng)[:-20], (*HTML, (b"Content-Length", b"99999999999999999999999")))


def a_length_shorter_than_the_body(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, (b"Content-Length", b"-1"), (b"Content-Length", b"1")))


def an_archive_that_says_it_is_html(rng: random.Random, size: int) -> Response:
    return Response(b"PK\x03\x04" + rng.randbytes(size))


def a_document_of_print_that_says_it_is_html(rng: random.Random, size: int) -> Response:
    return Response(b"%PDF-1.7\n" + repeated("1 0 obj <</Type /Page /Parent 2 0 R>> stream x endstream\n", size))


def a_picture_with_markup_inside(rng: random.Random, size: int) -> Response:
    return Response(b"GIF89a" + rng.randbytes(1000) + article(rng))


def robots_of_a_hundred_thousand_words(rng: random.Random, size: int) -> Response:
    return Response(article(rng), (*HTML, (b"X-Robots-Tag", b"noai, " * 40_000)))


def nothing_at_all(rng: random.Random, size: int) -> Response:
    return Response(b"\0 \r\n" * (size // 4))


PAGES: tuple[Make, ...] = (
    a_header_within_a_header,
    headers_of_a_warc_record,
    a_hundred_thousand_headers,
    as_many_headers_as_are_read,
    a_header_of_megabytes,
    headers_with_controls,
    an_address_with_controls,
    an_address_of_kilobytes,
    an_address_that_is_none,
    an_address_of_dates,
    an_address_from_right_to_left,
    a_fetch_in_the_year_99999,
    dates_of_every_absurdity,
    a_length_longer_than_the_body,
    a_length_shorter_than_the_body,
    an_archive_that_says_it_is_html,
    a_document_of_print_that_says_it_is_html,
    a_picture_with_markup_inside,
    robots_of_a_hundred_thousand_words,
    nothing_at_all,
)
