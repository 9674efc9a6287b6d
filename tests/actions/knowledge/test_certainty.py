from __future__ import annotations

import numpy as np
import pytest

from actions.knowledge.articles import Passage
from actions.knowledge.certainty import Certainty, Examples, examples, threshold
from actions.knowledge.index import Found, Index
from tests.actions.knowledge.articles import english


def found(near: float, ahead: float) -> Found:
    return Found(english()[0], Passage(0, "", ""), near, ahead)


def test_what_is_nearer_and_leads_by_more_is_surer() -> None:
    chance = np.random.default_rng(1)
    rows = np.vstack([chance.normal((2, 0.5), 0.3, (60, 2)), chance.normal((1, 0.1), 0.3, (60, 2))])
    right = np.arange(120) < 60
    fitted = Certainty.fit(Examples(rows, right, np.ones(120)))
    assert fitted.of(found(2.2, 0.6)) > 0.9
    assert fitted.of(found(0.8, 0.0)) < 0.1
    assert fitted.of(found(1.5, 0.4)) > fitted.of(found(1.5, 0.1)) > fitted.of(found(1.2, 0.1))


def test_probabilities_mean_what_they_say() -> None:
    chance = np.random.default_rng(2)
    rows = chance.normal(0, 1, (4000, 2))
    right = chance.random(4000) < 1 / (1 + np.exp(-(0.5 * rows[:, 0] + 1.5 * rows[:, 1])))
    fitted = Certainty.fit(Examples(rows, right, np.ones(4000)))
    told = np.array([fitted.of(found(float(near), float(ahead))) for near, ahead in rows])
    for low in (0.1, 0.3, 0.5, 0.7):
        inside = (told >= low) & (told < low + 0.2)
        assert right[inside].mean() == pytest.approx(told[inside].mean(), abs=0.06)


def test_few_examples_do_not_make_a_certainty() -> None:
    rows = np.array([[1.0, 0.2], [1.1, 0.3], [0.9, 0.1]])
    fitted = Certainty.fit(Examples(rows, np.array([True] * 3), np.ones(3)))
    assert fitted.of(found(1.0, 0.2)) < 0.9


def test_without_examples_there_is_still_an_answer() -> None:
    assert 0 < Certainty.fit(examples(Index([]), None)).of(found(1.0, 1.0)) < 1


def test_examples_are_the_questions_left_out_their_articles_left_out_and_foreign_sentences() -> None:
    seen = examples(Index(english()), None, ["who won the match", "?"])
    assert len(seen.rows) == 4 + 4 + 1  # a text without a word finds nothing
    assert not seen.right[1:8:2].any()
    assert not seen.right[8]


def test_a_dearer_mistake_asks_for_more_certainty() -> None:
    assert threshold((1, 1)) == 0.5
    assert threshold((1, 4)) < threshold((1, 1)) < threshold((4, 1))
