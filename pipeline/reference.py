"""The pages of docs/ that are made from the source: `python -m pipeline.reference [--check] [DIR]`."""

from __future__ import annotations

import dataclasses
import inspect
import math
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.cli_reference import command_line_page
from pipeline.config import Config, sections, toml_value
from pipeline.markdown import MADE, table
from transforms.extract.declared import KINDS as DECLARATIONS
from transforms.extract.licences import MEANINGS as LICENCES
from transforms.extract.rights import MEANINGS as RIGHTS
from transforms.filter.rules import RULES
from transforms.filter.thresholds import LIGHT, PUBLISHED, UNSPACED, Thresholds
from transforms.rejection import MEANING
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, SIGNALS, Column
from transforms.score.evidence import KINDS as EVIDENCE

_FIELD = re.compile(r"^    (?P<name>\w+): [^=#]+= .*?(?:  # (?P<meaning>.*))?$")


def schema_page() -> str:
    """docs/schema.md: every column, signal, rule and reason."""
    parts = [
        "# What a run writes\n",
        "`corpus/*.parquet` is the result. `documents/*.parquet` is what curation starts from. Every response that is\n"
        "no row, and everything else that is not merely counted (`warcinfo`, `request`, `metadata` records), is in\n"
        "`rejections/*.parquet`. `firsthand schema` prints this page.\n",
        "## corpus/*.parquet\n",
        *_columns(CORPUS),
        "\n## documents/*.parquet\n",
        "The columns above up to `rights` without `config_digest`, and:\n",
        *_columns(tuple(c for c in DOCUMENTS if c.name not in {column.name for column in CORPUS})),
        "\n## rejections/*.parquet\n",
        *_columns(REJECTIONS),
        "\n### Reasons\n",
        *table(("stage", "reason", "meaning"), ((stage, f"`{r}`", why) for r, (stage, why) in MEANING.items())),
        "\n## Signals\n",
        "The struct column `signals`. Of a text with more, it tells of the first 100,000 lines and paragraphs, and of "
        "the n-grams of the first 100,000 words.\n",
        *table(("signal", "meaning"), ((f"`{name}`", meaning) for name, meaning in SIGNALS.items())),
        "\n## Rules\n",
        "The names in `rules_failed`, with the published threshold; languages the rule was not made for have others.\n",
        *table(
            ("rule", "a text breaks it with", "source"), ((f"`{n}`", r.meaning, r.citation) for n, r in RULES.items())
        ),
        "\n## Evidence\n",
        "The `kind` of an entry in `evidence`.\n",
        *table(("kind", "meaning"), ((f"`{name}`", meaning) for name, meaning in evidence_meanings().items())),
        "\n## Rights\n",
        "The names in `rights`: what a page declares where machines are meant to read it. None changes a weight.\n",
        *table(("signal", "meaning"), ((f"`{name}`", meaning) for name, meaning in (RIGHTS | LICENCES).items())),
    ]
    return MADE + "\n".join(parts) + "\n"


def evidence_meanings() -> Mapping[str, str]:
    """Each `kind` of evidence and declaration, and what it means."""
    return {name: str(kind.meaning) for name, kind in EVIDENCE.items()} | dict(DECLARATIONS)


def configuration_page() -> str:
    """docs/configuration.md: every section and key with its default and meaning."""
    parts = [
        "# Configuration\n",
        "One TOML file, given with `--config FILE.toml`; `--set section.key=value` changes one setting. What is left\n"
        "out has its default. `firsthand config` prints the effective configuration; all mistakes are reported\n"
        "together. Sections other than `[score]`, `[run]` and `[publish]` shape the rows; their digest is in every\n"
        "row.\n",
    ]
    for section, kind in sections().items():
        defaults, meanings = getattr(Config(), section), field_meanings(kind)
        rows = (
            (f"`{f.name}`", f"`{toml_value(getattr(defaults, f.name))}`", meanings[f.name])
            for f in dataclasses.fields(kind)
        )
        parts += [f"## [{section}]\n", f"{inspect.getdoc(kind)}\n", *table(("key", "default", "meaning"), rows), ""]
    return MADE + "\n".join([*parts, *_thresholds()]) + "\n"


def _thresholds() -> list[str]:
    """Every name that [filter] thresholds takes, with the built-in numbers."""
    names = [field.name for field in dataclasses.fields(Thresholds)]
    sets = (PUBLISHED, LIGHT, UNSPACED)
    rows = [(f"`{name}`", *(_number(getattr(built_in, name)) for built_in in sets)) for name in names]
    return [
        "## Thresholds\n",
        "The names that `thresholds` of `[filter]` takes, and the built-in numbers: the published ones for English,\n"
        "the most lenient of FineWeb-2's for others. Shares are 0–1; `inf` switches a rule off (`-inf` a `_min`).\n",
        *table(("name", "English", "other languages with spaces", "languages without spaces"), rows),
    ]


def _number(threshold: float) -> str:
    return "off" if math.isinf(threshold) else f"{threshold:,.10g}"


def field_meanings(params: type) -> dict[str, str]:
    """What the comments in the source say of each field: behind it on its line, or on the lines above it."""
    meanings: dict[str, str] = {}
    above: list[str] = []
    for line in inspect.getsource(params).splitlines():
        if line.startswith("    # "):
            above.append(line.removeprefix("    # "))
        elif (match := _FIELD.match(line)) and match["name"] in {f.name for f in dataclasses.fields(params)}:
            meanings[match["name"]] = " ".join([*above, match["meaning"] or ""]).strip()
            above = []
        elif line.strip():
            above = []
    return meanings


def _columns(columns: tuple[Column, ...]) -> list[str]:
    rows = ((f"`{c.name}`", f"{c.type}".split("<")[0], "yes" if c.nullable else "", c.meaning) for c in columns)
    return table(("column", "type", "null", "meaning"), rows)


PAGES = {"schema.md": schema_page, "configuration.md": configuration_page, "cli.md": command_line_page}


def main(arguments: list[str]) -> int:
    """Write the pages into a folder (default docs), or with --check say which are stale."""
    folder = Path(next((a for a in arguments if not a.startswith("--")), "docs"))
    stale = [name for name, page in PAGES.items() if not _is_fresh(folder / name, page())]
    if "--check" in arguments:
        for name in stale:
            print(f"{folder / name} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


def _is_fresh(path: Path, page: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
