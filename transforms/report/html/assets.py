"""The scripts and the style of the report, as they lie in transforms/report/assets/."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LIBRARIES = ("vendor/d3.min.js", "vendor/plot.umd.min.js")
"""Each a script of its own, in this order; vendor/origin.toml says where they come from."""

LICENCES = (
    "vendor/d3.LICENSE",
    "vendor/internmap.LICENSE",
    "vendor/delaunator.LICENSE",
    "vendor/robust-predicates.LICENSE",
    "vendor/d3-ease.LICENSE",
    "vendor/d3-geo.LICENSE",
    "vendor/d3-scale-chromatic.LICENSE",
    "vendor/plot.LICENSE",
    "vendor/interval-tree-1d.LICENSE",
    "vendor/binary-search-bounds.LICENSE",
    "vendor/isoformat.LICENSE",
)
"""Of each library, followed by those of what its script bundles."""

OWN = ("theme.js", "tables.js", "plots.js", "reader.js", "start.js")
"""One script together: a module, so that nothing of it is global."""

STYLES = ("palette.css", "page.css", "figures.css", "tables.css", "parts.css", "reader.css", "print.css")
"""One style together."""


@cache
def scripts() -> tuple[tuple[str, str], ...]:
    """The scripts in the order of the page: type and source."""
    libraries = (("text/javascript", _read(name)) for name in LIBRARIES)
    return (*libraries, ("module", "\n".join(map(_read, OWN))))


@cache
def licences() -> tuple[tuple[str, str], ...]:
    """What the libraries of the page hold, by name, and the licence of each."""
    return tuple((path.removeprefix("vendor/").removesuffix(".LICENSE"), _read(path).strip()) for path in LICENCES)


@cache
def style() -> str:
    """The style of the page."""
    return "\n".join(map(_read, STYLES))


def _read(name: str) -> str:
    # `\r\n` would be `\n` to the browser, and the digest of the policy another
    return files("transforms.report").joinpath("assets", name).read_text(encoding="utf-8").replace("\r\n", "\n")
