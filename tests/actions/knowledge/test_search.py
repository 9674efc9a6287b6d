from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from actions.knowledge.articles import Article
from actions.knowledge.search import PAUSE, Knowledge
from tests.actions.knowledge.articles import both, english
from tests.actions.knowledge.fakes import WordVectors
from tests.support.waiting import until

FOREIGN = {"en": ["who won the match", "it rains"], "el": ["ποιος κέρδισε"], "hi": ["मौसम"]}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def learned(
    tmp_path: Path, source: WordVectors, articles: list[Article] | None = None, clock: Clock | None = None
) -> AsyncIterator[Knowledge]:
    """Knowledge that has its vectors."""
    found = english() if articles is None else articles
    knowledge = Knowledge(found, foreign=FOREIGN, source=source, folder=tmp_path, clock=clock or Clock())

    async def ready() -> bool:
        return knowledge.ready("el")

    task = asyncio.create_task(knowledge.run(["en", "el"]))
    try:
        await until(ready)
        yield knowledge
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_question_is_answered_by_the_section_that_says_it(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors()) as knowledge:
        (answer,) = await knowledge.search("is a return free", "en")
        assert (answer.article.slug, answer.passage.title) == ("returns", "What it costs")
        assert 0.5 <= answer.probability <= 1


async def test_what_no_article_is_about_is_met_with_silence(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors()) as knowledge:
        assert await knowledge.search("who won the match", "en") == []


async def test_a_question_is_answered_in_its_own_language(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors(), both()) as knowledge:
        (best, *_) = await knowledge.search("πώς επιστρέφω ένα φόρεμα", "el", least=0)
        assert (best.language, best.article.title) == ("el", "Επιστροφές")


async def test_what_is_typed_in_latin_letters_is_found_in_the_languages_own(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors(), both()) as knowledge:
        (best, *_) = await knowledge.search("pos epistrefo ena forema", "el", least=0)
        assert best.language == "el"


async def test_where_a_language_lacks_the_article_the_english_one_answers(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors(), both()) as knowledge:
        (best, *_) = await knowledge.search("may I wash wool", "el", least=0)
        assert (best.language, best.article.slug) == ("en", "washing")
        assert [(one.slug, one.language) for one in knowledge.served("el")] == [
            ("returns", "el"),
            ("washing", "en"),
        ]


async def test_a_language_nobody_knows_is_answered_in_english(tmp_path: Path) -> None:
    async with learned(tmp_path, WordVectors()) as knowledge:
        assert (await knowledge.search("is a return free", "tlh"))[0].language == "en"


async def test_before_the_bot_is_there_words_answer(tmp_path: Path) -> None:
    knowledge = Knowledge(english(), foreign=FOREIGN, source=WordVectors(), folder=tmp_path)
    (best, *_) = await knowledge.search("wash wool", "en", least=0)
    assert best.article.slug == "washing"


async def test_a_bot_that_goes_away_is_logged_once_and_asked_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source, clock = WordVectors(), Clock()
    async with learned(tmp_path, source, clock=clock) as knowledge:
        source.away = True
        source.asked.clear()
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                (best, *_) = await knowledge.search("wash wool", "en", least=0)
                assert best.article.slug == "washing"
        assert len(source.asked) == 1
        assert len([one for one in caplog.records if one.name == "actions.knowledge.search"]) == 1
        source.away, clock.now = False, PAUSE
        assert (await knowledge.search("bring back", "en", least=0))[0].article.slug == "returns"


async def test_another_encoder_is_noticed_and_all_is_learned_anew(tmp_path: Path) -> None:
    source = WordVectors()
    async with learned(tmp_path, source) as knowledge:
        source.encoder = "words 2"
        assert (await knowledge.search("wash wool", "en", least=0))[0].article.slug == "washing"
        assert not knowledge.ready("en")


async def test_without_a_source_words_do_all_the_work(tmp_path: Path) -> None:
    knowledge = Knowledge(english(), folder=tmp_path)
    await knowledge.run(["en"])
    assert (await knowledge.search("wash wool", "en", least=0))[0].article.slug == "washing"


async def test_no_articles_answer_nothing(tmp_path: Path) -> None:
    assert await Knowledge([], source=WordVectors(), folder=tmp_path).search("wash wool", "en", least=0) == []


async def test_ready_texts_that_stand_out_are_found(tmp_path: Path) -> None:
    ready = ["Hello, how can I help?", "Your refund is on its way.", "Goodbye and have a nice day."]
    knowledge = Knowledge(english(), source=WordVectors(), folder=tmp_path)
    assert await knowledge.alike("when comes the refund", ready, 2) == [1]
    assert await knowledge.alike("when comes the refund", [], 2) == []


def written(folder: Path, slug: str, title: str, text: str) -> None:
    (folder / "en").mkdir(parents=True, exist_ok=True)
    (folder / "en" / f"{slug}.md").write_text(f"---\ntitle: {title}\n---\n{text}\n", "utf-8")


async def test_an_article_that_is_written_while_it_runs_answers_without_a_new_start(tmp_path: Path) -> None:
    written(tmp_path / "articles", "returns", "Returns", "Send it back within 30 days.")
    knowledge = Knowledge.open(tmp_path / "articles", folder=tmp_path)
    (nearest,) = await knowledge.search("gift wrapping paper", "en", least=0.0)
    assert nearest.article.slug == "returns"
    written(tmp_path / "articles", "gifts", "Gift wrapping", "We wrap gifts in paper.")
    await knowledge.refresh()
    (answer,) = await knowledge.search("gift wrapping paper", "en", least=0.0)
    assert answer.article.slug == "gifts"


async def test_a_file_that_cannot_be_read_leaves_the_articles_as_they_were(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path / "articles", "returns", "Returns", "Send it back within 30 days.")
    knowledge = Knowledge.open(tmp_path / "articles", folder=tmp_path)
    (tmp_path / "articles" / "en" / "gifts.md").write_text("no front matter", "utf-8")
    await knowledge.refresh()
    assert [article.slug for article in knowledge.articles] == ["returns"]
    assert "gifts.md" in caplog.text


async def test_an_article_that_is_gone_answers_no_more(tmp_path: Path) -> None:
    written(tmp_path / "articles", "returns", "Returns", "Send it back within 30 days.")
    knowledge = Knowledge.open(tmp_path / "articles", folder=tmp_path)
    (tmp_path / "articles" / "en" / "returns.md").unlink()
    await knowledge.refresh()
    assert await knowledge.search("send it back", "en", least=0.0) == []
