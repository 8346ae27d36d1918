"""How fast and how right dedup is, beside datasketch on the same documents in the same run.

    python -m benchmarks.dedup                  21,000 synthetic documents, Jaccard indices known
    python -m benchmarks.dedup --sweep          the same for other numbers of hashes, bands and thresholds
    python -m benchmarks.dedup --keepers        what is dropped beside its keeper, and if only what is like one went
    python -m benchmarks.dedup --crawl DIR      the pages of DIR/*.warc.gz, clusters of DIR/pages.tsv

Times are CPU seconds of this process. Set OMP_NUM_THREADS=1. Intervals are of 95 % (Clopper & Pearson 1934).

Components are transitive: two texts that resemble a third are in one, alike or not. So there are three precisions: of
edges by their J; of pairs in one component by their J; and of the same pairs by whether a path of pairs of that J joins
them, which is what a component claims.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.stats import beta

from benchmarks.near_duplicates import Document, make_documents, string_shingles, true_pairs
from transforms.dedup.bands import band_keys, find_candidates
from transforms.dedup.blocks import BAND_ENTRY, EDGE, Sketches
from transforms.dedup.components import find_roots, spanning_forest
from transforms.dedup.fingerprint import fingerprint, prepare
from transforms.dedup.normalize import normalize
from transforms.dedup.params import DedupParams, SignatureParams
from transforms.dedup.shingles import shingle_hashes
from transforms.dedup.signature import estimate_jaccard
from transforms.dedup.verify import find_edges
from transforms.records import Fingerprint

Pair = tuple[int, int]
# (hashes, bands, rows, threshold); the first is the default of datatrove and of the first design.
SWEEP = (
    (112, 14, 8, 0.75),
    (128, 16, 8, 0.75),
    (256, 14, 8, 0.75),
    (256, 20, 8, 0.75),
    (256, 24, 8, 0.75),
    (256, 32, 8, 0.75),
    (256, 24, 8, 0.72),
    (256, 24, 8, 0.78),
    (512, 32, 8, 0.76),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a method says about documents, by their positions."""

    component: list[int]  # [documents]
    edges: set[Pair]  # verified, between different texts; ascending
    seconds: float  # of CPU, from text to components
    sketching: float = 0.0  # … of which from text to signature, where that is a step of its own


def find_ours(texts: list[str], signature: SignatureParams, params: DedupParams) -> Found:
    """The pure parts of dedup, as the stage composes them."""
    begin = time.process_time()
    sketcher = prepare(signature)
    return _find_among([fingerprint(text, sketcher) for text in texts], params, begin)


def _find_among(sketches: list[Fingerprint], params: DedupParams, begin: float) -> Found:
    sketching = time.process_time() - begin
    keys = np.array([int(sketch.text_digest[:16], 16) for sketch in sketches], dtype=np.uint64)
    signatures = np.stack([sketch.signature for sketch in sketches])
    shingles = np.array([sketch.shingles for sketch in sketches], dtype=np.int32)
    long_enough = np.flatnonzero(shingles >= params.min_shingles)
    entries = np.empty((long_enough.size, params.bands), dtype=BAND_ENTRY)
    entries["band"] = band_keys(signatures[long_enough], params.bands, params.rows)
    entries["text"], entries["ref"] = keys[long_enough, np.newaxis], long_enough[:, np.newaxis]
    requests = find_candidates(entries.reshape(-1))
    rows = requests["ref"].astype(np.int64)
    edges = find_edges(
        Sketches(requests["group"], requests["text"], shingles[rows], signatures[rows].astype(np.uint16)),
        params.threshold,
    )
    roots = find_roots(spanning_forest(edges), keys)
    seconds = time.process_time() - begin
    first = {key: index for index, key in reversed(list(enumerate(keys.tolist())))}
    return Found(
        [first[root] for root in roots.tolist()],
        {_pair(first[a], first[b]) for a, b in edges.tolist()},
        seconds,
        sketching,
    )


