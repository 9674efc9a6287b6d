"""Calls about a page or an Instagram account: sending, files, who controls a thread, people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from handoff.simulators import graph_objects
from handoff.simulators import page_rules as rules
from handoff.simulators.accounts import PAGE_INBOX, Account
from handoff.simulators.asked import Asked
from handoff.simulators.page_events import PageEvents
from handoff.simulators.refusals import graph, invalid
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import NotFetched, Transfer
from handoff.simulators.world import Content, File, Thread

Answer = dict[str, Any]
SIZES = {"image": 8, "video": 25, "audio": 25, "file": 25}  # MB
TYPING_LASTS = 20.0  # seconds


class PageApi:
    def __init__(self, simulator: Simulator, transfer: Transfer) -> None:
        self._simulator, self._transfer = simulator, transfer

    async def send(self, account: Account, asked: Asked) -> Answer:
        body, now = asked.given, self._simulator.clock.now()
        contact = rules.recipient(body)
        thread = rules.reachable(account.thread(contact), account.app_id)
        if body.get("sender_action") and not body.get("message"):
            return self._signal(thread, body["sender_action"], now)
        content = rules.content(body, account.platform)
        tag = rules.in_window(thread, body, now, account.platform)
        self._not_too_fast(account, thread)
        if file := rules.attached(body):
            content.file = await self._file(account, *file)
        shown = self._simulator.show(
            account,
            thread,
            content,
            ref=body["message"].get("metadata"),
            tag=tag,
            reply_to=(body.get("reply_to") or {}).get("mid"),
            raw=body,
        )
        return {"recipient_id": contact, "message_id": shown.id}

    def _signal(self, thread: Thread, action: Any, now: float) -> Answer:
        if action not in rules.ACTIONS:
            raise invalid(f"Param sender_action must be one of {{{', '.join(rules.ACTIONS)}}}")
        if action == "mark_seen":
            thread.signals.append(("read", now))
            for said in thread.said:
                said.read_at = said.read_at or now
        elif action == "typing_on":
            thread.signals.append(("typing", now))
            thread.typing_until = now + TYPING_LASTS
        else:
            thread.typing_until = 0.0
        self._simulator.touch()
        return {"recipient_id": thread.contact}

    def _not_too_fast(self, account: Account, thread: Thread) -> None:
        wait, _ = self._simulator.throttle(account, thread)
        if wait:
            raise too_fast(account, wait)

    async def _file(self, account: Account, kind: str, where: str) -> File:
        if where.startswith("id:"):
            kept = self._simulator.files.get(where[3:])
            if kept is None:
                raise invalid("The attachment id is not valid", 2018074)
            return kept
        try:
            file = await self._transfer.fetch(where)
        except NotFetched as why:
            raise invalid(f"Failed to fetch the file from the url: {why}", 2018008) from why
        if kind == "file" and account.platform == "instagram" and file.media_type != "application/pdf":
            raise invalid("The attachment's type is not supported", 2018109)
        if len(file.data) > SIZES[kind] * 1024 * 1024:
            raise invalid("Attachment size exceeds allowable limit", 2018047)
        return replace(file, kind=kind)

    async def upload(self, account: Account, asked: Asked) -> Answer:
        attached = rules.attached(asked.given)
        if attached is None:
            raise invalid("The parameter message[attachment] is required")
        return {"attachment_id": (await self._file(account, *attached)).id}

    # -- who may write

    async def pass_control(self, account: Account, asked: Asked) -> Answer:
        thread = self._thread(account, asked)
        target = str(asked.given.get("target_app_id") or PAGE_INBOX[account.platform])
        if thread.owner not in ("", account.app_id):
            raise graph("(#10) Only the owner of the thread can pass it", 10, status=403, subcode=2018300)
        self._control(account, thread, "pass_thread_control", target, asked)
        return {"success": True}

    async def take_control(self, account: Account, asked: Asked) -> Answer:
        thread = self._thread(account, asked)
        self._control(account, thread, "take_thread_control", account.app_id, asked)
        return {"success": True}

    async def request_control(self, account: Account, asked: Asked) -> Answer:
        self._thread(account, asked)
        return {"success": True}

    def _control(self, account: Account, thread: Thread, what: str, new: str, asked: Asked) -> None:
        before, thread.owner = thread.owner or account.app_id, new
        telling = self._simulator.tellings[account.platform]
        assert isinstance(telling, PageEvents)
        metadata = str(asked.given.get("metadata") or "")
        now = self._simulator.moment(thread)
        self._simulator.tell(account, telling.controlled(account, thread, what, before, new, metadata, now))

    async def owner(self, account: Account, asked: Asked) -> Answer:
        thread = account.thread(str(asked.given.get("recipient")))
        if thread is None:
            raise graph("(#100) No matching user found", 100, subcode=2018001)
        return {"data": [{"thread_owner": {"app_id": thread.owner or account.app_id}}]}

    @staticmethod
    def _thread(account: Account, asked: Asked) -> Thread:
        thread = account.thread(rules.recipient(asked.given))
        if thread is None:
            raise graph("(#100) No matching user found", 100, subcode=2018001)
        return thread

    # -- looked up

    async def about(self, account: Account, asked: Asked) -> Answer:
        return graph_objects.about(account, asked.path.rstrip("/").rpartition("/")[2])

    async def profile(self, account: Account, asked: Asked) -> Answer:
        return {"data": []}

    async def profile_set(self, account: Account, asked: Asked) -> Answer:
        return {"result": "success"}

    @staticmethod
    def person(thread: Thread) -> Callable[[Account, Asked], Awaitable[Answer]]:
        """The profile of somebody who has written."""

        async def told(account: Account, asked: Asked) -> Answer:
            first, _, last = thread.name.partition(" ")
            if account.platform == "instagram":
                return {"name": thread.name, "username": first.lower(), "id": thread.contact}
            return {"first_name": first, "last_name": last, "name": thread.name, "id": thread.contact}

        return told


def too_fast(account: Account, wait: float) -> Exception:
    """613, with the usage header that names the minutes until calls are taken again."""
    usage = (
        f'{{"{account.id}":[{{"type":"{account.platform}","call_count":100,"total_cputime":25,"total_time":25,'
        f'"estimated_time_to_regain_access":{1 if wait > 30 else 0}}}]}}'
    )
    return graph(
        "(#613) Calls to this api have exceeded the rate limit.",
        613,
        retry_after=wait,
        usage={"X-Business-Use-Case-Usage": usage},
    )


__all__ = ["Content", "PageApi", "too_fast"]
