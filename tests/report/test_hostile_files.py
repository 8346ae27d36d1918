"""Files that are published beside a corpus of hostile rows: whoever opens them meets text, and nothing that acts."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.output import CARD, Output
from pipeline.publish import publish
from transforms.report.params import PublishParams

CALM = "calm"
HOSTILE = {
    "markup": "</script><script>alert(1)</script><img src=x onerror=alert(1)>-->]]>"
    '" onmouseover="alert(1)" style=\'x:expression(1)\' `'
    "[a](javascript:alert(1)) ![b](http://e.example/p) <http://e.example> |x| \n---\n# h\n```\n$x$ www.e.example",
    "YAML and a terminal": '"\n---\nlicense: mit\nconfigs: !!python/object/apply:os.system [id]\n- &a *a'
    "\x1b]0;owned\x07\x9b2J\u202eevil\u2066\u200b\u2028\U000e0041",
    "formulas": "=HYPERLINK(\"http://e.example\",1);=cmd|' /C calc'!A1\t=1\r\n+1",
    "full width": "＝1＋1;＠SUM(1)",
}


def rows(evil: str) -> list[dict[str, object]]:
    row = {
        "id": f"1{evil}",
        "url": f"http://{evil}.example/",
        "title": evil,
        "text": f"{evil}\n" * 3,
        "date": evil,
        "dump": evil,
        "first_seen": evil,
        "published": evil,
        "language": evil,
        "token_count": 3,
        "human_probability": 0.5,
        "detector_score": 0.0,
        "human_weight": 1.0,
        "duplicate_count": 2,
        "component_id": f"0f{evil}",
        "evidence": [{"kind": evil, "detail": evil, "log_ratio": 1.0}],
        "rights": [evil, f"license:{evil}"],
        "rules_failed": [evil],
        "abstain_reason": evil,
        "warc_file": evil,
        "file_path": evil,
    }
    return [row, row | {"id": "2", "url": evil, "component_id": "0f"}]


@pytest.fixture
def published(make_output: Callable[..., Path], tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """The files that are published, by name, of an output in which every text is this one."""

    def make(evil: str) -> dict[str, str]:
        counts = {"records": 3, "responses": 3, "rows": 2, "rejections": {evil: 1}, "passed": {evil: 1}}
        rejected = [{"reason": evil, "target_uri": evil, "detail": evil}]
        archive = {"file_path": f"/in/{evil}", "warc_file": evil, "size": 1, "documents": 2}
        files = [{"path": f"corpus/{evil}", "bytes": 1, "rows": 2, "sha256": evil}]
        config = {"extract": {"extractor": evil}, evil: {evil: evil}, "filter": {"reject": [evil]}}
        shutil.rmtree(tmp_path / "output", ignore_errors=True)
        root = make_output(
            [rows(evil)], rejected, counts,
            model=evil, calibration=evil, versions={"firsthand": evil, evil: evil}, inputs=[archive], files=files,
            config=config, config_digest=evil, chain={"head": evil}, ended=evil, documents=[evil],
        )  # fmt: skip
        printable = "".join(c for c in evil if c.isprintable())[:200]
        params = PublishParams(name=printable, creator=printable)
        assert params.problems() == []
        manifest = (root / "manifest.json").read_bytes()
        publish(Output(str(root)), manifest, params=params, most_rows=None, finished=True)
        names = ("report.html", "croissant.json", "prov.json", "sources.csv", CARD)
        return {name: (root / name).read_bytes().decode() for name in names}

    return make


_calm: dict[str, str] = {}


def calm_files(make: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """Those of a calm output, made once."""
    _calm.update({} if _calm else make(CALM))
    return _calm


class Shape(HTMLParser):
    """The elements of a page, each with the names of its attributes, and the addresses that it names."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.kinds: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: set[str] = set()
        self.scripts = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.kinds.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "content")}


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON value, and every key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for each in pair for text in strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in strings(each))


_MARKUP = re.compile(r"\]\([^)]*\)|<[A-Za-z!/?][^>]*>|^ {0,3}(?:#{2,} .*|```.*|---+)$|https?:\S+|www\.", re.MULTILINE)


def markup(markdown: str) -> set[str]:
    """Links, HTML, rules and headings, below the title, of a page of Markdown that are no code and not escaped."""
    text = re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return set(_MARKUP.findall(re.sub(r"`[^`\n]*`", "", re.sub(r"\\[!-/:-@\[-`{-~]", "", text))))


def acting(text: str) -> set[str]:
    """Characters that command a terminal, turn a line's direction or hide; the scripts of the report hold one."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")} - {"\n", "\r", "\t"}


def formulas(lines: Iterable[Sequence[str]]) -> list[str]:
    return [cell for line in lines for cell in line if cell.startswith(tuple("=+-@＝＋－＠\t\r"))]


@pytest.mark.parametrize("evil", HOSTILE.values(), ids=HOSTILE)
def test_what_is_published_holds_hostile_text_as_text(evil: str, published: Callable[[str], dict[str, str]]) -> None:
    calm, files = calm_files(published), published(evil)
    assert {name: acting(text) for name, text in files.items()} == {name: acting(text) for name, text in calm.items()}
    # The report: elements, attributes and addresses of a calm one.
    usual, found = Shape(calm["report.html"]), Shape(files["report.html"])
    assert found.kinds <= usual.kinds
    assert found.scripts == usual.scripts
    assert {address.partition(":")[0] for address in found.addresses} <= {"http", "#", ""} | usual.addresses
    # Tables: every cell in its place, and none a formula, whichever separator a spreadsheet takes.
    lines = files["sources.csv"].rstrip("\r\n").split("\r\n")
    table = list(csv.reader(io.StringIO(files["sources.csv"])))
    assert [len(line) for line in table] == [16] * len(lines)
    assert len(lines) > 1
    assert formulas([*table, *(line.split(";") for line in lines)]) == []
    # Linked data: JSON that may stand in a page.
    for name in ("croissant.json", "prov.json"):
        assert not set("<>&") & set(files[name])
        assert evil in set(strings(json.loads(files[name])))
    # The card: the keys and the markup of a calm one.
    (_, front, body), (_, usual_front, usual_body) = (page[CARD].split("---\n", 2) for page in (files, calm))
    pairs = [line.split(": ", 1) for line in front.splitlines()]
    assert [key for key, _ in pairs] == [line.split(": ", 1)[0] for line in usual_front.splitlines()]
    assert all(json.loads(value) is not None for _, value in pairs)
    assert markup(body) - markup(usual_body) == set()


def test_a_formula_a_link_and_a_script_would_be_seen() -> None:
    assert formulas([["a", "=1"]]) == ["=1"]
    assert markup("[a](b) `[c](d)` \\[e](f)\n## g") == {"](b)", "](f)", "## g"}
    assert Shape("<p onclick=x><script>1</script>").kinds == {("p", ("onclick",)), ("script", ())}
