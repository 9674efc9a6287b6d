"""The shared learning machinery: n-grams, the linear head, calibration, scope."""

from __future__ import annotations

import numpy as np
import pytest

from bot.components import softmax
from bot.components.intents import FOREIGN, IntentModel
from bot.components.limits import Costs
from bot.components.neighbours import Neighbours
from bot.components.ngrams import Ngrams, words
from bot.components.scope import Scope
from bot.components.views import Views


def clusters(
    texts: int, labels: int = 4, width: int = 12, noise: float = 0.6
) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    centres = random.normal(size=(labels, width))
    truth = np.arange(texts) % labels
    return (centres[truth] + random.normal(0, noise, (texts, width))).astype(np.float32), truth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where's my ORDER?", ["where's", "my", "order", "?"]),
        ("मेरा ऑर्डर कहाँ है।", ["मेरा", "ऑर्डर", "कहाँ", "है"]),
        ("SO-100123", ["so", "000000"]),
        ("...", []),
    ],
)
def test_words_stay_whole_in_every_script(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_both_halves_of_a_vector_have_unit_length() -> None:
    ngrams = Ngrams.learn(["where is my order", "cancel it"])
    row = ngrams.vectors(["where is it"])
    assert row.multiply(row).sum() == pytest.approx(2, abs=1e-3)


def test_an_unknown_text_has_no_features() -> None:
    ngrams = Ngrams.learn(["abc"])
    assert ngrams.vectors(["日本", ""]).nnz == 0


def test_n_grams_come_back_from_arrays_as_they_were() -> None:
    ngrams = Ngrams.learn(["where is my order", "γεια σας"])
    again = Ngrams.from_arrays(ngrams.to_arrays())
    assert (again.vectors(["my γεια"]) != ngrams.vectors(["my γεια"])).nnz == 0


def test_coordinates_keep_the_inner_products() -> None:
    points, _ = clusters(40)
    gram = points @ points.T
    coordinates = gram @ softmax.basis(gram)
    assert np.allclose(coordinates @ coordinates.T, gram, atol=1e-2)


def test_the_head_separates_what_can_be_separated() -> None:
    features, truth = clusters(200)
    head = softmax.fit(features, truth, 4)
    assert (head.logits(features).argmax(axis=1) == truth).mean() > 0.95


def test_folds_spread_every_label() -> None:
    truth = np.repeat(np.arange(7), 10)
    fold = softmax.folds(truth, 5, [f"text {row}" for row in range(70)])
    assert all((np.bincount(fold[truth == label], minlength=5) == 2).all() for label in range(7))


def test_a_few_more_texts_leave_landmarks_and_folds_of_the_others_nearly_as_they_were() -> None:
    texts = [f"text {row}" for row in range(3_000)]
    labels = np.arange(3_000) % 5
    more = [f"new {row}" for row in range(30)]
    kept = {texts[row] for row in softmax.landmarks(texts, 1_000)}
    now = {(more + texts)[row] for row in softmax.landmarks(more + texts, 1_000)}
    assert len(kept & now) >= 980
    fold = softmax.folds(labels, 5, texts)
    later = softmax.folds(np.concatenate([np.arange(30) % 5, labels]), 5, more + texts)[30:]
    assert (fold == later).mean() > 0.98


def test_temperature_makes_too_sure_a_head_modest() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 3_000)
    honest = random.normal(size=(3_000, 3)).astype(np.float32) * 2
    chance = softmax.probabilities(honest)
    truth = np.array([random.choice(3, p=row / row.sum()) for row in chance])
    assert softmax.temperature(honest * 4, truth) == pytest.approx(4, rel=0.15)


def test_probabilities_come_true_on_new_texts() -> None:
    vectors, truth = clusters(900, noise=1.6)
    texts, labels = [""] * 600, [f"label {index}" for index in truth]
    model = IntentModel.learn(texts, labels[:600], [vectors[:600]])
    readings = model.read([""] * 300, [vectors[600:]])
    right = np.mean([one.ranking[0][0] == label for one, label in zip(readings, labels[600:], strict=True)])
    claimed = np.mean([one.ranking[0][1] for one in readings])
    assert claimed == pytest.approx(right, abs=0.06)


