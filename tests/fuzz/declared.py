"""What a page says of its origin and its rights, in JSON-LD, meta elements, attributes and headers."""

from __future__ import annotations

from datetime import date

from tests.fuzz.choices import Choices
from transforms.extract import jsonld, lexbor, libxml
from transforms.extract.dates import published
from transforms.extract.declared import KINDS, Sources, declarations, statement_kind
from transforms.extract.licences import licences, name_of
from transforms.extract.markup import Markup
from transforms.extract.rights import rights

TEMPLATES = (
    '<html><script type="application/ld+json">%s</script><body><article>x</article></html>',
    '<html><meta name="AIGC" content="%s"><meta name="ai-disclosure" content="%s"><body>x</html>',
    '<html ai-disclosure="%s"><body><p class="ai-disclosure">%s</p></html>',
    '<html><a rel="license" href="%s">x</a><meta name="dcterms.license" content="%s"><body>x</html>',
    '<html><meta name="date" content="%s"><time itemprop="datePublished" datetime="%s">x</time></html>',
    '<html><script type="application/c2pa">%s</script><body>x</html>',
    "%s",
)


def check(data: bytes) -> None:
    """Put the input where statements stand, and read them all."""
    choices = Choices(data)
    template, header = choices.pick(TEMPLATES), choices.pick(("ai-disclosure", "link", "content-usage", "x-robots-tag"))
    text = choices.text().replace("\0", "")
    _check_values(text)
    source = template.replace("%s", text.encode("utf-8", "replace").decode())
    for parse in (libxml.parse, lexbor.parse):
        if markup := parse(source):
            _check_markup(markup, source, ((header, text),))


def _check_markup(markup: Markup, source: str, headers: tuple[tuple[str, str], ...]) -> None:
    metas, blocks, text = markup.metas(), jsonld.blocks(markup), headers[0][1]
    for declared in declarations(Sources(markup=markup, html=source, headers=headers, metas=metas, json=blocks)):
        assert declared.kind in KINDS
        assert len(declared.detail) <= 200
    assert all(name.startswith("license:") for name in licences(markup, headers=headers, metas=metas, json=blocks))
    rights(headers, metas)
    markup.title()
    day, origin = published(markup, url=text, headers=headers, metas=metas, json=blocks, fetched=date(2024, 5, 1))
    assert bool(day) == bool(origin)
    assert not day or date(1990, 1, 1) <= date.fromisoformat(day) <= date(2024, 5, 2)


def _check_values(text: str) -> None:
    jsonld.page_objects([jsonld.parse(text)])
    assert statement_kind(text, machine="ai-disclosure") in {"", "ai-disclosure", "ai-assisted", "human-claim"}
    assert name_of(text).startswith("license:")
