"""Hosts: who fills the corpus, and what the detector makes of them."""

from __future__ import annotations

from transforms.report.html.figure import Value, figure
from transforms.report.html.numbers import count, decimal, part, percent, several
from transforms.report.html.section import Section, bar, prose
from transforms.report.html.source import name
from transforms.report.html.table import Cell, Head, Table
from transforms.report.html.visible import cut
from transforms.report.story import HostFigures, Story

_DRAWN = 200  # hosts in the plot

_HEADS = (
    Head("Host", "of the page's URL", False),
    Head("Pages", "rows of this host"),
    Head("Share", "of all rows that were looked at"),
    Head("Bar", "pages, against the most", False, ornament=True),
    Head("Tokens", "of these rows"),
    Head("p(human)", "mean of human_probability over the tokens judged, 0–1, higher is more human"),
    Head("Mean weight", "human_weight, mean over tokens: below 1 the host loses, above it gains"),
)


def hosts(story: Story) -> Section:
    """The hosts with most pages."""
    shown = story.top_hosts
    explained = prose(
        f"{several(story.hosts, 'host')}; the table has the {count(len(shown))} with most pages. "
        "A host far down and to the right has many pages that look machine-written: read some of them."
    )
    drawn = [_drawn(host) for host in shown if host.mean_probability is not None][:_DRAWN]
    plot = figure(
        "hosts",
        "hosts-plot",
        "Pages of a host, and the mean probability that humans wrote them",
        "Hosts by number of pages and mean probability of being human; the same numbers stand in the table of hosts.",
        drawn,
    )
    most = max((host.pages for host in shown), default=0)
    rows = tuple(_row(host, story.scope.read, most) for host in shown)
    table = Table("hosts-table", "Hosts with most pages", _HEADS, rows, filtered_by="Filter hosts")
    return Section("hosts", "Hosts", (explained, plot, table.html()))


def _drawn(host: HostFigures) -> Value:
    return {
        "host": cut(host.host, 60) or "(none)",
        "pages": host.pages,
        "tokens": host.tokens,
        "human": host.mean_probability,
    }


def _row(host: HostFigures, rows: int, most: int) -> tuple[Cell, ...]:
    share = part(host.pages, rows)
    return (
        Cell(name(host.host)),
        Cell(count(host.pages), host.pages),
        Cell(percent(share), share),
        Cell(bar(part(host.pages, most))),
        Cell(count(host.tokens), host.tokens),
        Cell(decimal(host.mean_probability), host.mean_probability),
        Cell(decimal(host.mean_weight), host.mean_weight),
    )
