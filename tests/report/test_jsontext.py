"""JSON for programs that may end up on a terminal."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.jsontext import to_json


@settings(deadline=None)
@given(st.text())
def test_a_string_comes_back_as_it_was_and_cannot_act_on_a_terminal(text: str) -> None:
    shown = to_json({"a": text})
    assert json.loads(shown) == {"a": text}
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_letters_of_all_scripts_stay() -> None:
    assert to_json("añ 漢字 \u202e\x1b[31m\n\U000e0041") == '"añ 漢字 \\u202e\\u001b[31m\\n\\udb40\\udc41"'


@dataclass(frozen=True)
class Pair:
    name: str
    values: tuple[float | None, ...]


def test_dataclasses_are_objects_of_their_fields_in_order() -> None:
    assert to_json([Pair("a", (1.5, None))]) == '[{"name": "a", "values": [1.5, null]}]'
    assert to_json(Pair("a", ()), indent=1) == '{\n "name": "a",\n "values": []\n}'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "null"),
        (float("inf"), "null"),
        (Decimal("3"), "3"),
        (Decimal("0.5"), "0.5"),
        (date(2024, 5, 1), '"2024-05-01"'),
        (datetime(2024, 5, 1, 2, 3), '"2024-05-01T02:03:00"'),
        (b"\x00\xff", '"00ff"'),
        (True, "true"),
        ({1: {"a": b""}}, '{"1": {"a": ""}}'),
        (Decimal("NaN"), "null"),
        (Decimal("Infinity"), "null"),
    ],
)
def test_values_of_a_database_have_a_form_in_json(value: object, shown: str) -> None:
    assert to_json(value) == shown