def find_with_datasketch(texts: list[str], signature: SignatureParams, params: DedupParams) -> Found:
    """datasketch in bulk: string shingles, `update_batch`, `MinHashLSH`, pairs verified; components by our forest."""
    begin = time.process_time()
    index = MinHashLSH(num_perm=signature.num_hashes, params=(params.bands, params.rows))
    sketches: list[MinHash] = []
    edges: list[Pair] = []
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=signature.num_hashes, seed=signature.seed)
        sketch.update_batch([shingle.encode() for shingle in string_shingles(normalize(text))])
        near = [other for other in index.query(sketch) if sketch.jaccard(sketches[other]) >= params.threshold]
        edges += [(other, number) for other in near]
        index.insert(number, sketch, check_duplication=False)
        sketches.append(sketch)
    numbers = np.arange(len(texts), dtype=np.uint64)
    roots = find_roots(spanning_forest(np.array(edges, dtype=EDGE)), numbers)
    return Found(roots.tolist(), {_pair(*edge) for edge in edges}, time.process_time() - begin)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    count: int

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.hits / max(self.count, 1):.4f} ({low:.4f}–{high:.4f} of {self.count})"

    def interval(self) -> tuple[float, float]:
        """What shares explain this, at 95 %."""
        misses = self.count - self.hits
        low = float(beta.ppf(0.025, self.hits, misses + 1)) if self.hits else 0.0
        return low, float(beta.ppf(0.975, self.hits + 1, misses)) if misses else 1.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares over pairs of different texts."""

    recall: Share  # pairs of J ≥ .8 that are in one component
    edges: dict[float, Share]  # edges whose J is at least …
    merged: dict[float, Share]  # pairs in one component whose J is at least …
    joined: dict[float, Share]  # pairs in one component that a path of pairs of at least this J joins
    lowest_edge: float  # J


def judge(found: Found, pairs: dict[Pair, float], different: Callable[[Pair], bool]) -> Quality:
    """How right `found` is; a pair that is not in `pairs` has J = 0."""
    members = defaultdict(list)
    for index, root in enumerate(found.component):
        members[root].append(index)
    together = [p for m in members.values() for p in combinations(m, 2) if different(p)]
    merged = [pairs.get(p, 0.0) for p in together]
    edges = [pairs.get(pair, 0.0) for pair in found.edges if different(pair)]
    similar = [pair for pair, true in pairs.items() if true >= 0.8 and different(pair)]
    hits = sum(found.component[a] == found.component[b] for a, b in similar)
    levels = (0.65, 0.7, 0.75, 0.8)
    return Quality(
        recall=Share(hits, len(similar)),
        edges={level: _share(edges, level) for level in levels},
        merged={level: _share(merged, level) for level in levels},
        joined={level: _joined(together, pairs, level, len(found.component)) for level in levels},
        lowest_edge=min(edges, default=1.0),
    )


def _joined(together: list[Pair], pairs: dict[Pair, float], level: float, documents: int) -> Share:
    """Which of these pairs lie in one component of the graph of all pairs of at least this J, same texts included."""
    edges = np.array([pair for pair, true in pairs.items() if true >= level], dtype=EDGE)
    roots = find_roots(spanning_forest(edges), np.arange(documents, dtype=np.uint64))
    return Share(sum(bool(roots[a] == roots[b]) for a, b in together), len(together))


def run_synthetic(count: int, seed: int) -> None:
    """Speed and quality on synthetic documents, ours and datasketch's."""
    documents = make_documents(count, seed)
    texts, pairs = [document.text for document in documents], true_pairs(documents)
    shingles = np.mean([len(text.split()) - 4 for text in texts])
    print(f"{len(texts)} documents, {shingles:.0f} shingles on average, {_spread(documents, pairs)}")
    signature, params = SignatureParams(), DedupParams()
    for name, find in (("ours", find_ours), ("datasketch", find_with_datasketch)):
        found = find(texts, signature, params)
        rest = f"  without shingling {len(texts) / (found.seconds - found.sketching):.0f}" if found.sketching else ""
        print(f"{name:10}  {len(texts) / found.seconds:7.0f} docs per CPU-s{rest}")
        print(f"{'':10}  {_describe(judge(found, pairs, lambda pair: texts[pair[0]] != texts[pair[1]]))}")


def run_sweep(count: int, seed: int) -> None:
    """Quality of other parameters on the same documents."""
    documents = make_documents(count, seed)
    texts, pairs = [document.text for document in documents], true_pairs(documents)
    for num_hashes, bands, rows, threshold in SWEEP:
        params = DedupParams(bands=bands, rows=rows, threshold=threshold)
        found = find_ours(texts, SignatureParams(num_hashes=num_hashes), params)
        quality = judge(found, pairs, lambda pair: texts[pair[0]] != texts[pair[1]])
        print(
            f"{num_hashes} hashes, {bands} × {rows}, threshold {threshold}: {found.seconds:.1f} s  {_describe(quality)}"
        )


