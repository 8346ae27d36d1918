"""`README.md`: the card of the corpus, as people read it and as the Hugging Face Hub and `datasets` do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from transforms.report import card_origin, card_rows, responsible
from transforms.report.markdown import code, escape, front_matter, prose
from transforms.report.publication import Publication
from transforms.report.sources import Sources
from transforms.report.story import Story
from transforms.report.terms import UNKNOWN, hub_license
from transforms.terminal import clean

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NO_LANGUAGE = {"und", "zxx", "mul", "mis"}  # ISO 639-3: undetermined, no linguistic content, several, uncoded
_SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)


def card(story: Story, publication: Publication, sources: Sources) -> bytes:
    """The file, in Markdown with YAML before it. The same arguments give the same bytes."""
    lines = [*front_matter(_metadata(story, publication)), "", *_head(story, publication)]
    for section in (
        card_rows.funnel(story),
        card_rows.languages(story),
        card_rows.weights(story, publication),
        card_rows.duplicates(story),
        card_rows.dates(story, sources),
        card_rows.signs(story),
        card_origin.rights(story),
        card_origin.sources(sources, story),
        _limits(story),
        card_origin.provenance(story, publication),
        card_origin.use(publication),
        card_origin.citation(story, publication),
    ):
        lines += ["", *section]
    return ("\n".join(lines) + "\n").encode()


def _metadata(story: Story, publication: Publication) -> dict[str, object]:
    languages = [entry.language for entry in story.languages if _LANGUAGE.fullmatch(entry.language)]
    return {
        "pretty_name": clean(publication.params.name, 200),
        "language": [language for language in languages if language not in _NO_LANGUAGE],
        **hub_license(publication.params.license),
        "size_categories": [next((name for below, name in _SIZES if story.funnel.rows < below), "n>1T")],
        "task_categories": ["text-generation"],
        "tags": ["web-crawl", "pre-training", "human-data-weights", "provenance", "firsthand"],
        "configs": [
            {
                "config_name": "default",
                "default": True,
                "data_files": [{"split": "train", "path": "corpus/*.parquet"}],
            }
        ],
    }


def _head(story: Story, publication: Publication) -> Iterator[str]:
    params = publication.params
    yield f"# {escape(params.name)}"
    yield ""
    yield responsible.describe(story, publication)  # of the configuration, where Markdown is welcome, or our own
    yield ""
    yield prose(responsible.collection(story))
    if params.creator:
        yield ""
        yield f"Published by {escape(params.creator)}."
    yield ""
    yield f"Licence of the collection: {code(params.license, 500)}." if params.license else UNKNOWN
    if story.scope.partial:
        yield ""
        yield f"> {prose(' '.join(responsible.coverage(story)))}"
    for sentence in story.discrepancies:
        yield ""
        yield f"> Attention: {escape(sentence, 500)}."


def _limits(story: Story) -> Iterator[str]:
    yield "## Limits"
    yield ""
    yield from _items(responsible.limitations(story))
    yield from _items(responsible.biases(story))
    yield from _items(responsible.personal(story))


def _items(sentences: Iterable[str]) -> Iterator[str]:
    """A list."""
    return (f"* {prose(sentence)}" for sentence in sentences)
