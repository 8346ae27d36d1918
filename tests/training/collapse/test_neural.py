"""The neural model: its gradients, what weights mean, how it is sampled, and that its probabilities are some."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.collapse.adamw import Schedule
from training.collapse.model import END, UNKNOWN, Ids
from training.collapse.neural import NeuralModel, Params, choose, learn
from training.collapse.recurrent import Drop, Parameters, Shape, forward, logits
from training.collapse.windows import Window, effective_tokens

VOCABULARY = 12
SMALL = Params(
    VOCABULARY,
    embedding=8,
    hidden=16,
    sequences=4,
    steps=8,
    drop=0.1,
    passes=100,
    schedule=Schedule(updates=100, rate=1e-2, warm_up=5),
)


def documents(count: int = 30) -> list[Ids]:
    """Runs of ascending ids from 2 on, cut at random: easy to learn."""
    rng = np.random.default_rng(1)
    return [
        np.arange(start, min(start + size, VOCABULARY), dtype=np.int32)
        for start, size in rng.integers(2, 8, (count, 2)).tolist()
    ]


def fitted(weights: NDArray[np.float64], texts: list[Ids], seed: int = 3) -> NeuralModel:
    model = NeuralModel(SMALL)
    model.fit(texts, weights, seed=seed)
    return model


def same(one: NeuralModel, other: NeuralModel) -> bool:
    pairs = zip(one.surprisal(documents()), other.surprisal(documents()), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


@pytest.fixture(scope="module")
def model() -> NeuralModel:
    return fitted(np.ones(30), documents())


def test_gradients_are_those_of_finite_differences() -> None:
    shape = Shape(vocabulary=7, embedding=3, hidden=4)
    rng = np.random.default_rng(0)
    flat = rng.normal(0, 0.5, shape.parameters)
    state = rng.normal(0, 0.5, (3, shape.hidden))
    drop = Drop(*(rng.integers(0, 2, (5, 3, size)) / 0.5 for size in (shape.embedding, shape.hidden)))
    read, told = rng.integers(0, 7, (2, 5, 3)).astype(np.int32)
    assert (read == END).any()  # a state is forgotten somewhere
    window = Window(read, told, rng.uniform(0, 3, (5, 3)), first=True)

    def cost(at: NDArray[np.float64]) -> float:
        unused = Parameters.over(np.zeros(shape.parameters), shape)
        return learn(Parameters.over(at, shape), window, state, drop, unused)[0]

    found = Parameters.over(np.zeros(shape.parameters), shape)
    learn(Parameters.over(flat, shape), window, state, drop, found)
    step = 1e-5 * np.eye(shape.parameters)
    differences = np.array([(cost(flat + one) - cost(flat - one)) / 2e-5 for one in step])
    # Central differences err by h²·|f'''|/6 and by rounding, 1e-16·f/h: both below 1e-9 here.
    np.testing.assert_allclose(found.flat, differences, rtol=1e-6, atol=1e-8)


def test_a_document_of_weight_0_is_as_if_absent() -> None:
    texts = documents()
    weights = np.where(np.arange(30) % 3, 1.5, 0.0)
    kept = [text for text, weight in zip(texts, weights, strict=True) if weight]
    assert same(fitted(weights, texts), fitted(np.full(len(kept), 1.5), kept))


def test_doubling_all_weights_changes_nothing() -> None:
    weights = np.random.default_rng(2).uniform(0.1, 4, 30)
    assert same(fitted(weights, documents()), fitted(2 * weights, documents()))


def test_weights_change_what_is_learned() -> None:
    rising, texts = documents(), [*documents(), *(text[::-1].copy() for text in documents())]
    loud, quiet = (fitted(np.repeat(np.array(pair), 30), texts) for pair in ((1.9, 0.1), (0.1, 1.9)))
    assert np.concatenate(loud.surprisal(rising)).mean() < np.concatenate(quiet.surprisal(rising)).mean() - 0.2


def test_a_document_of_weight_2_costs_and_teaches_as_two_copies() -> None:
    rng = np.random.default_rng(4)
    shape = Shape(vocabulary=7, embedding=3, hidden=4)
    p = Parameters.over(rng.normal(0, 0.5, shape.parameters), shape)
    told = rng.integers(2, 7, (6, 2)).astype(np.int32)
    read = np.concatenate([np.full((1, 2), END, np.int32), told[:-1]])

    def taught(columns: list[int], weights: list[float]) -> tuple[float, NDArray[np.floating]]:
        into = Parameters.over(np.zeros(shape.parameters), shape)
        window = Window(read[:, columns], told[:, columns], np.tile(weights, (6, 1)), first=True)
        cost, _ = learn(p, window, np.zeros((len(columns), shape.hidden)), None, into)
        return cost * window.weights.size, into.flat * window.weights.size  # sums, not means over tokens

    once, twice = taught([0, 1], [2.0, 1.0]), taught([0, 0, 1], [1.0, 1.0, 1.0])
    assert once[0] == pytest.approx(twice[0], rel=1e-12)
    np.testing.assert_allclose(once[1], twice[1], rtol=1e-9, atol=1e-12)


def test_weights_that_leave_little_text_leave_few_updates() -> None:
    texts = [np.full(63, 2, np.int32)] * 64  # 64 tokens each with its end
    params = Params(VOCABULARY, sequences=4, steps=8, passes=2, schedule=Schedule(updates=200))
    half = np.repeat([2.0, 0.0], 32)
    assert effective_tokens(texts, np.ones(64)) == 64 * 64
    assert effective_tokens(texts, half) == 32 * 64
    assert params.schedule_for(64 * 64).updates == 200  # 256 windows, cut at 200
    assert params.schedule_for(32 * 64).updates == 128
    assert params.schedule_for(1).updates == 1


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="a weight above 0"):
        fitted(np.zeros(30), documents())


def test_the_same_seed_gives_the_same_model_and_another_seed_another(model: NeuralModel) -> None:
    assert same(model, fitted(np.ones(30), documents()))
    assert not same(model, fitted(np.ones(30), documents(), seed=4))


def test_it_learns_what_follows_what(model: NeuralModel) -> None:
    learned = np.concatenate(model.surprisal(documents())).mean()
    assert learned < np.log(VOCABULARY) - 0.5


def test_probabilities_sum_to_1_and_surprisal_to_the_likelihood(model: NeuralModel) -> None:
    one_word = [np.array([word], np.int32) for word in range(1, VOCABULARY)]
    nothing = model.surprisal([np.empty(0, np.int32)])[0]
    chance = np.exp([-values[0] for values in (nothing, *model.surprisal(one_word))])
    assert chance.sum() == pytest.approx(1, abs=1e-6)  # float32 logits
    given = np.exp([-values[0] for values in model.surprisal([one_word[0][:0], *one_word[1:]], known=True)])
    np.testing.assert_allclose(given, np.delete(chance, UNKNOWN) / (1 - chance[UNKNOWN]), rtol=1e-5)
    long = np.array([2, 3, 4, 7], np.int32)
    begun = [model.surprisal([long[:size]])[0][:size].sum() for size in range(1, 5)]
    np.testing.assert_allclose(np.cumsum(model.surprisal([long])[0])[:4], begun, rtol=1e-5)


def test_surprisal_does_not_depend_on_what_is_judged_beside(model: NeuralModel) -> None:
    texts = documents()
    together, alone = model.surprisal(texts), [model.surprisal([text])[0] for text in texts]
    assert [len(values) for values in together] == [len(text) + 1 for text in texts]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_samples_are_in_bounds_and_repeat_by_seed(model: NeuralModel) -> None:
    texts = model.sample(50, 6, seed=9)
    assert len(texts) == 50
    assert all(1 <= len(text) <= 6 and text.min() > UNKNOWN and text.max() < VOCABULARY for text in texts)
    assert any(len(text) < 6 for text in texts)  # some end by themselves
    again, other = model.sample(50, 6, seed=9), model.sample(50, 6, seed=10)
    assert all(np.array_equal(a, b) for a, b in zip(texts, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(texts, other, strict=True))


def test_only_the_likeliest_words_are_sampled() -> None:
    score = np.random.default_rng(5).normal(0, 1, VOCABULARY).astype(np.float32)
    drawn = choose(np.tile(score, (2000, 1)), 1.0, 3, np.random.default_rng(6))
    assert set(drawn.tolist()) == set(np.argsort(score)[-3:].tolist())


def test_words_are_sampled_as_often_as_the_temperature_says() -> None:
    score = np.log(np.array([0.5, 0.3, 0.15, 0.05], np.float32))
    drawn = choose(np.tile(score, (40_000, 1)), 0.5, 3, np.random.default_rng(7))
    squared = np.array([0.5, 0.3, 0.15]) ** 2
    # Five standard errors of a share of 40,000 draws: 5·sqrt(¼ / 40,000).
    np.testing.assert_allclose(np.bincount(drawn, minlength=4)[:3] / 40_000, squared / squared.sum(), atol=0.0125)
    assert not (drawn == 3).any()


def test_top_1_is_greedy() -> None:
    greedy = NeuralModel(Params(VOCABULARY, embedding=8, hidden=16, top=1, passes=100, schedule=SMALL.schedule))
    greedy.fit(documents(), np.ones(30), seed=3)
    texts = greedy.sample(5, 6, seed=1)
    assert all(np.array_equal(text, texts[0]) for text in texts)


def test_an_end_makes_the_network_forget() -> None:
    shape = Shape(vocabulary=7, embedding=3, hidden=4)
    p = Parameters.drawn(shape, np.random.default_rng(8))
    read = np.array([[3], [END], [5]], np.int32)
    whole = forward(p, read, np.ones((1, 4), np.float32)).states
    fresh = forward(p, read[1:], np.zeros((1, 4), np.float32)).states
    np.testing.assert_array_equal(logits(p, whole[2]), logits(p, fresh[1]))


def test_an_unfitted_model_says_so() -> None:
    with pytest.raises(ValueError, match="call fit first"):
        NeuralModel(SMALL).sample(1, 1, seed=0)
