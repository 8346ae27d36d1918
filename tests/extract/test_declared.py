"""What pages say about their own origin."""

from __future__ import annotations

import base64
import csv
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.extract.parsers import read_alike
from tests.signing import embed
from transforms.extract import c2pa, html, jsonld
from transforms.extract.charset import decode
from transforms.extract.declared import KINDS, Sources, declarations
from transforms.extract.markup import Markup

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = b"jumb\0c2pa.actions" + TRAINED.encode() + b"\0"


def found(markup: str, headers: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    def said(tree: Markup) -> list[tuple[str, str]]:
        sources = Sources(markup=tree, html=markup, headers=headers, metas=tree.metas(), json=jsonld.blocks(tree))
        return [(declared.kind, declared.detail) for declared in declarations(sources)]

    return read_alike(markup, said)


def page(head: str = "", body: str = "", root: str = "") -> str:
    return f"<html{root}><head><title>t</title>{head}</head><body><p>Some text.</p>{body}</body></html>"


def kinds(markup: str) -> list[str]:
    return [kind for kind, _ in found(markup)]


def ld(json: str) -> str:
    return page(f'<script type="application/ld+json">{json}</script>')


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ('mode=ai-originated; model="gpt-4"; provider="OpenAI"', "ai-disclosure"),
        ("mode=machine-generated", "ai-disclosure"),
        ("model=x, mode=ai-modified", "ai-assisted"),
        ("mode=none", "human-claim"),
    ],
)
def test_the_header_is_read(value: str, kind: str) -> None:
    assert found(page(), (("ai-disclosure", value),)) == [(kind, f"ai-disclosure: {value}")]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("ai-disclosure", "ai-generated", "ai-disclosure"),
        ("AI-Disclosure", "Autonomous", "ai-disclosure"),
        ("ai-disclosure", "ai-assisted", "ai-assisted"),
        ("ai-disclosure", "none", "human-claim"),
        ("ai-generated", "all", "ai-generated"),
        ("ai-generated", "true", "ai-generated"),
        ("ai-generated", "partially", "ai-assisted"),
        ("ai-generated", "false", "human-claim"),
        ("ai-content-declaration", "ai-generated", "ai-content-declaration"),
        ("ai-content-declaration", "human-authored; domain=law", "human-claim"),
        ("generator", "ChatGPT", "generator"),
        ("generator", "GPT-4o via our tool", "generator"),
        ("generator", "Claude Opus 4 by Anthropic", "generator"),
        ("generator", "AI Content Generator 1.2", "generator"),
    ],
)
def test_a_meta_element_is_read(name: str, value: str, kind: str) -> None:
    assert kinds(page(f'<meta name="{name}" content="{value}">')) == [kind]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ai-disclosure", "Content created by a human developer"),
        ("ai-disclosure", "https://example.org/ai-policy"),
        ("ai-content-declaration", "allowed"),
        ("ai-content-declaration", "https://example.org/llms.txt"),
        ("generator", "WordPress 6.4"),
        ("generator", "Wix.com Website Builder with AI"),
        ("generator", "Claude Monet Theme"),
        ("description", "ai-generated"),
        ("keywords", "ai-disclosure, ChatGPT"),
        ("AIGC", "not json"),
        ("AIGC", "[1]"),
    ],
)
def test_a_meta_element_that_says_something_else_is_none(name: str, value: str) -> None:
    assert found(page(f'<meta name="{name}" content="{value}">')) == []


