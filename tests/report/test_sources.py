"""Sources by domain."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.outputs import corpus
from transforms.report.domains import registrable
from transforms.report.folder import Folder
from transforms.report.glimpse import glimpse_of
from transforms.report.sources import Source, Sources, sources_csv, sources_of

MakeOutput = Callable[..., Path]


def row(url: str, tokens: int, **values: object) -> dict[str, object]:
    return {"url": url, "token_count": tokens, "language": "en", **values}


def read(output: Path, **options: Any) -> Sources:
    return sources_of(Folder(str(output)), **options)


def lines(sources: Sources) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sources_csv(sources).decode())))


def test_the_hosts_of_a_domain_are_one_source(make_output: MakeOutput) -> None:
    rights = ["noai", "license:cc-by-4.0"]
    rows = [
        row("https://a.example.co.uk/1", 10, date="2024-05-02T00:00:00Z", record_length=7, rights=rights),
        row("http://B.example.co.uk:80/", 30, date="", record_length=1, language="de", dump="CC-MAIN-2024-18"),
        row("https://a.example.co.uk/2", 5, date="2023-01-01T09:00:00Z", rights=["noai", "license:other"]),
        row("urn:x", 1, date="2025-01-01T00:00:00Z"),
    ]
    found = read(make_output([rows[:2], rows[2:]]))
    assert found.listed == (
        Source(
            domain="example.co.uk",
            hosts=2,
            pages=3,
            tokens=45,
            archive_bytes=8,
            first="2023-01-01T09:00:00Z",
            last="2024-05-02T00:00:00Z",
            languages=(("en", 2), ("de", 1)),
            opt_outs=(("noai", 2),),
            licences=(("license:cc-by-4.0", 1), ("license:other", 1)),
        ),
        Source("", 1, 1, 1, 0, "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", (("en", 1),), (), ()),
    )
    assert (found.domains, found.pages, found.tokens, found.archive_bytes) == (2, 4, 46, 8)
    assert (found.first, found.last) == ("2023-01-01T09:00:00Z", "2025-01-01T00:00:00Z")
    assert found.dumps == (("", 3), ("CC-MAIN-2024-18", 1))


def test_the_sources_of_a_recorded_crawl_are_those_of_its_rows(reference: Path) -> None:
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in corpus(reference):
        pages[registrable(urlsplit(str(entry["url"])).hostname or "")].append(entry)
    found = read(reference)
    assert {s.domain: (s.pages, s.tokens, s.archive_bytes) for s in found.listed} == {
        domain: (len(rows), sum(r["token_count"] for r in rows), sum(r["record_length"] for r in rows))
        for domain, rows in pages.items()
    }
    assert [s.tokens for s in found.listed] == sorted((s.tokens for s in found.listed), reverse=True)


def test_the_largest_are_listed_and_those_that_must_be_named_are_marked(make_output: MakeOutput) -> None:
    rows = [row(f"https://{i:02}.example{i:02}.org/", 100 - i) for i in range(30)]
    output = make_output([rows])
    found = read(output, most=12)
    assert (found.domains, found.top, found.top_small, len(found.listed)) == (30, 3, 2, 12)
    head, *body = lines(found)
    marks = [(line[head.index("top_10_percent")], line[head.index("top_for_small_enterprises")]) for line in body]
    assert marks == [("yes", "yes"), ("yes", "yes"), ("yes", "no"), *[("no", "no")] * 9]
    assert len(read(output, most=None).listed) == 30


def test_a_small_enterprise_names_a_thousand_at_most() -> None:
    assert Sources(1_000_000, 0, 0, 0, "", "", (), ()).top_small == 1000
    assert Sources(1_000_000, 0, 0, 0, "", "", (), ()).top == 100_000


@pytest.mark.parametrize("sign", ["=", "+", "-"])
def test_no_cell_is_a_formula_to_a_spreadsheet(make_output: MakeOutput, sign: str) -> None:
    found = read(make_output([[row(f'https://{sign}cmd"a,b\u202e.example/', 1, language=f"{sign}x")]]))
    assert lines(found)[1][1] == f"'{sign}cmd\"a,b.example"
    assert lines(found)[1][11] == f"'{sign}x"


def test_a_line_tells_all_of_a_source(make_output: MakeOutput) -> None:
    rows = [row("https://a.example/", 3, date="2024-05-02T00:00:00Z", record_length=9, rights=["noai", "license:gfdl"])]
    assert sources_csv(read(make_output([rows]))).decode().splitlines() == [
        "rank,domain,hosts,pages,tokens,archive_bytes,token_share,top_10_percent,top_for_small_enterprises,"
        "first_fetched,last_fetched,languages,opt_outs,licences,rows_read,of_rows",
        "1,a.example,1,1,3,9,1.000000,yes,yes,2024-05-02,2024-05-02,en,noai 1,license:gfdl 1,1,1",
    ]


def test_a_corpus_without_rows_has_no_sources(make_output: MakeOutput) -> None:
    found = read(make_output())
    assert found == Sources(0, 0, 0, 0, "", "", (), ())
    assert len(lines(found)) == 1


def test_some_rows_are_read_of_a_corpus_that_is_too_large(make_output: MakeOutput) -> None:
    shards = [[row(f"https://{i}.example/", 1)] * 3 for i in range(20)]
    output = make_output(shards, counts={"records": 60, "responses": 60, "rows": 60})
    glimpse = glimpse_of(Folder(str(output)), 5)
    found = read(output, glimpse=glimpse)
    assert (found.pages, found.of_rows, found.partial) == (6, 60, True)


def test_a_sample_says_so_in_every_line_and_marks_no_domain() -> None:
    source = Source("a.example", 1, 6, 6, 0, "", "", (), (), ())
    sampled = Sources(1, 6, 6, 0, "", "", (), (source,), of_rows=60)
    head, line = lines(sampled)
    told = dict(zip(head, line, strict=True))
    assert (told["top_10_percent"], told["top_for_small_enterprises"]) == ("sampled", "sampled")
    assert (told["rows_read"], told["of_rows"]) == ("6", "60")
