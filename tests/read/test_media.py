"""What a body is: by its headers, and by its first bytes."""

from __future__ import annotations

import pytest

from transforms.read.media import charset, declared_html, ends_like_html, looks_like_html, looks_like_text, media_type


@pytest.mark.parametrize(
    ("header", "essence", "parameter"),
    [
        ("text/html", "text/html", ""),
        (" Text/HTML ; Charset='UTF-8' ", "text/html", "utf-8"),
        ('text/html;charset="windows-1251"; x=y', "text/html", "windows-1251"),
        ("text/html, text/html; charset=gbk", "text/html", "gbk"),
        ("text/html; mycharset=x", "text/html", ""),
        ("two words", "", ""),
        ("", "", ""),
        ("text/html; charset=" + "x" * 500, "text/html", "x" * 40),
    ],
)
def test_a_content_type_is_taken_apart(header: str, essence: str, parameter: str) -> None:
    assert (media_type(header), charset(header)) == (essence, parameter)


@pytest.mark.parametrize(
    ("declared", "identified", "expected"),
    [
        ("text/html", "", True),
        ("text/html", "text/plain", True),
        ("text/html", "application/xml", True),
        ("text/html", "application/octet-stream", True),
        ("text/html", "image/jpeg", False),
        ("application/json", "text/html", True),
        ("application/json", "", False),
        ("", "", None),
        ("application/octet-stream", "", None),
        ("", "application/pdf", False),
        ("", "application/xhtml+xml", True),
    ],
)
def test_server_and_crawler_are_weighed(declared: str, identified: str, expected: bool | None) -> None:
    assert declared_html(declared, identified) is expected


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\n\t <HtMl>", True),
        (b"\xef\xbb\xbf<html >", True),
        ("\ufeff<html>".encode("utf-16-le"), True),
        ("\ufeff<html>".encode("utf-16-be"), True),
        (b"<!-- a comment -->", True),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="x">', True),
        (b'<?xml version="1.0"?><rss></rss>', False),
        (b"<htmlx>", False),
        (b"<a", False),
        (b"%PDF-1.4", False),
        (b" " * 5000 + b"<html>", False),
        (b"", False),
    ],
)
def test_html_is_recognised_by_its_first_bytes(body: bytes, *, html: bool) -> None:
    assert looks_like_html(body) is html


def test_text_is_told_from_binary() -> None:
    assert looks_like_text("naïve\r\n\tтекст\x1b[0m".encode())
    assert looks_like_text("\ufeffwide".encode("utf-16-le"))
    assert looks_like_text(b"x" * 1445 + b"\x00")
    assert not looks_like_text(b"x" * 1444 + b"\x00")


def test_the_end_of_a_document_is_recognised() -> None:
    assert ends_like_html(b"<p></HTML >\n<!-- 0.2 s -->")
    assert not ends_like_html(b"</html>" + b"x" * 3000)