@pytest.mark.parametrize(
    ("root", "body", "expected"),
    [
        (' ai-disclosure="ai-generated"', "", ["ai-disclosure"]),
        ("", '<main ai-disclosure="ai-generated">x</main>', ["ai-disclosure"]),
        ("", '<article aidisclosure="ai-generated">x</article>', ["ai-disclosure"]),
        ("", '<article ai-disclosure="ai-generated">x</article><article>y</article>', ["ai-assisted"]),
        ("", '<aside ai-disclosure="ai-generated">x</aside>', ["ai-assisted"]),
        ("", '<section ai-disclosure="none">x</section>', []),
        (' ai-disclosure="none"', "", ["human-claim"]),
    ],
)
def test_the_attribute_speaks_for_its_element(root: str, body: str, expected: list[str]) -> None:
    assert kinds(page(body=body, root=root)) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (TRAINED, "digital-source-type"),
        ("trainedAlgorithmicMedia", "digital-source-type"),
        ("https://schema.org/TrainedAlgorithmicMediaDigitalSource", "digital-source-type"),
        ("digsrctype:compositeWithTrainedAlgorithmicMedia", "ai-assisted"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation", "human-claim"),
    ],
)
def test_the_digital_source_type_of_an_article_is_read(value: str, kind: str) -> None:
    assert kinds(ld(f'{{"@type": "NewsArticle", "digitalSourceType": "{value}"}}')) == [kind]


@pytest.mark.parametrize(
    "json",
    [
        f'{{"@type": "ImageObject", "digitalSourceType": "{TRAINED}"}}',
        f'{{"@type": "Article", "image": {{"@type": "ImageObject", "digitalSourceType": "{TRAINED}"}}}}',
        f'{{"@type": "Article", "citation": {{"@type": "Article", "digitalSourceType": "{TRAINED}"}}}}',
        '{"@type": "Article", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}',
        '{"@type": "Article", "articleBody": "trainedAlgorithmicMedia", "digitalSourceType": 5}',
    ],
)
def test_the_digital_source_type_of_a_picture_is_none_of_the_text(json: str) -> None:
    assert found(ld(json)) == []


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        ('{"AIGC": {"Label": "1", "ContentProducer": "P"}}', [("aigc-label", "AIGC: Label 1 P")]),
        ('{"Label": "1", "ContentProducer": "P"}', [("aigc-label", "AIGC: Label 1 P")]),
        ('{"AIGC": "{\\"Label\\": \\"1\\"}"}', [("aigc-label", "AIGC: Label 1")]),
        ('{"AIGC": {"Label": 2}}', [("aigc-suspected", "AIGC: Label 2")]),
        ('{"AIGC": {"Label": "3"}}', [("aigc-suspected", "AIGC: Label 3")]),
        ('{"AIGC": {"Label": "0"}}', []),
        ('{"AIGC": [1]}', []),
    ],
)
def test_the_aigc_label_is_read(json: str, expected: list[tuple[str, str]]) -> None:
    assert found(page(f'<meta name="AIGC" content="{json.replace(chr(34), "&quot;")}">')) == expected


@pytest.mark.parametrize(
    "element",
    [
        '<p class="ai-disclosure">This article was written by an AI agent.</p>',
        '<div class="note ai-disclosure"><b>Generated with ChatGPT</b>, checked by nobody.</div>',
        '<p id="ai-disclosure">AI-generated content.</p>',
    ],
)
def test_a_marked_notice_is_read(element: str) -> None:
    assert kinds(page(body=element)) == ["ai-notice"]


@pytest.mark.parametrize(
    "element",
    [
        '<p class="ai-disclosure">No part of this page was written by AI.</p>',
        '<p class="ai-disclosure">Our articles are never generated by artificial intelligence.</p>',
        '<a class="ai-disclosure" href="/policy">Our AI disclosure policy</a>',
        "<p>This article was written by an AI agent.</p>",
        '<p class="no-ai-disclosure">This was written by an AI.</p>',
        '<pre><code>&lt;meta name="ai-disclosure" content="ai-generated"&gt; ai-disclosure="ai-generated"</code></pre>',
        "<p>Set <code>digitalSourceType</code> to trainedAlgorithmicMedia, or AI-Disclosure: mode=ai-originated.</p>",
        '<p>The magic is C2PATXT. {"AIGC": {"Label": "1"}}</p>',
        '<a href="https://example.org/ai-generated">AI-generated content</a>',
    ],
)
def test_text_about_declarations_is_none(element: str) -> None:
    assert found(page(body=element)) == []


