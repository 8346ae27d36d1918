"""The sample that an earlier extraction is: what its accounts say of cost, for other archives or for more of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from pipeline.accounts import SplitAccount
from pipeline.sample import Curated, Part, Sample, part_of

_PARSER_S = 0.35  # CPU seconds until a parser works (`python -m benchmarks.plan --terms`)
_MEMORY_MB = 470.0  # of a worker with its parser (docs/performance.md)
Size = Callable[[str], tuple[int, int]]
"""Split id → bytes of its documents and of its rejections file."""


def recorded(accounts: Iterable[SplitAccount], sizes: Size, *, curated: Curated | None, within: bool) -> Sample:
    """The sample that these accounts are; `within` says whether they are of the archives that are planned for.

    What a split and a file cost by themselves is in the parts. How fast this machine starts is measured here.
    """
    parts = [_part(account, *sizes(account.read.split.split_id)) for account in accounts]
    return Sample(
        parts=tuple(parts),
        curated=curated,
        start_s=time.process_time() + _PARSER_S,
        split_s=0.0,
        documents_file=0.0,
        rejections_file=0.0,
        text_in_file=sum(part.text_bytes for part in parts) / max(len(parts), 1),
        memory_mb=_MEMORY_MB,
        wait_s=0.0,
        within=within,
    )


def _part(account: SplitAccount, documents: int, rejections: int) -> Part:
    split = account.read.split
    bare = part_of(account, archive_bytes=split.end - split.start)
    return replace(bare, documents_bytes=float(documents), rejections_bytes=float(rejections))
