"""The desk's pure modules, run in the browser: threads by number, lists by view, words filled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser, Page

from tests.browser.desk_visit import at_the_desk
from tests.browser.fake_desk import FakeDesk

pytestmark = pytest.mark.asyncio(loop_scope="session")
in_the_browser = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

ME = {"id": "me", "name": "Meera", "role": "agent"}


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, desk: FakeDesk) -> AsyncIterator[Page]:
    async with at_the_desk(browser, desk, signed_in=False) as visit:
        await visit.go()
        yield visit.page


async def run(page: Page, module: str, body: str, given: Any = None) -> Any:
    """The value of ``body``, which sees the module as ``m`` and the argument as ``given``."""
    return await page.evaluate(
        f"async (given) => {{ const m = await import('/desk/{module}'); {body} }}", given
    )


numbers = st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=5), max_size=8)


@in_the_browser
@given(batches=numbers, unsent=st.sets(st.integers(1, 12), max_size=4))
async def test_a_thread_is_always_in_order_without_doubles(
    page: Page, batches: list[list[int]], unsent: set[int]
) -> None:
    body = """
      const message = (number) => ({number, id: `i${number}`, client_id: `c${number}`});
      let thread = m.emptyThread();
      for (const n of given.unsent) thread = m.addPending(thread, {...message(n), number: undefined});
      for (const batch of given.batches) thread = m.merge(thread, batch.map(message));
      return {numbers: thread.messages.map((x) => x.number), pending: thread.pending.map((x) => x.client_id),
              gap: m.gapAfter(thread)};
    """
    found = await run(page, "thread.js", body, {"batches": batches, "unsent": sorted(unsent)})
    known = sorted({number for batch in batches for number in batch})
    assert found["numbers"] == known
    assert found["pending"] == [f"c{number}" for number in sorted(unsent - set(known))]
    holes = [a for a, b in pairwise(known) if b > a + 1]
    assert found["gap"] == (holes[0] if holes else None)


statuses = st.sampled_from(["bot", "queued", "assigned", "snoozed", "resolved"])
rows = st.tuples(statuses, st.sampled_from([None, "me", "other"]))


@in_the_browser
@given(
    start=st.lists(rows, min_size=1, max_size=6),
    changes=st.lists(st.tuples(st.integers(0, 5), rows), max_size=8),
)
async def test_counts_follow_every_change_of_a_known_conversation(
    page: Page, start: list[tuple[str, str | None]], changes: list[tuple[int, tuple[str, str | None]]]
) -> None:
    body = """
      const {reduce, initial} = await import('/desk/store.js');
      const row = (i, [status, agent]) => ({id: `t${i}`, status, agent: agent && {id: agent}});
      const count = (all) => Object.fromEntries(['queue', 'mine', 'bot', 'resolved'].map(
        (view) => [view, all.filter((c) => m.belongs(c, view, given.me)).length]));
      const all = given.start.map((r, i) => row(i, r));
      let state = reduce(initial, {type: 'ready', me: given.me});
      const page = {type: 'page', view: 'queue', conversations: all, counts: count(all), start: true};
      state = reduce(state, page);
      for (const [i, change] of given.changes.filter(([i]) => i < all.length)) {
        state = reduce(state, {type: 'conversation', conversation: row(i, change)});
      }
      return [state.counts, count(Object.values(state.conversations)), state.countsStale];
    """
    told, true, stale = await run(page, "views.js", body, {"start": start, "changes": changes, "me": ME})
    assert told == true
    assert stale is False


async def test_a_list_fetched_anew_drops_what_left_it_unheard(page: Page) -> None:
    body = """
      const row = (id, status) => ({id, status});
      let state = {...m.initial, me: given};
      const page = (conversations) => ({type: 'page', view: 'queue', conversations, counts: {}, start: true});
      state = m.reduce(state, page([row('a', 'queued'), row('b', 'queued')]));
      state = m.reduce(state, {type: 'conversation', conversation: row('c', 'bot')});
      state = m.reduce(state, page([row('b', 'queued')]));
      return Object.keys(state.conversations);
    """
    assert await run(page, "store.js", body, ME) == ["b", "c"]


async def test_canned_replies_keep_what_they_cannot_fill(page: Page) -> None:
    body = "return m.filled('Hello {customer}, {order} {unknown} {', {customer: 'Ada', order: undefined});"
    assert await run(page, "canned.js", body) == "Hello Ada, {order} {unknown} {"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("/", ""),
        ("/he", "he"),
        ("Hi /he", "he"),
        ("a/b", None),
        ("http://x", None),
        ("/two words", None),
        ("", None),
    ],
)
async def test_a_slash_asks_for_a_canned_reply_only_where_a_word_begins(
    page: Page, text: str, word: str | None
) -> None:
    found = await run(page, "canned.js", "return m.asked(given, given.length)?.word ?? null;", text)
    assert found == word


async def test_snooze_offers_times_to_come_and_mondays_that_are_mondays(page: Page) -> None:
    body = """
      return [...Array(7).keys()].map((day) => {
        const now = new Date(2026, 10, 16 + day, 15, 30);
        const choices = Object.fromEntries(m.snoozeChoices(now));
        const {monday} = choices;
        const later = Object.values(choices).every((d) => d > now);
        return [later, monday.getDay(), monday.getHours(), (monday - now) / 86400000 < 8];
      });
    """
    assert await run(page, "moves.js", body) == [[True, 1, 9, True]] * 7


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (65, "1:05"), (3599, "59:59"), (3660, "1 h 1 min"), (90_000, "1 day"), (200_000, "2 days")],
)
async def test_a_wait_is_said_shortly(page: Page, seconds: int, words: str) -> None:
    catalogue = {"time": {"hours": "{h} h {m} min", "days": {"one": "{count} day", "other": "{count} days"}}}
    body = "return m.createTexts(given[0], 'en').waited(given[1]);"
    assert await run(page, "texts.js", body, [catalogue, seconds]) == words


async def test_an_address_that_leads_nowhere_leads_to_the_queue(page: Page) -> None:
    body = "return ['', '#/', '#/nowhere/x', '#/mine/<b>', '#/mine/t-1'].map(m.parseRoute);"
    queue = {"view": "queue", "id": None}
    assert await run(page, "route.js", body) == [queue, queue, queue, queue, {"view": "mine", "id": "t-1"}]


async def test_a_list_that_was_asked_for_earlier_does_not_undo_what_was_told_meanwhile(page: Page) -> None:
    body = """
      const row = (last_number, epoch, text) => ({id: 'a', status: 'bot', epoch, last_number, text});
      const shown = (state, fetched) => m.reduce(state, {
        type: 'page', view: 'bot', conversations: [fetched], counts: {}, more: false, start: true,
      }).conversations.a.text;
      const state = {...m.initial, conversations: {a: row(5, 2, 'told')}};
      return [row(4, 2, 'old'), row(5, 2, 'same'), row(6, 2, 'new'), row(9, 1, 'before'), row(2, 3, 'after')]
        .map((fetched) => shown(state, fetched));
    """
    assert await run(page, "store.js", body) == ["told", "same", "new", "told", "after"]
