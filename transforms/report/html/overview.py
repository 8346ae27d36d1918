"""The figures to know first, and before them whatever makes them doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.html.element import Content, Html, element, join
from transforms.report.html.numbers import GAP, NONE, count, duration, interval, part, percent, several, size
from transforms.report.html.section import Section
from transforms.report.html.visible import cut
from transforms.report.story import Story


def notices(story: Story) -> Html:
    """What a reader has to know before any figure; nothing after a sound run that was read whole."""
    told = [element("li", sentence) for sentence in _sentences(story)]
    if not told:
        return Html("")
    heading = element("h2", "Read this first", id="notices-title")
    return element("section", heading, element("ul", *told), class_="notices", aria_labelledby="notices-title")


def _sentences(story: Story) -> Iterator[Content]:
    if not story.finished:
        yield "The run did not finish: there is no _SUCCESS. Give its command again."
    for sentence in story.discrepancies:
        yield f"The files contradict the manifest: {sentence}."
    if story.scope.partial:
        read, rows = count(story.scope.read), count(story.scope.rows)
        yield (
            f"Hosts, duplicates, dates, signs and distributions rest on {read} of {rows} rows "
            f"({percent(part(story.scope.read, story.scope.rows))}), those of the shards that were read. Counts of "
            "records, rows, tokens, languages and cells cover the whole corpus."
        )
    if story.scope.rows == 0:
        yield "The corpus has no rows. The section “From records to rows” says where they were lost."


def lead(story: Story) -> Html:
    """The corpus in two sentences."""
    funnel, total = story.funnel, story.total
    sentences: list[Content] = [
        element("strong", several(funnel.responses, "web page")),
        f" from {several(story.run.archives, 'archive')}" if story.run.archives else "",
        f" ({size(story.run.archive_bytes)})" if story.run.archive_bytes else "",
        " became ",
        element("strong", several(funnel.rows, "row")),
        f" and {several(funnel.tokens, 'token')}. ",
    ]
    if total.synthetic_unweighted is not None and total.synthetic is not None:
        sentences += [
            "By the detector’s estimate machines wrote ",
            element("strong", percent(total.synthetic_unweighted)),
            " of the tokens it could judge; weighting brings that to ",
            element("strong", percent(total.synthetic_weighted)),
            f". Estimated from all scores at once the share before weighting is {percent(total.synthetic.value)} ",
            element("span", f"(95{GAP}% interval {interval(total.synthetic)})", class_="whole"),
            ".",
        ]
    return element("p", *sentences, class_="lead")


def overview(story: Story) -> Section:
    """The headline figures."""
    funnel, total = story.funnel, story.total
    kept = percent(part(funnel.rows, funnel.responses))
    judged = total.pages - total.abstained
    facts = (
        _fact("Rows", count(funnel.rows), f"{kept} of {several(funnel.responses, 'response')}"),
        _fact(
            "Tokens",
            count(funnel.tokens),
            f"words and marks, {_mean(funnel.tokens, funnel.rows)} a page on average",
        ),
        _fact(
            "Synthetic share",
            _change(percent(total.synthetic_unweighted), percent(total.synthetic_weighted)),
            f"of judged tokens, before → after weighting; 95{GAP}% interval before: {interval(total.synthetic)}",
            main=True,
        ),
        _fact(
            "Effective sample",
            percent(total.effective_share),
            "of the tokens (Kish): so many, equally weighted, would tell as much. The price of weighting",
        ),
        _fact(
            "Without an opinion",
            several(total.abstained, "page"),
            f"{percent(part(total.abstained, total.pages))} abstained on, weight 1; {count(judged)} judged",
        ),
        _fact(
            "Older than chatbots",
            several(story.dates.before_chatbots, "page"),
            f"text first seen before 2022-11-30, of {several(story.scope.read, 'row')} looked at",
        ),
    )
    return Section("overview", "At a glance", (element("dl", *facts, class_="facts"), _made(story)))


def _fact(term: str, figure: Content, note: str, *, main: bool = False) -> Html:
    value = element("dd", element("span", figure, class_="figure"), element("span", note, class_="note"))
    return element("div", element("dt", term), value, class_="fact main" if main else "fact")


def _change(before: str, after: str) -> Html:
    return join((before, element("span", " → ", class_="arrow"), after))


def _mean(number: int, of: int) -> str:
    return f"{number / of:,.0f}" if of else NONE


def _made(story: Story) -> Html:
    took = f" in {duration(story.run.elapsed)}" if story.run.elapsed is not None else ""
    return element(
        "p",
        f"Made by firsthand {cut(story.run.version, 20)}{took}. Probabilities are estimates of a detector that errs; ",
        element("a", "how it was made", href="#provenance"),
        " names it.",
        class_="prose small",
    )
