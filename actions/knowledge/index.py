"""One language's articles, found by their words (BM25) and, with vectors, by their meaning.

A text is compared with each passage (once with its title, once the headings alone) and with each of the
customers' questions in the articles. An article is as near as its nearest passage and its nearest question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from actions.knowledge.articles import Article, Passage
from actions.knowledge.words import terms

Floats = NDArray[np.float32]
#: The weight of words beside meaning: cosines differ by hundredths. Found with tests/bench/knowledge.py.
WORDS = 0.1
NOWHERE = -1.0  # what an article without a question, or with its question left out, has in its place


class Found(NamedTuple):
    """An article and the passage of it that fits, with what its certainty is told from."""

    article: Article
    passage: Passage
    near: float  # the fused score
    ahead: float  # by how much it leads before the best other article; negative for all but the first


class Scores(NamedTuple):
    """Of one text: by passage and by question."""

    passages: Floats  # fused
    questions: Floats  # fused


def texts(articles: Sequence[Article]) -> list[str]:
    """What an index needs the vectors of: passages whole, their headings, the questions."""
    passages = [(article, passage) for article in articles for passage in article.passages]
    return [
        *(f"{article.title}. {passage.title}. {passage.plain}" for article, passage in passages),
        *(f"{article.title}. {passage.title}" for article, passage in passages),
        *(question for article in articles for question in article.questions),
    ]


class Index:
    """``vectors``: those of :func:`texts`; without them words alone decide. ``weight``: of words beside."""

    def __init__(
        self, articles: Sequence[Article], vectors: Floats | None = None, weight: float = WORDS
    ) -> None:
        self._weight = weight
        self.articles = list(articles)
        self._passages = [(at, p) for at, article in enumerate(self.articles) for p in article.passages]
        self.questions = [(at, q) for at, article in enumerate(self.articles) for q in article.questions]
        self._of_passage = np.array([at for at, _ in self._passages], np.int64)
        self._of_question = np.array([at for at, _ in self.questions], np.int64)
        whole = texts(self.articles)
        count = len(self._passages)
        self._in_passages = Words(whole[:count])
        self._in_questions = Words(whole[2 * count :])
        self.by_meaning = vectors is not None
        if vectors is not None:
            if len(vectors) != len(whole):
                raise ValueError(f"{len(whole)} vectors are needed, not {len(vectors)}")
            self._full, self._heads, self._asked = np.split(vectors, [count, 2 * count])
            self._even = self._evened()

    def find(self, text: str, vector: Floats | None = None, most: int = 5) -> list[Found]:
        """The best articles, nearest first, each with its best passage; none for a text without words."""
        if not self.articles or not terms(text):
            return []
        return self.rank(self.score(text, vector), most)

    def score(self, text: str, vector: Floats | None = None) -> Scores:
        words, asked = self._in_passages.score(text), self._in_questions.score(text)
        if vector is None or not self.by_meaning:
            return Scores(words, asked)
        meaning = (self._full @ vector + self._heads @ vector) / 2 + self._even[self._of_passage]
        asked_alike = self._asked @ vector + self._even[self._of_question]
        return Scores(meaning + self._weight * words, asked_alike + self._weight * asked)

    def rank(
        self, scores: Scores, most: int, without: int | None = None, absent: int | None = None
    ) -> list[Found]:
        """The best articles by ``scores``, as if a question or an article (by number) were not there."""
        questions = scores.questions
        if without is not None:
            questions = questions.copy()
            questions[without] = NOWHERE
        count = len(self.articles)
        near = _best(scores.passages, self._of_passage, count) + _best(questions, self._of_question, count)
        if absent is not None:
            near[absent] = 2 * NOWHERE
        order = np.argsort(-near)
        return [self._found(int(at), near, scores) for at in order[:most]]

    def _evened(self) -> Floats:
        """By article: what it gains because it stands in for one in the asker's language, whose questions the
        encoder finds alike for the language alone."""
        even = np.zeros(len(self.articles), np.float32)
        tongues = [article.language for article in self.articles]
        own = max(tongues, key=tongues.count, default="")
        askers = np.array([tongues[at] == own for at in self._of_question], bool)
        if not askers.any():
            return even
        alike = self._asked[askers].mean(axis=0) @ self._full.T
        of = np.array(tongues)[self._of_passage]
        for tongue in set(tongues) - {own}:
            gain = alike[of == own].mean() - alike[of == tongue].mean()
            even[np.array(tongues) == tongue] = gain
        return even

    def _found(self, at: int, near: Floats, scores: Scores) -> Found:
        own = np.flatnonzero(self._of_passage == at)
        best = own[np.argmax(scores.passages[own])]
        others = np.delete(near, at)
        ahead = float(near[at] - others.max(initial=2 * NOWHERE))
        return Found(self.articles[at], self._passages[best][1], float(near[at]), ahead)


class Words:
    """BM25 over a few texts, as the share (0..1) of what the text asked could score at most."""

    def __init__(self, texts: Sequence[str]) -> None:
        documents = [terms(text) for text in texts]
        counts = Counter(term for document in documents for term in set(document))
        size = len(documents)
        self._idf = {term: float(np.log1p((size - n + 0.5) / (n + 0.5))) for term, n in counts.items()}
        self._rarest = float(np.log1p((size + 0.5) / 0.5))
        self._size = size
        self._bm25 = BM25(method="lucene") if counts else None
        if self._bm25 is not None:
            self._bm25.index(documents, show_progress=False)

    def score(self, text: str) -> Floats:
        asked = terms(text)
        known = [term for term in asked if term in self._idf]
        if not known or self._bm25 is None:
            return np.zeros(self._size, np.float32)
        most = sum(self._idf.get(term, self._rarest) for term in asked)
        share: Floats = np.asarray(self._bm25.get_scores(known) / most, np.float32)
        return share


def _best(scores: Floats, owner: NDArray[np.int64], count: int) -> Floats:
    best = np.full(count, NOWHERE, np.float32)
    np.maximum.at(best, owner, scores)
    return best
