"""Stories for tests: a small sound one, and one in which every text that a page could have written is hostile."""

from __future__ import annotations

from dataclasses import replace

from transforms.report.story import (
    CellFigures,
    Component,
    Dates,
    Distribution,
    Duplicates,
    Funnel,
    Highlight,
    HostFigures,
    LanguageFigures,
    PageLine,
    ReaderPage,
    Rejected,
    Run,
    Scope,
    Share,
    Story,
)

HOSTILE = (
    "</script><script>window.breached = 1</script>"
    "<img src=x onerror='window.breached = 2'>"
    '<svg onload="window.breached = 3">'
    '" onmouseover="window.breached = 4" autofocus onfocus="window.breached = 5" x="'
    "' onclick='window.breached = 6' "
    "</style><style>body { display: none }</style>"
    "<!--<script>--><![CDATA[ <iframe srcdoc='<script>parent.breached = 7</script>'>"
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>"
    "<link rel=stylesheet href=http://127.0.0.1:9/a.css><base href=http://127.0.0.1:9/>"
    "{{7*7}} ${window.breached = 8} &lt;b&gt; &#60;b&#62; "
    "\x00\x1b[31m\x07\x85\u202emoc.live\u202c\u2066\u2028\u2029\ud800\udfff\ufeff\U000e0041 end"
)
ADDRESS = "javascript:window.breached=9//" + HOSTILE


