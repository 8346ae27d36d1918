"""The repaired page is the one that trafilatura makes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trafilatura.utils import repair_faulty_html

from transforms.extract.repair import repaired

_DOCTYPES = ("<!DOCTYPE html>", "<!DOCTYPE html PUBLIC '-//W3C//'>")
_ROOTS = ("<html/>", "<html lang='a' />", "<HTML />", "/>", "<p>")
_BREAKS = ("\n", "\r\n", "\x0b", "\u2028", "\x01", "\uffff", "\ufffe")
_PIECES = st.sampled_from([*_DOCTYPES, *_ROOTS, *_BREAKS, "é", "x" * 4080, "y" * 5000])


def _reference(html: str) -> bytes:
    return repair_faulty_html(html, html[:50].lower()).encode()


@given(st.lists(_PIECES, max_size=9).map("".join))
@settings(deadline=None, max_examples=300)
def test_a_page_is_repaired_as_trafilatura_does(html: str) -> None:
    assert repaired(html) == _reference(html)


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html public '-//W3C//'><html/>" + "<p>a" * 5000,
        "<!doctype html public '-//W3C//'><html/>\n" + "<p>a" * 5000,
        "<!doctype html><html/>" + "<p>a" * 5000 + "\n<p>b",
        "<!doctype html public '-//W3C//'>" + "<p>a" * 2100 + "\n<html/>",
        "<p>a\x0c" + "<p>a" * 5000,
    ],
)
def test_a_long_page_is_repaired_as_trafilatura_does(html: str) -> None:
    assert repaired(html) == _reference(html)
