from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, error, narrow, summed, tokens_of
from transforms.weigh.weight import whole_copies

SECTION = "PyTorch"


def test_documents_drawn_by_weight_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION, without="torch"), narrow(output)
    seen = page["document_probabilities"](page["weight"]) * page["tokens"]
    for group in GROUPS:
        assert error(summed(seen, table, group), output, group) < 1e-9


def test_windows_drawn_by_weight_and_length_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION, without="torch"), narrow(output)
    seen = page["window_probabilities"](page["weight"], page["tokens"])  # each draw is as many tokens
    assert seen.sum() == pytest.approx(1)
    for group in GROUPS:
        assert error(summed(seen, table, group), output, group) < 1e-9


def test_windows_drawn_by_weight_alone_do_not(folder: Path, output: Path) -> None:
    page, table = run(SECTION, without="torch"), narrow(output)
    seen = page["document_probabilities"](page["weight"])
    assert error(summed(seen, table, "weight_bucket"), output, "weight_bucket") > TOLERANCE


def test_the_weighted_loss_gives_each_group_its_share_by_weight(folder: Path, output: Path) -> None:
    """What the loss of a group's tokens counts is what the batch's loss rises by if only theirs is not 0."""
    page, table = run(SECTION, without="torch"), narrow(output)
    longest = int(page["tokens"].max())
    mask = (np.arange(longest) < page["tokens"][:, None]).astype(float)
    for group in GROUPS:
        names = np.array(table[group].to_pylist(), object)
        counted = {
            name: page["weighted_loss"]((names == name)[:, None] * mask, mask, page["weight"]) for name in set(names)
        }
        assert error(counted, output, group) < 1e-9
        # of mean 1, for the weights have mean 1 over the tokens; float32 keeps 24 bits of each
        assert sum(counted.values()) == pytest.approx(1, abs=1e-6)


def test_workers_share_the_copies(folder: Path, output: Path, offline: None) -> None:
    page, table = run(SECTION, names=run("Hugging Face datasets"), without="torch"), narrow(output)
    ids = table["id"].to_pylist()
    times = whole_copies(table["expected_repeats"].to_numpy(), ids, 2).tolist()
    wanted = {row_id: n for row_id, n in zip(ids, times, strict=True) if n}
    alone = Counter(row["id"] for row in page["copies"]("out/demo/corpus", 2))
    shared = Counter(row["id"] for worker in range(3) for row in page["copies"]("out/demo/corpus", 2, worker, 3))
    assert alone == shared == wanted


def test_the_sampler_the_copies_and_the_loss_of_torch(folder: Path, output: Path, offline: None) -> None:
    torch = pytest.importorskip("torch", reason="torch is in no install of ours")
    page = run(SECTION, names=run("Hugging Face datasets"))
    drawn = np.bincount(list(page["sampler"]), minlength=len(page["weight"]))
    assert drawn.sum() == len(page["weight"])
    loader = torch.utils.data.DataLoader(page["Copies"]("out/demo/corpus", 2), batch_size=None)
    for group in GROUPS:
        assert tokens_of(loader, group) == tokens_of(page["epoch"](2), group)
    logits, labels = torch.randn(2, 3, 5), torch.tensor([[1, 2, -100], [0, -100, -100]])
    plain = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    loss = page["torch_loss"](logits, labels, torch.tensor([0.5, 2.0]))
    mask = (labels != -100).numpy()
    assert float(loss) == pytest.approx(page["weighted_loss"](plain.numpy(), mask, np.array([0.5, 2.0])))
