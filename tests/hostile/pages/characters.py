"""Characters and entities that are none, encodings that lie, and text that grows when it is normalised."""

from __future__ import annotations

import random

from tests.hostile.pages.response import Make, Response, article, prose, repeated


def _as(charset: bytes, body: bytes) -> Response:
    return Response(body, ((b"Content-Type", b"text/html; charset=" + charset),))


def nul_bytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("x\0", size)))


def controls_of_a_terminal(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p>\x1b[2J\x1b]0;owned\x07\x08\x7f\x9b31m red\u0085\u2028\ufffe", size)))


def numeric_references_to_surrogates(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p>&#xD800;&#55357;&#0;&#xFFFF;&#x1F;&#128; x", size)))


def numeric_references_beyond_unicode(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p>&#x110000;&#99999999999999999999;&#-1;&#x; x", size)))


def surrogates_as_bytes(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated(b"<p>\xed\xa0\xbd\xed\xb8\x80 \xc0\x80 \xf8\x88\x80\x80\x80 x", size)))


def ampersands(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("&&amp&#", size)))


def entities_with_long_names(rng: random.Random, size: int) -> Response:
    return Response(article(rng, b"<p>" + repeated("&CounterClockwiseContourIntegral;&" + "a" * 200 + ";", size)))


def billion_laughs(rng: random.Random, size: int) -> Response:
    entities = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 12))
    head = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">{entities}]><html xmlns="http://www.w3.org/1999/xhtml">'
    )
    body = f"{head}<body><p>{prose(rng, 200)}</p><p>&l11;</p></body></html>".encode()
    return Response(body, ((b"Content-Type", b"application/xhtml+xml"),))


def entity_of_a_file(rng: random.Random, size: int) -> Response:
    head = (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://127.0.0.1:1/x.dtd" ['
        '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>'
    )
    body = f"{head}<html><body><p>{prose(rng, 200)}</p><p>[&f;]</p></body></html>".encode()
    return Response(body, ((b"Content-Type", b"application/xhtml+xml"),))


def inclusion_of_a_file(rng: random.Random, size: int) -> Response:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    return Response(article(rng, repeated(include, size)))


def utf_7(rng: random.Random, size: int) -> Response:
    return _as(b"utf-7", article(rng, "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"))


def utf_16_without_a_mark(rng: random.Random, size: int) -> Response:
    return _as(b"utf-8", article(rng).decode().encode("utf-16-be"))


def utf_16_cut_in_a_character(rng: random.Random, size: int) -> Response:
    return _as(b"utf-16", b"\xff\xfe" + article(rng, "\U0001f600" * 1000).decode().encode("utf-16-le")[:-1])


def a_mark_against_the_header_against_the_markup(rng: random.Random, size: int) -> Response:
    return _as(b"koi8-r", b"\xef\xbb\xbf" + article(rng, "é" * 100, head="<meta charset=shift_jis>"))


def a_codec_that_is_no_charset(rng: random.Random, size: int) -> Response:
    return _as(b"zlib_codec", article(rng, r"\x00\ud800", head="<meta charset=unicode_escape><meta charset=idna>"))


def a_charset_of_kilobytes(rng: random.Random, size: int) -> Response:
    return _as(b"x" * 100_000, article(rng, head=f"<meta charset={'y' * 4000}>"))


def bytes_of_no_encoding(rng: random.Random, size: int) -> Response:
    return _as(b"gb18030", article(rng, rng.randbytes(size)))


def escapes_between_encodings(rng: random.Random, size: int) -> Response:
    return _as(b"iso-2022-jp", article(rng, repeated("\x1b$B\x1b(B\x1b$@", size)))


def marks_piled_on_a_letter(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p>e" + "\u0301\u0316" * (size // 4) + "</p>"))


def characters_that_grow_when_normalised(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p>" + "\U0001d160\u0958\ufb1d" * (size // 10) + "</p>"))


def characters_that_grow_in_utf_8(rng: random.Random, size: int) -> Response:
    return _as(b"windows-1252", article(rng, b"<p>" + b"\x80 " * (size // 2) + b"</p>"))


def faces_that_grow_as_json(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p>" + "\U0001f600" * (size // 4) + "</p>"))


def text_from_right_to_left(rng: random.Random, size: int) -> Response:
    return Response(article(rng, repeated("<p dir=rtl>\u202e\u2066\u05d0\u0627\u200f\u202c ", size)))


def variation_selectors(rng: random.Random, size: int) -> Response:
    return Response(article(rng, "<p>x" + "\ufe0f\U000e0100" * (size // 7) + "</p>"))


PAGES: tuple[Make, ...] = (
    nul_bytes,
    controls_of_a_terminal,
    numeric_references_to_surrogates,
    numeric_references_beyond_unicode,
    surrogates_as_bytes,
    ampersands,
    entities_with_long_names,
    billion_laughs,
    entity_of_a_file,
    inclusion_of_a_file,
    utf_7,
    utf_16_without_a_mark,
    utf_16_cut_in_a_character,
    a_mark_against_the_header_against_the_markup,
    a_codec_that_is_no_charset,
    a_charset_of_kilobytes,
    bytes_of_no_encoding,
    escapes_between_encodings,
    marks_piled_on_a_letter,
    characters_that_grow_when_normalised,
    characters_that_grow_in_utf_8,
    faces_that_grow_as_json,
    text_from_right_to_left,
    variation_selectors,
)
