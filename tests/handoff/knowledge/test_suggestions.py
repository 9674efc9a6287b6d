"""What the desk suggests to say."""

from __future__ import annotations

from handoff.agents import canned
from tests.handoff.desk.test_api import away, code, queued, talk
from tests.support.gateway import Gateway


async def test_the_customers_last_words_bring_passages_and_like_replies(running: Gateway) -> None:
    ready = {"en": {"refund": "Your return is free.", "hello": "Hello there!", "bye": "Goodbye, have a day."}}
    async with running.database.write() as session:
        await canned.seed(session, ready)
    visitor = await queued(running, "hello", "is a return free")
    maria = await away(running)
    answer = await maria.get(f"conversations/{visitor.conversation_id}/suggestions")
    titles = [(one["kind"], one["title"]) for one in answer["suggestions"]]
    assert (titles[0], titles[-1]) == (("article", "What it costs"), ("canned", "/refund"))
    first = answer["suggestions"][0]
    assert (first["text"], first["url"]) == (
        "A return is free. See refunds.",
        "https://chat.example/help/en/returns#s1",
    )


async def test_a_talk_without_words_of_the_customer_brings_none(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    maria = await away(running)
    answer = await maria.get(f"conversations/{visitor.conversation_id}/suggestions")
    assert answer == {"number": 0, "suggestions": []}


async def test_only_those_who_may_see_the_talk_are_told(running: Gateway) -> None:
    visitor = await queued(running, "is a return free")
    maria, nikos = await away(running, "Maria"), await away(running, "Nikos")
    await maria.act(visitor.conversation_id, "claim")
    answer = await nikos.http.get(f"/api/desk/conversations/{visitor.conversation_id}/suggestions")
    assert code(answer)[0] in (403, 404)
    nobody = await talk(running, "hello")
    maria.http.cookies.clear()
    answer = await maria.http.get(f"/api/desk/conversations/{nobody.conversation_id}/suggestions")
    assert code(answer)[0] == 401
