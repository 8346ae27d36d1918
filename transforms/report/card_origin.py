"""The sections of the card about origin: whose pages these are, what made the corpus, how to check and cite it."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report import responsible
from transforms.report.markdown import code, escape, prose, table
from transforms.report.publication import Publication
from transforms.report.sources import Source, Sources
from transforms.report.story import Story
from transforms.report.terms import cite

_DOMAINS = 20  # that are shown; sources.csv has more


def rights(story: Story) -> Iterator[str]:
    """What pages ask of those who mine them."""
    yield "## Rights"
    yield ""
    yield " ".join(map(prose, responsible.rights(story)))
    if story.rights:
        yield ""
        yield from table(("signal", "pages"), [(code(signal), f"{pages:,}") for signal, pages in story.rights])


def sources(found: Sources, story: Story) -> Iterator[str]:
    """The domains with the most tokens, as the European template for training content asks for them."""
    yield "## Sources"
    yield ""
    domains = f"{found.domains:,} registrable domain{responsible.plural(found.domains)}"
    yield (
        f"Web pages, text only, of {domains}{' among the rows that were counted' if story.scope.partial else ''}. "
        f"`sources.csv` lists the largest with their pages, tokens, dates, opt-outs and licences; {_marks(found)} "
        "Size is counted in tokens."
    )
    yield _crawlers(found)
    if found.listed:
        yield ""
        rows = [_domain(source, found) for source in found.listed[:_DOMAINS]]
        yield from table(("domain", "hosts", "pages", "tokens", "of tokens", "fetched"), rows)


def _marks(found: Sources) -> str:
    template = "the template for the public summary of training content under article 53(1)(d) of the European AI Act"
    if found.partial:
        return (
            f"it was counted on a sample of {found.pages:,} of {found.of_rows:,} rows, so that it cannot say which "
            f"domains {template} asks for: `firsthand report .` counts all rows and marks them."
        )
    return (
        f"it marks the {found.top:,} that are the top 10 % by size, and the {found.top_small:,} that a small or medium "
        f"enterprise has to name, as {template} asks."
    )


def _crawlers(found: Sources) -> str:
    named = [name for name, _ in found.dumps if name]
    if named and len(named) == len(found.dumps):
        return f"Crawled by Common Crawl (CCBot): {', '.join(map(code, named[:20]))}{' …' if len(named) > 20 else ''}."
    some = f" Part of them are of Common Crawl: {', '.join(map(code, named[:20]))}." if named else ""
    return f"The rows do not say which crawler fetched the pages, and for whom: ask whoever made the archives.{some}"


def _domain(source: Source, found: Sources) -> tuple[str, ...]:
    days = dict.fromkeys(day[:10] for day in (source.first, source.last) if day)
    return (
        code(source.domain),
        f"{source.hosts:,}",
        f"{source.pages:,}",
        f"{source.tokens:,}",
        responsible.percent(source.tokens / found.tokens) if found.tokens else "–",
        " – ".join(map(escape, days)) or "–",
    )


def provenance(story: Story, publication: Publication) -> Iterator[str]:
    """What identifies the corpus, and what made it."""
    run = story.run
    rows = [
        ("hash chain over manifest and files, its head", publication.chain),
        ("configuration", run.config_digest),
        ("detector", run.model),
        ("calibration", run.calibration),
        ("firsthand", run.version),
        ("begun", publication.started),
        ("ended", publication.ended),
    ]
    yield "## Provenance"
    yield ""
    yield from table(("", ""), [(what, code(value)) for what, value in rows if value], left=2)
    yield ""
    yield (
        "`manifest.json` has the whole configuration, every archive, the versions of all libraries and the SHA-256 of "
        "every file; `prov.json` says the same in W3C PROV, `croissant.json` describes files and columns. Every row "
        "names its archive, the offset of its record there, and the digests of its payload and its text."
    )


def use(publication: Publication) -> Iterator[str]:
    """How to check the files, and how to read them."""
    head = f" --head {publication.chain}" if publication.chain else ""
    yield from (
        "## Check and load",
        "",
        "```sh",
        f"firsthand verify .{head}    # counts, digests and weights, from the files",
        "```",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'rows = load_dataset(".", split="train", streaming=True)  # or the name of the repository',
        "for row in rows.take(3):",
        '    print(row["human_weight"], row["url"])',
        "```",
        "",
        "```sql",
        "SELECT language, sum(token_count * human_weight) FROM 'corpus/*.parquet' GROUP BY language;  -- DuckDB",
        "```",
        "",
        "To train with the weights, multiply a text's loss by its `human_weight`, or draw texts in proportion to it, "
        "or show each text `expected_repeats` times.",
    )


def citation(story: Story, publication: Publication) -> Iterator[str]:
    """How to cite this very corpus."""
    yield from ("## Cite", "", "```bibtex", *cite(publication, story).splitlines(), "```")
