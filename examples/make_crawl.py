"""Make a small real crawl without internet: `python -m examples.make_crawl --output DIR`.

The prose that ships with Python, rendered as web pages, served on loopback and recorded over HTTP. What is served
depends on the Python version, on --pages and on the project's own docs; WARC-Date is the real time of recording.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from examples.addresses import KINDS, plan
from examples.recording import TRUTH, record
from examples.sources import module_articles, own_articles, topic_articles
from transforms.errors import FirsthandError, OutputError, UsageError

RECIPE = "recipe.json"
"""What the crawl was made from. A crawl with the recipe of today is used again."""

ROOT = Path(__file__).parent.parent
PAGES, FILES = 180, 3
_MIN_PAGES = 10  # fewer leave no page to copy or edit
_TOPIC_SHARE = 0.4  # there are about 75 topics long enough, and 250 modules


def make_crawl(output: Path, *, pages: int = PAGES, docs: Path = ROOT, force: bool = False) -> bool:
    """Make the crawl in `output`, all or nothing; False if a crawl of the same recipe is there and is used again.

    `pages` is the number of original pages; copies, edited pages and others come on top (about a quarter). `docs` is
    the folder of the project whose README.md and docs/ are served as pages that declare themselves machine-written.

    Raises:
        OutputError: `output` holds something that is no example crawl, or cannot be written.
        UsageError: `pages` is too small.
    """
    if pages < _MIN_PAGES:
        raise UsageError(f"--pages {pages}: expected at least {_MIN_PAGES}")
    recipe = {"format": 1, "python": platform.python_version(), "pages": pages, "files": FILES}
    try:
        if _is_current(output, recipe) and not force:
            return False
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as folder:
            made = Path(folder) / "made"
            made.mkdir()
            _make(made, pages, docs)
            (made / RECIPE).write_text(_as_text(recipe), encoding="utf-8")
            if output.exists():
                output.rename(Path(folder) / "old")
            made.rename(output)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error.strerror}); give another --output") from error
    return True


def _make(directory: Path, pages: int, docs: Path) -> None:
    topics = topic_articles(round(pages * _TOPIC_SHARE))
    record(plan(topics, module_articles(pages - len(topics)), own_articles(docs)), directory, FILES)


def _is_current(output: Path, recipe: dict[str, object]) -> bool:
    """True if `output` is a crawl of this recipe, False if it may be replaced."""
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return False
    if not (output / RECIPE).is_file():
        raise OutputError(f"{output}: is there and is no example crawl; give another --output")
    return (output / RECIPE).read_text(encoding="utf-8") == _as_text(recipe)


def _as_text(recipe: dict[str, object]) -> str:
    return json.dumps(recipe, indent=1) + "\n"


def describe(output: Path, *, made: bool) -> str:
    """One line: where the crawl is, how large, and how many pages of each kind."""
    lines = (output / TRUTH).read_text(encoding="utf-8").splitlines()[1:]
    counts = Counter(line.split("\t")[1] for line in lines)
    archives = sorted(output.glob("*.warc.gz"))
    size = sum(path.stat().st_size for path in archives) / 1e6
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    return (
        f"{output}: {'recorded' if made else 'already there,'} {len(lines)} addresses "
        f"in {len(archives)} WARC files, {size:.1f} MB ({kinds})"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.make_crawl", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder to make")
    parser.add_argument("--pages", type=int, default=PAGES, metavar="N", help="original pages (default %(default)s)")
    parser.add_argument("--force", action="store_true", help="make it again even if it is there")
    options = parser.parse_args(arguments)
    try:
        made = make_crawl(options.output, pages=options.pages, force=options.force)
    except FirsthandError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(describe(options.output, made=made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
