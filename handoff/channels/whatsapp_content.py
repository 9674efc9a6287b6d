"""What a message of WhatsApp holds: words or a choice, a file, a place. ``{type, <type>: {…}}``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handoff.channels import loose
from handoff.channels.messenger_files import at
from handoff.conversations.inbound import IncomingFile, Location
from handoff.errors import Invalid

FILES = {"image": "image", "sticker": "image", "audio": "audio", "video": "video", "document": "file"}


@dataclass(frozen=True, slots=True)
class Said:
    """With a ``payload``, ``text`` is what the customer saw on the button."""

    text: str = ""
    payload: str = ""
    files: tuple[IncomingFile, ...] = ()
    location: Location | None = None

    @property
    def empty(self) -> bool:
        return not (self.text or self.payload or self.files or self.location)


def content(message: dict[str, Any], kind: str) -> Said:
    """What ``message[kind]`` says; empty if it is not as documented."""
    held = message.get(kind)
    if kind in FILES:
        return file(loose.mapping(held), FILES[kind])
    return READERS[kind](held) if kind in READERS else Said()


def file(held: dict[str, Any], kind: str) -> Said:
    """Media are fetched by their id. Without one the platform did not get them."""
    found = IncomingFile(
        kind,
        loose.ident(held.get("id")) or None,
        name=loose.string(held.get("filename"))[:200],
        media_type=loose.string(held.get("mime_type")).partition(";")[0][:80],
        size=max(0, loose.whole(held.get("file_size")) or 0) % 2**40,
    )
    return Said(text=loose.string(held.get("caption")), files=(found,))


def text(held: Any) -> Said:
    return Said(loose.string(loose.mapping(held).get("body")))


def button(held: Any) -> Said:
    """The quick reply below a template."""
    known = loose.mapping(held)
    return Said(loose.string(known.get("text")), loose.string(known.get("payload")))


def interactive(held: Any) -> Said:
    """A tapped button, a chosen row, or a filled-in form."""
    for kind in ("button_reply", "list_reply"):
        reply = loose.within(held, kind)
        if reply:
            return Said(loose.string(reply.get("title")), loose.string(reply.get("id")))
    form = loose.within(held, "nfm_reply")
    return Said("\n".join(answers(form.get("response_json"))) or loose.string(form.get("body")))


def answers(given: Any) -> list[str]:
    """The fields of a form, a line each; it comes as JSON within a text."""
    try:
        fields = loose.load(given.encode("utf-8", "replace")) if isinstance(given, str) else given
    except Invalid:
        return [given]
    return [
        f"{name}: {value}"
        for name, value in loose.mapping(fields).items()
        if name != "flow_token" and isinstance(value, str | int | float)
    ]


def location(held: Any) -> Said:
    known = loose.mapping(held)
    called = ", ".join(filter(None, (loose.string(known.get("name")), loose.string(known.get("address")))))
    found = at(known.get("latitude"), known.get("longitude"), called)
    return Said(text="" if found else called, location=found)


def contacts(held: Any) -> Said:
    """Cards of people, a line each: the name, then numbers and addresses."""
    lines = []
    for card in loose.mappings(held):
        ways = [loose.string(phone.get("phone")) for phone in loose.mappings(card.get("phones"))]
        ways += [loose.string(mail.get("email")) for mail in loose.mappings(card.get("emails"))]
        name = loose.string(loose.within(card, "name").get("formatted_name"))
        lines.append(": ".join(filter(None, (name, ", ".join(filter(None, ways))))))
    return Said("\n".join(filter(None, lines)))


def order(held: Any) -> Said:
    """A cart: its note, then a line for each product."""
    known = loose.mapping(held)
    lines = [loose.string(known.get("text"))]
    for item in loose.mappings(known.get("product_items")):
        product, currency = loose.ident(item.get("product_retailer_id")), loose.string(item.get("currency"))
        count, price = loose.whole(item.get("quantity")) or 1, loose.real(item.get("item_price"))
        cost = f" ({price:.2f} {currency})".replace(" )", ")") if price is not None else ""
        lines.append(f"{count} × {product}{cost}" if product else "")
    return Said("\n".join(filter(None, lines)))


READERS: dict[str, Callable[[Any], Said]] = {
    "text": text,
    "button": button,
    "interactive": interactive,
    "location": location,
    "contacts": contacts,
    "order": order,
}
