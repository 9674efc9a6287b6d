"""Calls about a phone number and its business account: sending, read marks, media, templates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handoff.simulators import graph_objects
from handoff.simulators import whatsapp_rules as rules
from handoff.simulators.accounts import Account, Template
from handoff.simulators.asked import Asked
from handoff.simulators.refusals import graph, unknown_object
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import NotFetched, Transfer
from handoff.simulators.whatsapp_events import WhatsAppEvents
from handoff.simulators.world import Content, File, Said, Shown, Thread

Answer = dict[str, Any]
SIZES = {"image": 5, "audio": 16, "video": 16, "document": 100, "sticker": 1}  # MB
TYPING_LASTS = 25.0  # seconds


class WhatsAppApi:
    def __init__(self, simulator: Simulator, transfer: Transfer) -> None:
        self._simulator, self._transfer = simulator, transfer

    async def answer(self, account: Account, name: str, edge: str, asked: Asked) -> Answer:
        files = self._simulator.files
        if name == account.id:
            if (asked.method, edge) == ("POST", "messages"):
                return await self._messages(account, asked)
            if (asked.method, edge) == ("POST", "media"):
                return self._upload(asked)
            if (asked.method, edge) == ("GET", ""):
                return graph_objects.about(account)
            if (asked.method, edge) == ("POST", "register"):
                return {"success": True}
        if name == account.waba_id:
            if edge == "message_templates":
                return self._templates(account, asked)
            if (asked.method, edge) == ("GET", "phone_numbers"):
                return {"data": [graph_objects.about(account)]}
            if (asked.method, edge) == ("GET", ""):
                return {"id": account.waba_id, "name": account.name, "timezone_id": "1"}
        file = files.get(name)
        if file is None or edge:
            raise unknown_object(name)
        if asked.method == "DELETE":
            return {"success": files.drop(name)}
        url = f"{self._simulator.api_url}/_media/{files.link(name)}"
        told = {"url": url, "mime_type": file.media_type, "sha256": file.digest, "file_size": len(file.data)}
        return {"messaging_product": "whatsapp", **told, "id": file.id}

    # -- messages

    async def _messages(self, account: Account, asked: Asked) -> Answer:
        body = asked.given
        if body.get("status") == "read":
            return self._read(account, body)
        contact, content = rules.read(body, account)
        thread = account.thread(contact) or Thread(contact, "", "en")
        self._not_too_fast(account, thread)
        failure = self._failure(account, thread, content)
        kind = body.get("type")
        if kind in rules.MEDIA and not failure:
            content.file, failure = await self._media(str(kind), body[kind])
        ref = body.get("biz_opaque_callback_data")
        context = (body.get("context") or {}).get("message_id")
        if failure:
            mid = self._fail(account, thread, content, failure, ref, body)
        else:
            shown = self._simulator.show(account, thread, content, ref=ref, reply_to=context, raw=body)
            mid = shown.id
        contacts = [{"input": str(body["to"]), "wa_id": contact}]
        return {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": mid}]}

    def _failure(self, account: Account, thread: Thread, content: Content) -> int:
        """What a number hears by webhook after the call was taken: 131026 (nobody there, or we are
        blocked), 131047 (the 24 hours are over)."""
        if account.thread(thread.contact) is None or thread.blocked:
            return 131026
        if content.template is None and not thread.wrote_within(rules.DAY, self._simulator.clock.now()):
            return 131047
        return 0

    def _fail(
        self, account: Account, thread: Thread, content: Content, code: int, ref: Any, body: dict[str, Any]
    ) -> str:
        simulator = self._simulator
        now = simulator.moment(thread)
        mid = simulator.next_id(account, thread)
        failed = Shown(0, mid, now, content, ref=ref, state="failed", raw=body)
        telling = simulator.tellings["whatsapp"]
        assert isinstance(telling, WhatsAppEvents)
        simulator.tell(account, telling.failed(account, thread, failed, code))
        return mid

    def _not_too_fast(self, account: Account, thread: Thread) -> None:
        wait, pair = self._simulator.throttle(account, thread)
        if wait:
            raise too_fast(wait, pair)

    async def _media(self, kind: str, given: dict[str, Any]) -> tuple[File | None, int]:
        if given.get("id"):
            file = self._simulator.files.get(str(given["id"]))
            if file is None:
                raise rules.wrong(f"Media ID {given['id']} is not valid")
        else:
            try:
                file = await self._transfer.fetch(str(given["link"]))
            except NotFetched:
                return None, 131053
        if len(file.data) > SIZES[kind] * 1024 * 1024:
            return None, 131053
        named = str(given.get("filename") or file.name)
        return replace(file, kind="file" if kind == "document" else kind, name=named), 0

    def _read(self, account: Account, body: dict[str, Any]) -> Answer:
        """Marks the message and all before it; may show that somebody types."""
        mid, now = str(body.get("message_id") or ""), self._simulator.clock.now()
        for thread in account.threads.values():
            if isinstance(thread.find(mid), Said):
                for said in thread.said:
                    said.read_at = said.read_at or now
                    if said.id == mid:
                        break
                thread.signals.append(("read", now))
                if body.get("typing_indicator"):
                    thread.signals.append(("typing", now))
                    thread.typing_until = now + TYPING_LASTS
                self._simulator.touch()
                return {"success": True}
        raise graph("(#100) Invalid parameter", 100, details="Message ID is not valid")

    # -- media and templates

    def _upload(self, asked: Asked) -> Answer:
        upload = asked.uploads.get("file")
        if asked.given.get("messaging_product") != "whatsapp" or upload is None:
            raise graph("(#100) The parameters messaging_product and file are required.", 100)
        kind = str(asked.given.get("type") or upload.media_type)
        kept = self._simulator.files.keep(upload.data, upload.name, kind, self._simulator.api_url)
        return {"id": kept.id}

    def _templates(self, account: Account, asked: Asked) -> Answer:
        given = asked.given
        if asked.method == "GET":
            found = [
                template.listed()
                for template in account.templates
                if given.get("status") in (None, template.status)
                and given.get("name") in (None, template.name)
            ]
            limit = int(given.get("limit") or 25)
            start = int(given.get("after") or 0)
            paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + limit)}}
            if start + limit < len(found):
                here = f"{self._simulator.api_url}/{account.waba_id}/message_templates"
                paging["next"] = f"{here}?limit={limit}&after={start + limit}"
            return {"data": found[start : start + limit], "paging": paging}
        if asked.method == "DELETE":
            account.templates = [t for t in account.templates if t.name != given.get("name")]
            return {"success": True}
        texts = [c.get("text", "") for c in given.get("components") or [] if c.get("type") == "BODY"]
        if not given.get("name") or not texts:
            raise graph("(#100) Invalid parameter", 100, details="name and a BODY component are required")
        template = Template(
            given["name"],
            str(given.get("language") or "en"),
            texts[0],
            str(given.get("category") or "UTILITY"),
            "PENDING",
            self._simulator.ids.digits(16, "9"),
        )
        account.templates.append(template)
        self._simulator.touch()
        return {"id": template.id, "status": "PENDING", "category": template.category}


def too_fast(wait: float, pair: bool = False) -> Exception:
    if pair:
        details = "Too many messages sent from this phone number to the same phone number in a short time."
        return graph(
            "(#131056) (Business Account, Consumer Account) pair rate limit hit",
            131056,
            status=429,
            details=details,
            retry_after=wait,
        )
    return graph(
        "(#130429) Rate limit hit",
        130429,
        status=429,
        details="Message failed to send because there were too many messages sent from this phone number "
        "in a short period of time",
        retry_after=wait,
    )
