"""What made the corpus, so that it can be made again."""

from __future__ import annotations

from transforms.report.html.assets import licences
from transforms.report.html.element import Content, Html, element
from transforms.report.html.numbers import NONE, count, duration, size
from transforms.report.html.section import Section, prose
from transforms.report.html.source import name
from transforms.report.story import Story


def provenance(story: Story) -> Section:
    """The run: inputs, configuration, versions, time."""
    run = story.run
    facts: list[tuple[str, Content]] = [
        ("Output", element("code", name(story.output))),
        ("Inputs", f"{count(run.archives)} archives, {size(run.archive_bytes)}"),
        ("Configuration digest", _code(run.config_digest)),
        ("Detector", _code(run.model)),
        ("Calibration", _code(run.calibration)),
        ("firsthand", _code(run.version)),
        ("Elapsed", duration(run.elapsed)),
        ("CPU by stage", ", ".join(f"{stage} {duration(seconds)}" for stage, seconds in run.cpu_s) or NONE),
    ]
    rows = (element("div", element("dt", what), element("dd", value)) for what, value in facts)
    where = prose(
        "The whole configuration, every archive with its counts, and the versions of all libraries stand in "
        "manifest.json beside this file; every row names its archive, offset and digests. This page loads nothing and "
        "links nowhere."
    )
    return Section("provenance", "How it was made", (where, element("dl", *rows, class_="made"), _licences()))


def _licences() -> Html:
    """The licences of the libraries in the page, which ask to be in every copy."""
    texts = (element("pre", f"{library}\n\n{text}", class_="licence") for library, text in licences())
    summary = element("summary", "Licences of what draws the plots: d3, Observable Plot and what they bundle")
    return element("details", summary, *texts, class_="more")


def _code(text: str) -> Content:
    return element("code", name(text)) if text else NONE