def line(number: int, **changes: object) -> PageLine:
    """A page of a list."""
    made = PageLine(
        id=f"{number:032x}",
        url=f"https://host-{number % 5}.example/page/{number}",
        title=f"A page about subject {number}",
        language=("en", "de", "ja")[number % 3],
        tokens=100 + 37 * number,
        human_probability=number % 20 / 20,
        human_weight=0.1 + number % 20 / 10,
        detector_score=3.0 - number % 20 / 4,
        evidence=(("declared", "a notice on the page"),) if number % 4 == 0 else (),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reader_page(number: int, **changes: object) -> ReaderPage:
    """A page to read, with one mark in each direction."""
    text = f"Page {number} begins here.\nIt delves into a tapestry of things, honestly no idea why."
    made = ReaderPage(
        line=line(number),
        why_here=("most human", "most machine-like", "at random")[number % 3],
        date="2021-05-04T10:00:00Z",
        quality=0.9,
        rules_failed=("c4_sentences",) if number % 2 else (),
        rights=("noai",) if number % 2 else (),
        duplicate_count=1 + number % 2,
        text=text,
        cut=number % 2 == 0,
        highlights=(mark(text, "delves into a tapestry", 0.8), mark(text, "honestly no idea", -0.3)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def mark(text: str, phrase: str, weight: float) -> Highlight:
    """A mark on the first place of a phrase."""
    start = text.index(phrase)
    return Highlight(start, start + len(phrase), weight)


def language(code: str, pages: int) -> LanguageFigures:
    """A language of which one page in ten was abstained on."""
    return LanguageFigures(code, pages, 900 * pages, pages // 10, 0.8, 1.0, 0.7, Share(0.3, 0.1, 0.6), 0.1, 0.25)


def story(**changes: object) -> Story:
    """A sound story of 30 languages, 40 hosts and 12 pages at each end."""
    codes = [f"{a}{b}" for a in "abcde" for b in "vwxyza"]
    languages = tuple(language(code, 40 - i) for i, code in enumerate(codes))
    made = Story(
        output="out/corpus",
        finished=True,
        run=Run(
            4, 17_084_754, 12.85, (("extract", 13.1), ("score", 0.9)), "aa3bc0f771b89b40", "linear-1", "9f96", "0.1.0"
        ),
        scope=Scope(765, 765),
        funnel=Funnel(
            records=1004,
            passed=(("warcinfo", 4),),
            responses=1000,
            rejected=(Rejected("read", "revisit", 5, False), Rejected("filter", "quality", 235, True)),
            rows=765,
            tokens=688_500,
        ),
        total=replace(language("all", 765), tokens=688_500),
        languages=languages,
        cells=tuple(_cell(code, i) for code in codes[:8] for i in range(4)),
        hosts=41,
        top_hosts=tuple(HostFigures(f"host-{i:02d}.example", 40 - i, 9000 - i, i / 40, 1.0) for i in range(40)),
        duplicates=Duplicates(2, 11, (_component(1, 3), _component(2, 30))),
        dates=Dates(
            fetched=(("2021-05", 400), ("2024-02", 365)),
            first_seen=(("", 3), ("2021-05", 397), ("2024-02", 365)),
            published=(("", 700), ("0001", 1), ("2012", 60), ("9999", 4)),
            before_chatbots=397,
        ),
        evidence=(("declared", 30), ("residue", 2)),
        rights=(),
        abstentions=(("too_short", 60),),
        rules=(("c4_curly_brackets", 21),),
        distributions=(
            _distribution("human_probability"),
            _distribution("human_weight"),
            _in_powers("token_count"),
            _empty("quality"),
        ),
        most_human=tuple(line(i) for i in range(12)),
        most_machine=tuple(line(i) for i in range(12, 24)),
        discrepancies=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def hostile_story() -> Story:
    """The story with HOSTILE wherever a page or a damaged file could have put it."""
    bad = line(1, url=ADDRESS, title=HOSTILE, language=HOSTILE, evidence=((HOSTILE, HOSTILE),), id=HOSTILE)
    counts = ((HOSTILE, 7),)
    return story(
        output=HOSTILE,
        finished=False,
        scope=Scope(765, 100),
        discrepancies=(HOSTILE,),
        run=Run(1, 1, None, ((HOSTILE, 1.0),), HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        funnel=Funnel(9, counts, 9, (Rejected(HOSTILE, HOSTILE, 2, True),), 7, 70),
        languages=(language(HOSTILE, 7),),
        cells=(CellFigures(HOSTILE, HOSTILE, 7, 70, 0, Share(0.5, 0.1, 0.9), HOSTILE, 1.0),),
        top_hosts=(HostFigures(HOSTILE, 7, 70, 0.4, 1.0),),
        duplicates=Duplicates(1, 2, (Component(HOSTILE, bad, 3, ((ADDRESS, HOSTILE),)),)),
        dates=Dates(counts, counts, counts, 0),
        evidence=counts,
        rights=counts,
        abstentions=counts,
        rules=counts,
        most_human=(bad,),
        most_machine=(bad,),
    )


def hostile_pages() -> tuple[ReaderPage, ...]:
    """Pages of which all is hostile, their marks included; both have the same id."""
    bad = line(1, url=ADDRESS, title=HOSTILE, language=HOSTILE, evidence=((HOSTILE, HOSTILE),), id=HOSTILE)
    marks = (Highlight(5, 60, 2.0), Highlight(50, 70, -1.0), Highlight(-4, 3, 1.0), Highlight(90, 10**9, 1.0))
    page = reader_page(
        1,
        line=bad,
        why_here=HOSTILE,
        date=HOSTILE,
        text=HOSTILE,
        rules_failed=(HOSTILE,),
        rights=(HOSTILE,),
        highlights=marks,
    )
    return page, page


def _cell(code: str, i: int) -> CellFigures:
    length = ("<128", "128–255", "256–511", "≥512")[i]
    return CellFigures(code, length, 9, 900, 1, Share(0.7, 0.2, 0.9), "" if i else "script", 0.9)


def _component(number: int, pages: int) -> Component:
    others = tuple((f"https://copy-{i}.example/", "duplicate_near") for i in range(min(pages - 1, 10)))
    return Component(f"{number:032x}", line(number), pages, others)


def _distribution(column: str) -> Distribution:
    return Distribution(
        column, 60, 0.0, (0.1, 0.3, 0.8, 0.9, 1.0), 1.0, 0.7, (0.0, 0.5, 1.0), (100, 605), (9000, 679_500)
    )


def _in_powers(column: str) -> Distribution:
    edges = (0.0, *(2.0**k for k in range(1, 11)))
    numbers = tuple(range(10, 110, 10))
    return Distribution(column, 0, 0.0, (2.0, 4.0, 9.0, 40.0, 500.0), 900.0, 60.0, edges, numbers, numbers)


def _empty(column: str) -> Distribution:
    return Distribution(column, 765, None, (), None, None, (), (), ())
