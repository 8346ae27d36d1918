"""The labelled texts, as arrays of length n in one order, and folds of them that keep equal names together."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from transforms.errors import InputError
from transforms.filter.language import identify

WRITTEN = Path(__file__).parent / "written"
"""JSON lines of texts in the genres of web pages that a language model wrote for this project: lang, domain, style,
prompt, text."""

# Styles of the written texts that count as a disguise.
_DISGUISES = {"edited": "humanised", "paraphrase": "paraphrase", "translated": "translation"}

_BEGINNING = 60  # letters and digits by which two texts are taken for the same page

_COLUMNS = ("text", "family", "era", "domain", "lang", "attack", "source", "license", "group")

# Two sources that render the same documents: held out together or not at all.
_SAME = {
    "webpages:article-extraction-benchmark": "scrapinghub/article-extraction-benchmark",
    "webpages:blog-0cch-zh": "0cch/0CCh.github.io",
    "webpages:blog-jeen-ko": "JEEN/jeen.github.com",
    "webpages:blog-krisbuytaert-en": "KrisBuytaert/krisbuytaert.github.io",
    "webpages:blog-yomotsu-ja": "yomotsu/yomotsu-net",
    "webpages:devrel-jp-ja": "DevReljp/devrel.jp",
    "webpages:htmldate": "adbar/htmldate",
    "webpages:mozilla-readability": "mozilla/readability",
    "webpages:postlight-parser": "postlight/parser",
    "webpages:trafilatura": "adbar/trafilatura",
    "webpages:w3c-i18n": "w3c/i18n-drafts",
}
# Sources that hold main text of arbitrary web pages; every `webpages:` source is one too.
_WEB = frozenset(
    (
        "adbar/htmldate",
        "adbar/trafilatura",
        "AndyTheFactory/newspaper4k",
        "flairNLP/fundus",
        "KrisBuytaert/krisbuytaert.github.io",
        "mozilla/readability",
        "postlight/parser",
        "scrapinghub/article-extraction-benchmark",
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Labelled texts; every array [texts]."""

    texts: list[str]
    machine: NDArray[np.bool_]
    language: NDArray[np.str_]  # ISO 639 code as the pipeline identifies it, which is what a text will be judged as
    script: NDArray[np.str_]  # ISO 15924, likewise
    origin: NDArray[np.str_]  # source, with the sources that share documents under one name
    family: NDArray[np.str_]  # family of generators; "" for human texts
    era: NDArray[np.str_]  # years of the generator; "" for human texts
    domain: NDArray[np.str_]
    attack: NDArray[np.str_]  # how the text was disguised; "" if it was not
    license: NDArray[np.str_]
    group: NDArray[np.str_]  # same prompt or same document beginning
    web: NDArray[np.bool_]  # human text of a web page
    packaged: NDArray[np.bool_]  # human text from a software package
    repeated: NDArray[np.bool_]  # human text that begins as an earlier one does: one page, gathered twice

    def __len__(self) -> int:
        return len(self.texts)


def assign(names: NDArray[np.str_], folds: int) -> NDArray[np.intp]:
    """A fold for each text: names go, from the most frequent to the least, each to the fold with the fewest texts."""
    distinct, inverse, counts = np.unique(names, return_inverse=True, return_counts=True)
    sizes = np.zeros(folds, dtype=np.int64)
    fold_of = np.zeros(distinct.size, dtype=np.intp)
    for k in np.lexsort((distinct, -counts)):
        fold_of[k] = int(sizes.argmin())
        sizes[fold_of[k]] += counts[k]
    return fold_of[inverse]


def scatter(names: NDArray[np.str_], folds: int) -> NDArray[np.intp]:
    """A fold for each text from a checksum of its name: for names too many and too small to balance."""
    return np.array([zlib.crc32(name.encode()) % folds for name in names.tolist()], dtype=np.intp)


def read(labelled: Path, prose: Path | None = None, written: Path = WRITTEN) -> Corpus:
    """The texts of human.parquet and machine.parquet in `labelled`, then of prose.parquet in `prose` (people, see
    training/gather.py), then of the JSON lines in `written` (machines). Raises InputError if a file is missing.
    """
    columns: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    machine: list[bool] = []
    files = [(labelled / "human.parquet", False), (labelled / "machine.parquet", True)]
    files += [(prose / "prose.parquet", False)] if prose else []
    for path, label in files:
        if not path.is_file():
            raise InputError(f"{path}: expected labelled texts, found no such file; give their directory")
        table = pq.read_table(path, columns=list(_COLUMNS))
        machine += [label] * table.num_rows
        for column in _COLUMNS:
            columns[column] += [value or "" for value in table.column(column).to_pylist()]
    for row in _written(written):
        machine.append(True)
        for column in _COLUMNS:
            columns[column].append(row[column])
    return gather(columns, machine)


def _written(directory: Path) -> Iterable[dict[str, str]]:
    """Texts that a language model wrote for this purpose, with the columns of a labelled text."""
    for path in sorted(directory.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1]):
            row = json.loads(line)
            yield {
                "text": row["text"],
                "family": "claude",
                "era": "2025H2-2026",
                "domain": row["domain"],
                "lang": row["lang"],
                "attack": _DISGUISES.get(row["style"], ""),
                "source": "written",
                "license": "CC0-1.0",
                "group": f"{path.stem}:{number}",
            }


def beginning(text: str) -> str:
    """The first letters and digits of a text in lower case: the same for a text extracted in two ways."""
    return "".join(c for c in text[: 4 * _BEGINNING].lower() if c.isalnum())[:_BEGINNING]


def _repeated(texts: list[str], machine: list[bool]) -> NDArray[np.bool_]:
    seen: set[str] = set()
    repeated = []
    for text, label in zip(texts, machine, strict=True):
        start = "" if label else beginning(text)
        repeated.append(start in seen)
        seen |= {start} - {""}
    return np.array(repeated)


def gather(columns: dict[str, list[str]], machine: list[bool]) -> Corpus:
    """A corpus from columns of equal length, named as in the Parquet files."""
    source = columns["source"]
    web = [
        not label and (name.startswith("webpages:") or name in _WEB)
        for name, label in zip(source, machine, strict=True)
    ]
    identified = [identify(text) for text in columns["text"]]
    return Corpus(
        texts=columns["text"],
        machine=np.array(machine),
        language=np.array([language for language, _, _ in identified]),
        script=np.array([script for _, script, _ in identified]),
        origin=np.array([_SAME.get(name, name) for name in source]),
        family=np.array(columns["family"]),
        era=np.array(columns["era"]),
        domain=np.array(columns["domain"]),
        attack=np.array(columns["attack"]),
        license=np.array(columns["license"]),
        group=np.array(columns["group"]),
        web=np.array(web),
        packaged=np.array([name.startswith("debian:") for name in source]),
        repeated=_repeated(columns["text"], machine),
    )
