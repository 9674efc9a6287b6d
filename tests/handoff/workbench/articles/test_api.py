"""Articles by HTTP: read as they stand, written as changes, drafted from what an agent said."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.db import new_id, now
from actions.knowledge.search import Knowledge
from handoff.conversations.models import Contact, Conversation, Handoff, Message
from handoff.workbench.models import Change, Utterance
from tests.support.gateway import Browser, Gateway, gateway

DATA = Path(__file__).parents[4] / "data"
SPOKEN = ("returns", "How to send something back. You have 30 days.")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    for slug, text in (SPOKEN, ("gifts", "We wrap gifts in paper.")):
        file = root / "data" / "knowledge" / "en" / f"{slug}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        questions = "questions:\n  - how long may I send it back\n" if slug == "returns" else ""
        file.write_text(f"---\ntitle: {slug.title()}\ntopics: []\n{questions}---\n{text}\n", "utf-8")
    shutil.copytree(DATA / "nlu" / "en", root / "data" / "nlu" / "en")
    shutil.copy(DATA.parent / "domain.yml", root)
    return root


@pytest.fixture
async def running(database_url: str, workspace: Path, tmp_path: Path) -> AsyncIterator[Gateway]:
    knowledge = Knowledge.open(workspace / "data" / "knowledge", folder=tmp_path)
    async with gateway(database_url, knowledge=knowledge, workspace=workspace) as made:
        yield made


@pytest.fixture
async def asha(running: Gateway) -> Browser:
    return await running.browser(await running.hire("Asha", "trainer"))


async def ask(browser: Browser, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = await browser.http.request(method, f"/api/workbench/articles{path}", json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


async def talked(running: Gateway, *lines: tuple[str, str, str | None]) -> str:
    """A talk with these lines (sender, text, payload), handed over before its first agent's line."""
    inbox = await running.inbox()
    agent = await running.hire("Maria")
    contact, conversation = new_id(), new_id()
    async with running.database.write() as session:
        session.add(Contact(id=contact, inbox_id=inbox.inbox.id, external_id="x", name="Ravi Kumar"))
        await session.flush()
        session.add(
            Conversation(
                id=conversation, contact_id=contact, inbox_id=inbox.inbox.id, language="en",
                last_message_at=now(), last_number=len(lines),
            )
        )  # fmt: skip
        await session.flush()
        before = now() - timedelta(minutes=5)
        session.add(Handoff(conversation_id=conversation, epoch=1, reason="asked", assigned_at=before))
        for number, (sender, text, payload) in enumerate(lines, 1):
            session.add(
                Message(
                    conversation_id=conversation, number=number, sender=sender, text=text, payload=payload,
                    agent_id=agent.id if sender == "agent" else None, contact_id=contact,
                    understanding={"intent": "refund_policy"} if sender == "customer" else None,
                )
            )  # fmt: skip
    return conversation


async def test_only_who_works_there_comes_in(running: Gateway) -> None:
    maria = await running.browser(await running.hire("Maria", "agent"))
    await ask(maria, "GET", "", 403)


async def test_articles_are_listed_with_what_they_lack_and_how_often_they_answered(
    running: Gateway, asha: Browser
) -> None:
    link = "30 days: https://shop.example/help/en/returns#s0"
    await talked(
        running,
        ("customer", "how long? mail me at ravi@corp.example", None),
        ("bot", link, None),
        ("customer", "Thanks", "/thank"),
    )
    told = {one["slug"]: one for one in (await ask(asha, "GET", ""))["articles"]}
    assert told["returns"]["titles"] == {"en": "Returns"}
    assert set(told["returns"]["missing"]) == {"hi", "bn", "fa", "el"}
    assert (told["returns"]["answered"], told["returns"]["helped"]) == (1, 1)
    assert told["gifts"]["answered"] == 0
    one = await ask(asha, "GET", "/returns/en")
    assert one["asked"][0]["outcome"] == "helped"
    assert "ravi" not in one["asked"][0]["text"]