def run_keepers(count: int, seed: int) -> None:
    """Pages that are dropped, by their J with the page that stays; now, and if each had to be like one that stays."""
    documents = make_documents(count, seed)
    texts, pairs = [document.text for document in documents], true_pairs(documents)
    found, sketcher = find_ours(texts, SignatureParams(), DedupParams()), prepare(SignatureParams())
    members = defaultdict(list)
    for index, root in enumerate(found.component):  # in random order, so the first is any
        members[root].append(index)
    several = [component for component in members.values() if len(component) > 1]
    signatures = {i: fingerprint(texts[i], sketcher).signature for component in several for i in component}
    now = {page: component[0] for component in several for page in component[1:]}
    stars: dict[int, int] = {}
    for component in several:
        keepers: list[int] = []
        for page in component:
            like = [k for k in keepers if estimate_jaccard(signatures[k], signatures[page]) >= DedupParams().threshold]
            stars |= {page: like[0]} if like else {}
            keepers += [] if like else [page]
    similar = [(a, b) for (a, b), true in pairs.items() if true >= 0.8 and texts[a] != texts[b]]
    for name, dropped in (("components", now), ("stars", stars)):
        near = [pairs.get(_pair(*pair), 0.0) for pair in dropped.items() if texts[pair[0]] != texts[pair[1]]]
        both = sum(a not in dropped and b not in dropped for a, b in similar)
        shares = "  ".join(f"≥{level:g}: {_share(near, level)}" for level in (0.65, 0.7, 0.75))
        print(f"{name}: {len(dropped)} dropped, lowest J with the keeper {min(near):.3f}; {shares}")
        print(f"  pairs of J ≥ .8 that both stay: {both} of {len(similar)}")


def run_crawl(folder: Path, cache: Path) -> None:
    """Clusters of real pages, by the Jaccard index of the text that we extract."""
    pages = _extracted(folder, cache)
    with (folder / "pages.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        cluster = {row["url"]: row["neardup_cluster"] for row in rows}
    texts = [text for _, text in pages]
    hashes = [set(shingle_hashes(normalize(text)).tolist()) for text in texts]
    found = find_ours(texts, SignatureParams(), DedupParams())
    pairs = {p: _hash_jaccard(hashes[p[0]], hashes[p[1]]) for p in combinations(range(len(texts)), 2)}
    same = {p for p in pairs if cluster.get(pages[p[0]][0]) and cluster[pages[p[0]][0]] == cluster.get(pages[p[1]][0])}
    for name, chosen in (("within a cluster", same), ("anywhere", set(pairs))):
        similar = [p for p in chosen if pairs[p] >= 0.8]
        merged = sum(found.component[a] == found.component[b] for a, b in similar)
        print(f"pairs of J ≥ .8 {name}: {merged} of {len(similar)} merged")
    components = [pairs[p] for p in pairs if found.component[p[0]] == found.component[p[1]]]
    edges = [pairs[edge] for edge in found.edges]
    print(f"lowest J of {len(edges)} edges: {min(edges):.3f}; of {len(components)} merged pairs: {min(components):.3f}")


def _extracted(folder: Path, cache: Path) -> list[tuple[str, str]]:
    """(URL, text) of every page with text, extracted once and kept in `cache`."""
    if not cache.exists():
        cache.write_text("\n".join(json.dumps(page) for page in _extract(folder)), encoding="utf-8")
    lines = cache.read_text(encoding="utf-8").split("\n")
    return [(url, text) for url, text in map(json.loads, lines) if text]


def _extract(folder: Path) -> Iterable[tuple[str, str]]:
    import trafilatura
    from warcio.archiveiterator import ArchiveIterator

    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    text = trafilatura.extract(record.content_stream().read(), fast=True)
                    yield record.rec_headers.get_header("WARC-Target-URI"), text or ""


def _hash_jaccard(left: set[int], right: set[int]) -> float:
    shared = len(left & right)
    return shared / max(len(left) + len(right) - shared, 1)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _share(values: list[float], level: float) -> Share:
    return Share(sum(value >= level for value in values), len(values))


def _spread(documents: list[Document], pairs: dict[Pair, float]) -> str:
    near = [true for (a, b), true in pairs.items() if documents[a].text != documents[b].text]
    return f"{sum(true >= 0.8 for true in near)} of {len(near)} planted pairs of different texts have J ≥ .8"


def _describe(quality: Quality) -> str:
    lines = [f"recall at J ≥ .8 {quality.recall}; lowest edge {quality.lowest_edge:.3f}"]
    kinds = {"edges": quality.edges, "pairs in a component": quality.merged, "… joined by a path": quality.joined}
    for name, shares in kinds.items():
        lines.append(f"{name:20} " + "  ".join(f"≥{level:g}: {share}" for level, share in shares.items()))
    return "\n            ".join(lines)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup", description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=21_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--keepers", action="store_true")
    parser.add_argument("--crawl", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "firsthand-dedup-crawl.jsonl")
    options = parser.parse_args()
    if options.crawl:
        run_crawl(options.crawl, options.cache)
    elif options.keepers:
        run_keepers(options.documents, options.seed)
    elif options.sweep:
        run_sweep(options.documents, options.seed)
    else:
        run_synthetic(options.documents, options.seed)


if __name__ == "__main__":
    main()
