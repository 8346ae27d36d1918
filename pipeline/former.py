"""The finished corpus that lies where another is about to be written, and what that one is made of instead.

To add archives to an output, or to curate it with other settings, is what outputs are for. But a corpus that somebody
has, or that another was curated against, is gone then: its head is in no manifest any more. So it is told.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass

from pipeline.config import Config, to_toml
from pipeline.output import Output
from pipeline.seal import head_of
from pipeline.verify.check import many
from pipeline.verify.claim import Claim, earlier_of, read_claim
from transforms.errors import FirsthandError
from transforms.original import LABEL
from transforms.report.folder import Folder
from transforms.write.stage import is_local, list_files, open_file

_MOST, _WIDTH = 3, 40  # settings that are named, and characters of each of their values


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a corpus is made of."""

    archives: Set[str]  # short names
    config: Config
    against: Set[str]  # heads of earlier corpora


@dataclass(frozen=True, slots=True)
class Former:
    """A finished corpus."""

    root: str
    claim: Claim

    def gone(self, differences: str) -> str:
        """What to say when another takes its place that differs so."""
        head = head_of(self.claim.page)[:LABEL]
        was = f"{f'head {head}…, ' if head else ''}{many(self.claim.rows(), 'row')}"
        with_what = f" with {differences}" if differences else ""
        return f"{self.root} was a finished corpus ({was}); it is made again{with_what}"

    def more_archives(self, archives: Set[str]) -> str:
        """How these archives differ from its own: `1 archive more`, `2 archives less`, or both; "" if they do not."""
        ours = self.claim.inputs.keys()
        moved = (("more", len(archives - ours)), ("less", len(ours - archives)))
        return ", ".join(f"{many(number, 'archive')} {how}" for how, number in moved if number)

    def differences(self, new: Recipe) -> str:
        """How another corpus differs in what it is made of; "" if it does not."""
        archives = self.more_archives(new.archives)
        against = {head for _, head in earlier_of(self.claim)} != new.against
        settings = list(_changes(self.claim.page.get("config"), tomllib.loads(to_toml(new.config))))
        if (more := len(settings) - _MOST) > 0:
            settings[_MOST:] = [f"{many(more, 'setting')} more"]
        return ", ".join([*filter(None, [archives]), *settings, *(["another --against"] if against else [])])


def former_in(output: Output) -> Former | None:
    """The finished corpus of an output; None if there is none, or its manifest cannot be read."""
    if not list_files(output.root, "_SUCCESS"):
        return None
    folder = Folder(output.root) if is_local(output.root) else Folder(output.root, list_files, open_file)
    with suppress(FirsthandError, OSError):  # it is to be replaced, so nothing hangs on it
        return Former(output.root, read_claim(folder))
    return None


def _changes(old: object, new: object) -> Iterator[str]:
    """What is set otherwise: `weigh.rho 0.1 → 0.3`. A setting that one of the two does not know is unset there."""
    before, after = _flat(old), _flat(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield f"{name} {before.get(name, 'unset')} → {after.get(name, 'unset')}"


def _flat(config: object) -> dict[str, str]:
    """Every setting of a configuration, as a manifest has it, in JSON that is cut, by its name after its section's."""
    sections = config.items() if isinstance(config, Mapping) else ()
    return {
        f"{section}.{key}": _cut(json.dumps(value, ensure_ascii=False))
        for section, values in sections
        if isinstance(values, Mapping)
        for key, value in values.items()
    }


def _cut(value: str) -> str:
    return value if len(value) <= _WIDTH else f"{value[:_WIDTH]}…"
