"""What explaining a score costs, and whether what it quotes matters: the quoted phrases are taken out of their text,
and the text is scored again.

    python -m benchmarks.explanations --labelled ../shared/data/labelled

Times are CPU seconds of this process. Set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.score.detector import Detector
from transforms.score.explain import explain
from transforms.score.linear import LinearModel
from transforms.score.phrases import Phrase

PHRASES = 5
SIZES = (1_000, 5_000, 50_000)
TEXTS = 40


def main() -> None:
    """Measure and print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explanations", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    directory = parser.parse_args().labelled
    model = Detector.load().model
    for side in ("human", "machine"):
        table = pq.read_table(directory / f"{side}.parquet", columns=["text", "lang"])
        texts: list[str] = table.filter(pc.equal(table["lang"], "en"))["text"].to_pylist()
        if side == "human":
            for size in SIZES:
                print(f"{size:,} characters: {_milliseconds(model, texts, size):.1f} ms to explain")
        print(f"{side}: {_deletions(model, [text for text in texts if len(text) > 800][:: max(1, len(texts) // 120)])}")


def _milliseconds(model: LinearModel, texts: list[str], size: int) -> float:
    """CPU milliseconds to explain a text of so many characters, several of the labelled ones end to end."""
    pages = [" ".join(texts[60 * k : 60 * k + 60])[:size] for k in range(TEXTS)]
    explain(model, pages[0], "en", PHRASES)
    began = time.process_time()
    for page in pages:
        explain(model, page, "en", PHRASES)
    return 1000 * (time.process_time() - began) / len(pages)


def _deletions(model: LinearModel, texts: list[str]) -> str:
    """How well the weights of a text's phrases foretell what becomes of its score without them."""
    said, done, rest = [], [], []
    for text in texts:
        found = explain(model, text, "en", PHRASES)
        rest.append(found.rest)
        for phrases in (found.for_machine, found.for_human):
            said.append(-sum(phrase.weight for phrase in phrases))
            done.append(explain(model, _without(text, phrases), "en", 0).total - found.total)
    agree = float(np.mean(np.sign(said) == np.sign(done)))
    slope = float(np.polyfit(said, done, 1)[0])
    return (
        f"{len(texts)} texts, phrases taken out: correlation of said and done {np.corrcoef(said, done)[0, 1]:.3f}, "
        f"slope {slope:.2f}, same sign {agree:.3f}; nats of the phrases of both sides {-2 * np.mean(said):+.2f}, "
        f"of all other words {np.mean(rest):+.2f}"
    )


def _without(text: str, phrases: tuple[Phrase, ...]) -> str:
    for phrase in phrases:
        text = text.replace(phrase.text, " ", phrase.times)
    return text


if __name__ == "__main__":
    main()
