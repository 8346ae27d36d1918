"""`python -m training.gather --out DIR`: prose that people wrote, from Debian packages older than chatbots.

Downloads the packages of training/prose.toml, reads their prose, cuts it into passages and writes DIR/prose.parquet
with the columns of the labelled human texts. The same bytes every time. The texts stay their authors': never commit it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from training.deb import File, license_of, read_package, written_by
from training.passages import cut
from training.pins import Pin, fetch, read_pins
from training.prose import paragraphs
from transforms.dedup.normalize import normalize
from transforms.dedup.shingles import shingle_hashes
from transforms.errors import FirsthandError, InputError
from transforms.filter.language import identify
from transforms.probability import CHATBOT_EPOCH, seen_before_chatbots

FILE = "prose.parquet"

_PER_FILE = 2  # passages taken from every file before any file gives more
_TELLING = 120  # characters from which a paragraph's language is told with little doubt
_MIN_FRESH = 0.7  # share of a passage's word 5-grams that no passage before it had
_COLUMNS = ("text", "label", "generator", "family", "era", "domain", "lang", "attack", "source", "license", "group")

Row = dict[str, str]


def gather(pins: Iterable[Pin], folder: Path, skip_missing: bool = False) -> Iterator[Row]:
    """The passages of all packages, in the order of the list; none says again what one before it said.

    Raises InputError for a package that cannot be had (unless these are skipped), or of which no file is old enough.
    """
    seen: set[int] = set()
    for pin in pins:
        try:
            path = fetch(pin, folder)
        except InputError as error:
            if not skip_missing:
                raise
            print(f"skipped: {error}", file=sys.stderr)
            continue
        yield from extract(path, pin, seen)


def extract(path: Path, pin: Pin, seen: set[int]) -> Iterator[Row]:
    """The passages of one package, at most `pin.most` a language; `seen` has the n-grams of all before, and grows."""
    package = read_package(path, pin.name, pin.wants)
    files = old_files(package.files, package.changelog)
    if not files:
        raise InputError(
            f"{pin.name} {pin.version}: none of its {len(package.files)} files of prose is from before "
            f"{CHATBOT_EPOCH}: take it off the list"
        )
    license_name = license_of(package.copyright)
    left = dict.fromkeys(pin.languages, pin.most)
    for group, text in passages(files, pin):
        language = language_of(text)
        if left.get(language) and is_fresh(text, seen):
            left[language] -= 1
            yield _row(text, domain=pin.domain, lang=language, source=pin.name, license_name=license_name, group=group)
        if not any(left.values()):
            return


def language_of(text: str) -> str:
    """The language of a passage, or "" if its longer paragraphs are not all in one, as in a half translated manual."""
    found = {identify(line).language for line in text.split("\n") if len(line) >= _TELLING}
    whole = identify(text).language
    return whole if found <= {whole} else ""


def old_files(files: Iterable[File], changelog: str) -> list[File]:
    """The files surely written before chatbots: all, if the changelog says so, or else those with an older date."""
    if seen_before_chatbots(written_by(changelog)):
        return list(files)
    return [file for file in files if seen_before_chatbots(file.modified)]


def passages(files: Iterable[File], pin: Pin) -> Iterator[tuple[str, str]]:
    """Path and text of all passages in an order without regard to topic: a few of every file first, then the rest."""
    later: list[Iterator[tuple[str, str]]] = []
    for file in sorted(files, key=lambda file: zlib.crc32(file.path.encode())):
        texts = list(cut(paragraphs(file.path, file.data, pin.form), file.path))
        texts.sort(key=lambda text: zlib.crc32(text.encode("utf-8", "replace")))
        mine = [(file.path, text) for text in texts]
        yield from mine[:_PER_FILE]
        later.append(iter(mine[_PER_FILE:]))
    yield from chain.from_iterable(later)


def is_fresh(text: str, seen: set[int]) -> bool:
    """Whether a text says mostly what none before it said; if so, its n-grams are remembered."""
    shingles = shingle_hashes(normalize(text)).tolist()
    fresh = sum(shingle not in seen for shingle in shingles)
    if fresh < _MIN_FRESH * len(shingles):
        return False
    seen.update(shingles)
    return True


def _row(text: str, *, domain: str, lang: str, source: str, license_name: str, group: str) -> Row:
    filled = {
        "text": text.encode("utf-8", "replace").decode("utf-8"),
        "label": "human",
        "domain": domain,
        "lang": lang,
        "source": f"debian:{source}",
        "license": license_name,
        "group": f"debian:{source}/{group}",
    }
    return {column: filled.get(column, "") for column in _COLUMNS}


def write(rows: list[Row], out: Path) -> Path:
    """Writes the rows to DIR/prose.parquet, whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([(column, pa.large_string()) for column in _COLUMNS])
    unfinished = out / f"{FILE}.part"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), unfinished, compression="zstd")
    return unfinished.rename(out / FILE)


def main() -> None:
    """Gather and write; prints how many passages there are of each language."""
    parser = argparse.ArgumentParser(prog="python -m training.gather", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="directory for prose.parquet")
    parser.add_argument("--keep", type=Path, help="directory in which the packages are kept for another time")
    parser.add_argument("--skip-missing", action="store_true", help="go on without what the archive does not serve")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.keep or Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            rows = list(gather(read_pins(), folder, arguments.skip_missing))
        path = write(rows, arguments.out)
    except FirsthandError as error:
        raise SystemExit(f"error: {error}") from error
    languages = ", ".join(f"{language} {count}" for language, count in Counter(r["lang"] for r in rows).most_common())
    print(f"{path}: {len(rows)} passages of {len({row['source'] for row in rows})} packages: {languages}")


if __name__ == "__main__":
    main()