def test_an_intent_with_one_example_is_learnt_all_the_same() -> None:
    texts = ["hello", "hi", "hey", "bye", "see you", "cancel"]
    model = IntentModel.learn(texts, ["greet"] * 3 + ["goodbye"] * 2 + ["cancel"])
    assert model.read(["cancel"])[0].ranking[0][0] == "cancel"


def test_more_texts_than_landmarks_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softmax, "LANDMARKS", 20)
    vectors, truth = clusters(400)
    model = IntentModel.learn([""] * 400, [str(index) for index in truth], [vectors])
    readings = model.read([""] * 400, [vectors])
    assert (
        np.mean([one.ranking[0][0] == str(label) for one, label in zip(readings, truth, strict=True)]) > 0.9
    )


def test_a_score_is_the_share_of_own_texts_that_look_worse() -> None:
    random = np.random.default_rng(1)
    certainty, nearness = (
        random.normal(size=2_000).astype(np.float32),
        random.normal(size=2_000).astype(np.float32),
    )
    scope = Scope.learn([certainty, nearness])
    scores = scope.scores([certainty, nearness])
    assert (scores < 0.05).mean() == pytest.approx(0.05, abs=0.01)
    lowest, highest = scope.scores([np.array([-9.0, 9.0], np.float32)] * 2)
    assert (lowest, highest) == (0, 1)


def test_the_nearest_texts_vote_and_the_nearer_the_louder() -> None:
    points = np.array([[1, 0], [1, 0.1], [0, 1]], np.float32)
    votes, nearness = Neighbours.of(points, np.array([0, 0, 1])).ask(
        np.array([[2, 0], [0, 3]], np.float32), 2
    )
    assert votes.argmax(axis=1).tolist() == [0, 1]
    assert votes.sum(axis=1) == pytest.approx(1)
    assert nearness[0] > nearness[1]


def test_a_text_without_one_of_its_vectors_is_as_long_as_the_others() -> None:
    one, two = clusters(30)[0], clusters(30)[0][:, :5].copy()
    two[:10] = 0
    views = Views.learn([one, two])
    assert np.linalg.norm(views.points([one, two]), axis=1) == pytest.approx(np.sqrt(2), abs=1e-4)
    assert not views.points([np.zeros_like(one), np.zeros_like(two)]).any()


def test_a_missing_vector_costs_certainty_and_not_the_reading() -> None:
    vectors, truth = clusters(300)
    labels = [str(index) for index in truth]
    model = IntentModel.learn([""] * 300, labels, [vectors, vectors[:, ::-1]])
    readings = model.read([""] * 300, [vectors, np.zeros_like(vectors)])
    right = [one.ranking[0][0] == label for one, label in zip(readings, labels, strict=True)]
    assert np.mean(right) > 0.9


def test_foreign_texts_are_learnt_from_and_never_a_reading() -> None:
    vectors, truth = clusters(400, labels=5)
    labels = [FOREIGN if index == 4 else str(index) for index in truth]
    model = IntentModel.learn([""] * 400, labels, [vectors], costs=Costs())
    readings = model.read([""] * 400, [vectors])
    assert {name for one in readings for name, _ in one.ranking} == {"0", "1", "2", "3"}
    doubted = np.array([one.in_scope < one.limits.in_scope or one.ranking[0][1] < one.limits.confidence
                        for one in readings])  # fmt: skip
    assert doubted[truth == 4].mean() > 0.8
    assert doubted[truth != 4].mean() < 0.1


def test_a_group_with_texts_enough_has_a_temperature_of_its_own() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 600)
    logits = np.eye(3, dtype=np.float32)[truth] + random.normal(0, 0.4, (600, 3)).astype(np.float32)
    groups = ["hi"] * 200 + ["en"] * 399 + ["el"]
    logits[:200] *= 5
    scales = softmax.temperatures(logits, truth, groups)
    assert scales.keys() == {"", "hi", "en"}
    assert scales["hi"] > 2 * scales["en"]
