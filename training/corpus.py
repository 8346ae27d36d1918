"""The labelled texts, as arrays of length n in one order, and folds of them that keep equal names together."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from transforms.errors import InputError

_COLUMNS = ("text", "family", "domain", "lang", "attack", "source", "license", "group")

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
# Nigerian Pidgin: language identification calls it English, so it is judged, and must be treated fairly, as English.
_READ_AS = {"pcm": "en"}


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Labelled texts; every array [texts]."""

    texts: list[str]
    machine: NDArray[np.bool_]
    language: NDArray[np.str_]  # ISO 639 code as language identification would say it
    origin: NDArray[np.str_]  # source, with the sources that share documents under one name
    family: NDArray[np.str_]  # family of generators; "" for human texts
    domain: NDArray[np.str_]
    attack: NDArray[np.str_]  # how the text was disguised; "" if it was not
    license: NDArray[np.str_]
    group: NDArray[np.str_]  # same prompt or same document beginning
    web: NDArray[np.bool_]  # human text of a web page

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


def read(directory: Path) -> Corpus:
    """The texts of human.parquet and machine.parquet in a directory. Raises InputError if one is missing."""
    columns: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    machine: list[bool] = []
    for name, label in (("human", False), ("machine", True)):
        path = directory / f"{name}.parquet"
        if not path.is_file():
            raise InputError(f"{path}: expected labelled texts, found no such file; give their directory as --labelled")
        table = pq.read_table(path, columns=list(_COLUMNS))
        machine += [label] * table.num_rows
        for column in _COLUMNS:
            columns[column] += [value or "" for value in table.column(column).to_pylist()]
    return gather(columns, machine)


def gather(columns: dict[str, list[str]], machine: list[bool]) -> Corpus:
    """A corpus from columns of equal length, named as in the Parquet files."""
    source = columns["source"]
    web = [
        not label and (name.startswith("webpages:") or name in _WEB)
        for name, label in zip(source, machine, strict=True)
    ]
    return Corpus(
        texts=columns["text"],
        machine=np.array(machine),
        language=np.array([_READ_AS.get(code, code) for code in columns["lang"]]),
        origin=np.array([_SAME.get(name, name) for name in source]),
        family=np.array(columns["family"]),
        domain=np.array(columns["domain"]),
        attack=np.array(columns["attack"]),
        license=np.array(columns["license"]),
        group=np.array(columns["group"]),
        web=np.array(web),
    )
