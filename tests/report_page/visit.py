"""A visit of a report in a browser, and everything that happened during it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.effectiveDirective));
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in the window: its edges in pixels from the left and the top, its colour and its text."""

    left: float
    top: float
    right: float
    bottom: float
    fill: str
    text: str

    def meets(self, other: Box) -> bool:
        """They overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass
class Visit:
    """An open page, and what it asked for, said and tried."""

    context: BrowserContext
    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)  # by the policy, before anything was sent
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    expects_violations: bool = False

    @classmethod
    def start(
        cls,
        browser: Browser,
        path: Path,
        *,
        width: int = 1280,
        height: int = 900,
        breach: bool = False,
        **options: object,
    ) -> Visit:
        """Open the file in a profile of its own, offline. `breach`: the page is one that the policy has to stop."""
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        visit = cls(context, context.new_page(), path.as_uri(), expects_violations=breach)
        visit.page.add_init_script(_WATCH)
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("requestfailed", lambda r: visit.blocked.append(r.url) if r.failure == "csp" else None)
        visit.page.on("console", lambda message: visit.said.append(message.text))
        visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
        visit.page.on("dialog", lambda dialog: (visit.dialogs.append(dialog.message), dialog.dismiss()))
        visit.page.goto(visit.address)
        return visit

    def finish(self) -> None:
        """Close the page; fails if it did what no report may do."""
        if not self.expects_violations:
            assert self.violations() == []
            assert self.said == []
            assert self.blocked == []
        assert self.dialogs == []
        assert [url for url in self.requests if url not in self.blocked] == [self.address]
        assert self.page.url.partition("#")[0] == self.address
        self.context.close()

    def violations(self) -> list[str]:
        """Directives of the policy that something in the page ran into."""
        found: list[str] = self.page.evaluate("window.violations ?? []")
        return found

    def texts(self, selector: str) -> list[str]:
        """The texts of what a selector finds and is shown."""
        shown = "all => all.filter(e => e.checkVisibility()).map(e => e.textContent)"
        found: list[str] = self.page.eval_on_selector_all(selector, shown)
        return found

    def boxes(self, selector: str) -> list[Box]:
        """Where what a selector finds is drawn, in order."""
        read = """all => all.map(e => {
            const { left, top, right, bottom } = e.getBoundingClientRect();
            return [left, top, right, bottom, getComputedStyle(e).fill, e.textContent];
        })"""
        return [Box(*box) for box in self.page.locator(selector).evaluate_all(read)]

    def style(self, selector: str, name: str) -> str:
        """A computed property of the first element of a selector."""
        found: str = self.page.eval_on_selector(selector, "(e, name) => getComputedStyle(e)[name]", name)
        return found

    def focused(self) -> str:
        """The text of what has the focus."""
        found: str = self.page.evaluate("document.activeElement.textContent")
        return found

    def told(self) -> str:
        """What a screen reader was told last."""
        return self.page.locator("#told").inner_text()
