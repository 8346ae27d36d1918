"""What a child that hostile pages have taken over may answer."""

from __future__ import annotations

import pytest

from transforms.extract.frames import unpack_header
from transforms.extract.jsonld import JsonObject, JsonValue
from transforms.extract.reply import outcome
from transforms.records import Declaration, Extraction
from transforms.rejection import Reason, Rejection

GOOD: JsonObject = {
    "text": "Text.",
    "title": "",
    "extractor": "e",
    "charset": "utf-8",
    "published": "",
    "published_source": "",
    "declarations": [["ai-notice", "said"]],
    "rights": ["noai"],
}


def test_a_reply_becomes_an_extraction() -> None:
    found = outcome({"extraction": GOOD})
    assert isinstance(found, Extraction)
    assert found.declarations == (Declaration("ai-notice", "said"),)


def test_no_text_and_an_error_are_rejections() -> None:
    assert outcome({"extraction": None}) == Rejection(Reason.NO_TEXT, "no main text")
    assert outcome({"error": "KeyError"}) == Rejection(Reason.EXTRACTION_ERROR, "KeyError")


@pytest.mark.parametrize("field", sorted(GOOD))
@pytest.mark.parametrize("value", [None, 1, "\ud800", ["\ud800"], [["kind"]], [[1, 2]]])
def test_a_field_of_another_kind_makes_it_no_reply(field: str, value: JsonValue) -> None:
    with pytest.raises(ValueError, match="the reply has no|surrogates not allowed|values to unpack"):
        outcome({"extraction": {**GOOD, field: value}})


@pytest.mark.parametrize("field", sorted(GOOD))
def test_a_missing_field_makes_it_no_reply(field: str) -> None:
    with pytest.raises(ValueError, match="the reply has no"):
        outcome({"extraction": {name: value for name, value in GOOD.items() if name != field}})


@pytest.mark.parametrize("reply", [{}, {"error": ["x"]}, {"error": "\ud800"}, {"extraction": "text"}])
def test_what_is_no_reply_is_refused(reply: JsonObject) -> None:
    with pytest.raises(ValueError, match="the reply has no|surrogates not allowed|values to unpack"):
        outcome(reply)


def test_a_header_nested_too_deeply_is_no_header() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        unpack_header(b'{"a":' + b"[" * 100_000)
