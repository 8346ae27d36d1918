"""What `firsthand export` prints when it is done."""

from __future__ import annotations

from pipeline.export.account import Sums
from pipeline.export.command import Exported
from pipeline.export.settings import BUCKETS, COPIES
from transforms.terminal import clean, shown, table

_LANGUAGES = 8  # lines; the rest is in export.json


def render(exported: Exported, *, width: int) -> str:
    """The counts, and each language's share of tokens as written beside its share by weight."""
    account = exported.account
    total = account.total()
    lines = [
        shown(exported.root),
        f"  {total.records:,} records of {total.rows:,} rows, {total.written_tokens:,} tokens, "
        f"in {len(account.files):,} {'file' if len(account.files) == 1 else 'files'}",
        "",
        *table([_HEADING, *_rows(account.by_language(), total)], left=1, width=width),
        "",
        *_advice(exported.plan.settings.layout),
    ]
    return "\n".join(lines)


_HEADING = ("language", "rows", "records", "tokens", "share", "by weight")


def _rows(languages: dict[str, Sums], total: Sums) -> list[tuple[str, ...]]:
    shown = list(languages.items())
    rest = sum((sums for _, sums in shown[_LANGUAGES:]), Sums())
    named = shown[:_LANGUAGES] + ([(f"{len(shown) - _LANGUAGES} more", rest)] if len(shown) > _LANGUAGES else [])
    return [
        (
            clean(language, 20),
            f"{sums.rows:,}",
            f"{sums.records:,}",
            f"{sums.written_tokens:,}",
            _percent(sums.written_tokens, total.written_tokens),
            _percent(sums.weighted_tokens, total.weighted_tokens),
        )
        for language, sums in named
    ]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _advice(layout: str) -> list[str]:
    if layout == COPIES:
        return ["  Shares of copies differ from those by weight by chance; another --seed draws others."]
    if layout == BUCKETS:
        return ["  streams.json says how often each folder is to be seen."]
    return ["  Each row is there once: train with its human_weight (docs/training.md)."]
