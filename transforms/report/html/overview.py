"""The figures to know first, and before them whatever makes them doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.html.element import Content, Html, element, join
from transforms.report.html.numbers import GAP, NONE, count, duration, interval, part, percent, several, size
from transforms.report.html.section import Section
from transforms.report.html.visible import cut
from transforms.report.responsible import WHY_TWO_SHARES, coverage
from transforms.report.story import Share, Story


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
        yield " ".join(coverage(story))
    if story.scope.rows == 0:
        yield "The corpus has no rows. The section “From records to rows” says where they were lost."


def lead(story: Story) -> Html:
    """The corpus in a few sentences."""
    funnel = story.funnel
    sentences: list[Content] = [
        element("strong", several(funnel.responses, "response")),
        f" from {several(story.run.archives, 'archive')}" if story.run.archives else "",
        f" ({size(story.run.archive_bytes)})" if story.run.archive_bytes else "",
        " became ",
        element("strong", several(funnel.rows, "row")),
        "." if story.sampled else f" and {several(funnel.tokens, 'token')}.",
        *_shares(story),
    ]
    return element("p", *sentences, class_="lead")


def _shares(story: Story) -> Iterator[Content]:
    """The share by the pages' probabilities, then the one by all scores at once, which alone has an interval."""
    total = story.total
    if total.synthetic_unweighted is None:
        return
    yield " By the mean probability of pages machines wrote "
    yield element("strong", percent(total.synthetic_unweighted))
    yield " of the tokens that the detector could judge"
    if total.weighed:
        yield "; weighting brings that to "
        yield element("strong", percent(total.synthetic_weighted))
    yield "."
    if story.prior_set is not None:
        yield f" The share of human pages that this starts from was set to {story.prior_set:g} by weigh.prior."
    if total.synthetic is not None:
        yield f" The estimated share, from all scores at once, is {percent(total.synthetic.value)} "
        yield element("span", f"(95{GAP}% interval {interval(total.synthetic)})", class_="whole")
        yield f". {WHY_TWO_SHARES}"


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
            f"words and marks{' of the rows read' if story.sampled else ''}, "
            f"{_mean(total.tokens, total.pages)} a page on average",
        ),
        _fact(
            "Synthetic share",
            _change(percent(total.synthetic_unweighted), percent(total.synthetic_weighted))
            if total.weighed
            else percent(total.synthetic_unweighted),
            "of judged tokens, by the mean probability of pages"
            + (", before → after weighting" if total.weighed else ""),
            main=True,
        ),
        *_estimate(total.synthetic),
        _fact(
            "Effective sample",
            percent(total.effective_share),
            "of the tokens (Kish): so many, equally weighted, would tell as much. The price of weighting"
            if total.weighed
            else "of the tokens (Kish): all weights are 1",
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


def _estimate(share: Share | None) -> Iterator[Html]:
    if share is not None:
        note = f"of judged tokens, from all scores at once, before weighting; 95{GAP}% interval {interval(share)}"
        yield _fact("Estimated share", percent(share.value), note)


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
