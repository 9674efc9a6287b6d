"""Somebody else has the talk: a person with another tool of the platform, another application."""

from __future__ import annotations

from handoff.conversations import events, hygiene
from handoff.conversations.context import Context
from handoff.conversations.inbound import Control, Echo, Inbound
from handoff.conversations.intake import store, thread_of
from handoff.conversations.views import InboxView
from handoff.errors import Invalid


async def answered(context: Context, inbox: InboxView, echo: Echo) -> None:
    """A person has answered elsewhere: their words belong to the talk, and the bot is silent."""
    who = Inbound(contact=hygiene.clean_id(echo.contact, "contact"))
    try:
        text = hygiene.clean_text(echo.text)
    except Invalid:
        text = ""
    external_id = hygiene.clean_id(echo.external_id, "id")
    async with context.database.write() as session:
        thread = await thread_of(context, session, inbox, who)
        said = thread.draft("agent", text, rich={"elsewhere": True})
        if not await store(thread, said, external_id, aside=True):
            return
        thread.keep(said)
        if echo.files:
            entries = await context.files.take(session, thread.row.id, said.id, inbox.id, echo.files)
            await thread.enrich(said, files=entries)
        await thread.step(events.AnsweredElsewhere())
        await thread.close()


async def moved(context: Context, inbox: InboxView, control: Control) -> None:
    """The platform gave the thread to us, or to somebody else."""
    async with context.database.write() as session:
        thread = await thread_of(context, session, inbox, Inbound(contact=control.contact))
        await thread.step(events.Returned() if control.ours else events.AnsweredElsewhere())
        await thread.close()
