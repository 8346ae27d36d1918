"""The chain over a manifest and the files it lists."""

from __future__ import annotations

import hashlib
import json

import pytest

from pipeline.seal import canonical, chain, head_of, sealed
from transforms.write.digest import WrittenFile

PAGE: dict[str, object] = {"counts": {"rows": 3, "responses": 4}, "model": "linear-0123", "elapsed": 1.25}
FILES = [
    WrittenFile("corpus/part-00000.parquet", 10, 3, "a" * 64),
    WrittenFile("rejections/curate-00000.parquet", 7, 1, "b" * 64),
    WrittenFile("cells.json", 5, None, "c" * 64),
]


def test_the_head_is_what_the_definition_says() -> None:
    link = hashlib.sha256(b'{"counts":{"responses":4,"rows":3},"elapsed":1.25,"model":"linear-0123"}').digest()
    start = link.hex()
    for path, size, rows, letter in (
        ("corpus/part-00000.parquet", 10, "3", "a"),
        ("rejections/curate-00000.parquet", 7, "1", "b"),
        ("cells.json", 5, "null", "c"),
    ):
        entry = f'{{"bytes":{size},"path":"{path}","rows":{rows},"sha256":"{letter * 64}"}}'
        link = hashlib.sha256(link + entry.encode()).digest()
    page = sealed(PAGE, FILES)
    assert page["chain"] == {"algorithm": "sha256", "start": start, "head": link.hex()}
    assert head_of(page) == link.hex()


def test_a_sealed_manifest_that_was_written_and_read_has_the_same_head() -> None:
    page = sealed(PAGE, FILES)
    again = json.loads(json.dumps(page, indent=3))
    assert chain(again, again["files"])[1] == head_of(page)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(sealed({**PAGE, "elapsed": 1.26}, FILES), id="a value"),
        pytest.param(sealed({**PAGE, "note": ""}, FILES), id="a key"),
        pytest.param(sealed(PAGE, FILES[1:]), id="a file gone"),
        pytest.param(sealed(PAGE, [FILES[1], FILES[0], FILES[2]]), id="two files exchanged"),
        pytest.param(sealed(PAGE, [*FILES[:2], WrittenFile("cells.json", 6, None, "c" * 64)]), id="a size"),
    ],
)
def test_whatever_is_changed_the_head_is_another(changed: dict[str, object]) -> None:
    assert head_of(changed) != head_of(sealed(PAGE, FILES))


def test_a_manifest_of_an_early_release_has_no_head() -> None:
    assert head_of(PAGE) == ""
    assert head_of({"chain": "x"}) == ""


def test_no_number_is_written_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": float("nan")})