def test_a_manifest_in_the_text_is_read() -> None:
    assert found(page(body=f"<p>Hello.{embed(MANIFEST)}</p>")) == [("c2pa", "C2PA: trainedalgorithmicmedia")]


def test_a_manifest_in_a_script_is_read() -> None:
    script = f'<script type="application/c2pa">{base64.b64encode(MANIFEST).decode()}</script>'
    assert kinds(page(script)) == ["c2pa"]


def test_a_manifest_that_names_no_model_is_only_provenance() -> None:
    assert kinds(page(body=embed(b"jumb signed by a newspaper"))) == ["provenance"]


def test_the_active_manifest_is_the_last() -> None:
    ingredient = b"digitalsourcetype/trainedAlgorithmicMedia"
    assert c2pa.source_type(ingredient + b" digitalsourcetype/humanEdits") == "humanedits"


@pytest.mark.parametrize(
    "wrapper",
    [
        embed(MANIFEST)[:-5],  # shorter than it says
        embed(MANIFEST)[1:],  # without the mark
        embed(b""),
        "\ufeff" + "\ufe0f" * 100,
    ],
)
def test_a_broken_manifest_is_none(wrapper: str) -> None:
    assert found(page(body=f"<p>Hello.{wrapper}</p>")) == []


def test_a_detail_is_short_and_on_one_line() -> None:
    [(_, detail)] = found(page(f'<meta name="generator" content="ChatGPT \n {"x" * 500}">'))
    assert len(detail) == 200
    assert "\n" not in detail


def test_the_same_statement_counts_once() -> None:
    assert len(found(page('<meta name="ai-generated" content="true">' * 3))) == 1


def test_real_pages_declare_what_their_publishers_say(shared_data: Path) -> None:
    with (shared_data / "crawl/pages.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        declared = {row["url"] for row in rows if row["origin"] == "machine-declared"}
    hits = {url for url, markup in crawl(shared_data) if any(kind in KINDS for kind in kinds(markup))}
    assert hits == declared


def crawl(shared_data: Path) -> list[tuple[str, str]]:
    """URL and markup of every page that a machine says it wrote, and of every third other page."""
    pages = []
    for path in sorted((shared_data / "crawl").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for number, record in enumerate(ArchiveIterator(stream)):
                url = record.rec_headers.get_header("WARC-Target-URI")
                if record.rec_type == "response" and (number % 3 == 0 or "chatforest" in url):
                    markup, _ = decode(record.content_stream().read(), http_charset="")
                    if html.parse(markup) is not None:  # a few are feeds
                        pages.append((url, markup))
    return pages


def test_of_very_many_declarations_a_hundred_are_read() -> None:
    said = found(page("".join(f'<meta name="generator" content="ChatGPT {at}">' for at in range(5000))))
    assert said == [("generator", f"generator: ChatGPT {at}") for at in range(100)]


def test_a_claim_said_a_hundred_times_hides_no_other() -> None:
    repeated = '<meta name="ai-disclosure" content="none">' * 100
    said = kinds(page(repeated + '<meta name="generator" content="ChatGPT 4">'))
    assert said == ["human-claim", "generator"]


def test_of_notices_within_notices_each_is_read_as_far_as_a_notice_goes() -> None:
    # A sentence in each of 5,000, which the outer ones hold too: 50 MB of text if all were joined.
    said = found(page(body='<div class="ai-disclosure">written by an AI ' * 5000))
    assert [kind for kind, _ in said] == ["ai-notice"]


def test_of_elements_marked_as_notices_a_hundred_are_read() -> None:
    notice = '<p class="ai-disclosure">Written by an AI.</p>'
    for empty, said in ((99, ["ai-notice"]), (100, [])):
        assert kinds(page(body='<p class="ai-disclosure"></p>' * empty + notice)) == said