async def test_what_is_written_becomes_a_change_and_the_file_stays_until_it_is_applied(
    running: Gateway, asha: Browser, workspace: Path
) -> None:
    file = workspace / "data" / "knowledge" / "en" / "returns.md"
    before = file.read_text("utf-8")
    one = await ask(asha, "GET", "/returns/en")
    written = one["fields"] | {"text": "Send it within 60 days."}
    saved = await ask(asha, "POST", "", slug="returns", language="en", **written, base=one["base"])
    assert file.read_text("utf-8") == before
    async with running.database.read() as session:
        change = await session.get_one(Change, saved["change"])
    (made,) = change.files
    assert made["path"] == "data/knowledge/en/returns.md"
    assert made["after"] == before.replace("How to send something back. You have 30 days.", written["text"])


async def test_two_who_write_the_same_article_do_not_overwrite_each_other(
    asha: Browser, workspace: Path
) -> None:
    one = await ask(asha, "GET", "/returns/en")
    file = workspace / "data" / "knowledge" / "en" / "returns.md"
    file.write_text(file.read_text("utf-8") + "More.\n", "utf-8")
    body = {"slug": "returns", "language": "en", **one["fields"], "base": one["base"]}
    assert (await ask(asha, "POST", "", 409, **body))["error"]["code"] == "article_moved_on"
    new = body | {"base": None}
    assert (await ask(asha, "POST", "", 409, **new))["error"]["code"] == "article_moved_on"


async def test_a_broken_article_is_not_kept_and_says_why(asha: Browser) -> None:
    body = {"slug": "new", "language": "en", "title": "New", "text": "  "}
    told = (await ask(asha, "POST", "", 422, **body))["error"]
    assert told["code"] == "article_bad"
    assert "has no text" in told["message"]
    assert "has no text" in (await ask(asha, "POST", "/preview", **body))["problem"]


async def test_a_preview_is_harmless_and_tells_which_questions_find_it(asha: Browser) -> None:
    body = {
        "slug": "ironing",
        "language": "en",
        "title": "Ironing",
        "questions": ["are shirts ironed", "how long may I send it back"],
        "text": "Shirts are ironed. <script>alert(1)</script>\n\n## More\n\nSee [Returns](returns.md).",
    }
    shown = await ask(asha, "POST", "/preview", **body)
    assert [part["title"] for part in shown["sections"]] == ["", "More"]
    assert "<script>" not in shown["sections"][0]["html"]
    assert 'href="/help/en/returns"' in shown["sections"][1]["html"]
    assert {one["text"]: one["instead"] for one in shown["questions"]} == {
        "are shirts ironed": None,
        "how long may I send it back": "returns",
    }


async def test_an_agents_answer_becomes_a_draft_with_nothing_personal_in_it(
    running: Gateway, asha: Browser
) -> None:
    conversation = await talked(
        running,
        ("customer", "I am Ravi Kumar, do you iron shirts? ravi@corp.example", None),
        ("agent", "Hi Ravi, all shirts are ironed and packed flat before they leave our house.", None),
    )
    (offered,) = (await ask(asha, "GET", "/answers"))["answers"]
    assert (offered["conversation_id"], offered["number"]) == (conversation, 2)
    draft = await ask(asha, "POST", "/draft", conversation_id=conversation, number=2)
    for text in (offered["question"], offered["answer"], str(draft)):
        assert "ravi" not in text.lower()
    assert draft["fields"]["topics"] == ["refund_policy"]
    shown = await ask(asha, "POST", "/preview", slug=draft["slug"], language="en", **draft["fields"])
    assert shown["problem"] is None
    await ask(asha, "POST", "/draft", 404, conversation_id=conversation, number=1)


async def test_what_was_asked_in_vain_is_listed_by_how_often(running: Gateway, asha: Browser) -> None:
    lost = {"doubtful": True}
    rows = [("do you iron shirts", 3, lost), ("wrap it", 9, lost), ("hello", 50, {})]
    async with running.database.write() as session:
        for text, count, reading in rows:
            session.add(
                Utterance(key=text, text=text, language="en", count=count, reading=reading, score=0.5)
            )
    told = (await ask(asha, "GET", "/unanswered"))["questions"]
    assert [(one["text"], one["count"]) for one in told] == [("wrap it", 9), ("do you iron shirts", 3)]
    assert (await ask(asha, "GET", "/unanswered?language=el"))["questions"] == []


async def test_no_address_leads_out_of_the_folder(asha: Browser) -> None:
    for slug in ("..%2F..%2Fdomain", "..", "a.md"):
        answer = await asha.http.get(f"/api/workbench/articles/{slug}/en")
        assert answer.status_code in {404, 422}
