"""A message as the calls that a channel can make of it. Pure.

What a channel shows, it is given; what it cannot show becomes text: cards as lines, choices as
numbered lines (and :func:`chosen` understands the number that comes back), files, pictures and
places as links. Nothing is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urljoin

from handoff.channels.base import Button, Capabilities, Card, Part, SentFile, Template
from handoff.channels.splitting import Measure, pieces, shortened, utf8, utf16
from handoff.conversations.views import MessageView

BESIDE_BUTTONS = 640  # characters of a text with buttons: Messenger's, the shortest of all platforms
POINTER = "👇"  # above buttons without a text: they need one
PICTURE = re.compile(r"^/media/products/[^/?#]+\.svg$")  # ours; platforms take no SVG, but there is a PNG too
MAP = "https://www.openstreetmap.org/"
NUMBER = re.compile(r"^\W*(\d{1,3})\W*$")


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: ``title`` as on its button, ``full`` where the card is not near."""

    number: int
    title: str
    full: str
    payload: str = ""
    url: str = ""


def plan(message: MessageView, can: Capabilities, base_url: str) -> list[Part]:
    """The calls that bring a message to a channel, in order; at least one.

    ``base_url`` (without a slash at its end) makes our own relative addresses absolute.
    """
    if can.whole:
        return [Part(text=message.text)]
    rich = message.rich
    if can.templates and (template := rich.get("template")):
        variables = tuple(str(value) for value in template.get("variables", ()))
        return [Part(message.text, template=Template(template["name"], template["language"], variables))]
    measure: Measure = utf8 if can.text_bytes else utf16
    files, lines = _files(rich, can, base_url)
    lines = [message.text, *_place(rich), *lines]
    cards, options = _cards(rich, can, base_url)
    if not can.cards:
        lines += [_line(card) for card in rich.get("cards", ())]
    lines += [f"{option.full}: {option.url}" for option in options if option.url]
    options = [option for option in options if not option.url]
    shown = Part(buttons=_buttons(options, can.buttons, can.button_limit))
    if not shown.buttons:
        shown = Part(choices=_buttons(options, can.choices, can.choice_limit))
    if options and not shown.buttons and not shown.choices:
        lines += [f"{option.number}. {option.full}" for option in options]
        options = []
    text = "\n".join(line for line in lines if line.strip())
    if len(files) == 1 and text and not cards and not options and measure(text) <= can.caption_limit:
        return [replace(files[0], text=text)]
    said = [Part(text=piece) for piece in pieces(text, can.text_limit, measure)]
    # A carousel has no buttons of its own kind beside it: what is to choose comes last.
    if not options:
        return [*said, *files, *cards] or [Part(text=POINTER)]
    if files or cards:
        return [*said, *files, *cards, replace(shown, text=POINTER)]
    return _with_buttons(text, shown, can, measure)


def options(rich: Mapping[str, Any]) -> list[Option]:
    """All that a message offers, numbered from 1: its own buttons, then those of its cards."""
    found = [(button, "") for button in rich.get("buttons", ())]
    for card in rich.get("cards", ()):
        found += [(button, str(card.get("title") or "")) for button in card.get("buttons", ())]
    return [_option(number, button, card) for number, (button, card) in enumerate(found, 1)]


def chosen(text: str, rich: Mapping[str, Any]) -> str | None:
    """The payload that a customer's words choose among what ``rich`` offered, by its number or by
    its title, if it is one and only one.

    >>> chosen("1.", {"buttons": [{"title": "No", "payload": "/deny"}]})
    '/deny'
    """
    offered = [option for option in options(rich) if option.payload]
    number = NUMBER.match(text.strip())
    if number:
        # Digits of every script are digits: ২, २ and ۲ are 2.
        found = {option.payload for option in offered if option.number == int(number[1])}
    else:
        said = _plain(text)
        found = {
            option.payload for option in offered if said and said in map(_plain, (option.title, option.full))
        }
    return found.pop() if len(found) == 1 else None


def meant(text: str, rich: Mapping[str, Any], can: Capabilities) -> str | None:
    """:func:`chosen` on a channel: a bare number means a choice only where a numbered list was shown."""
    if NUMBER.match(text.strip()) and not _listed(rich, can):
        return None
    return chosen(text, rich)


def _listed(rich: Mapping[str, Any], can: Capabilities) -> bool:
    """Whether the choices had to be written out, for there were too many for buttons."""
    _, left = _cards(rich, can, "")
    left = [option for option in left if not option.url]
    return len(left) > max(can.buttons, can.choices)


def _option(number: int, button: Mapping[str, Any], card: str) -> Option:
    payload, url = str(button.get("payload") or ""), str(button.get("url") or "")
    title = str(button.get("title") or payload.strip("/") or url)
    return Option(number, title, f"{card}: {title}" if card else title, payload, url)


def _plain(text: str) -> str:
    """Words alone, as they may be typed on a phone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split())


def _buttons(options: Sequence[Option], most: int, limit: int) -> tuple[Button, ...]:
    """All of them as buttons with titles that differ; none if there are too many."""
    if not 0 < len(options) <= most:
        return ()
    made: list[Button] = []
    taken: set[str] = set()
    for option in options:
        title = shortened(option.title, limit)
        if title in taken:
            title = shortened(option.full, limit)
        if title in taken:
            title = f"{option.number}. {shortened(option.full, limit - len(str(option.number)) - 2)}"
        taken.add(title)
        made.append(Button(title, option.payload))
    return tuple(made)


def _with_buttons(text: str, shown: Part, can: Capabilities, measure: Measure) -> list[Part]:
    """The text in parts; the last one, which has the buttons, may be shorter than the others."""
    limit = min(BESIDE_BUTTONS, can.text_limit or BESIDE_BUTTONS)
    said = pieces(text, can.text_limit, measure) or [POINTER]
    if measure(said[-1]) > limit:
        said[-1:] = pieces(said[-1], limit, measure)
    return [*(Part(text=piece) for piece in said[:-1]), replace(shown, text=said[-1])]


def _cards(rich: Mapping[str, Any], can: Capabilities, base_url: str) -> tuple[list[Part], list[Option]]:
    """Carousels, and what is left to choose beside them."""
    loose = options(rich)
    if not can.cards:
        return [], loose
    number = len(rich.get("buttons", ()))
    left, cards = loose[:number], []
    for card in rich.get("cards", ()):
        own = loose[number : number + len(card.get("buttons", ()))]
        number += len(own)
        on_card, beside = own[: can.card_buttons], own[can.card_buttons :]
        left += beside
        cards.append(
            Card(
                title=shortened(str(card.get("title") or POINTER), can.card_limit),
                subtitle=shortened(" · ".join(_facts(card)), can.card_limit),
                image=_address(card.get("image"), base_url),
                buttons=tuple(
                    Button(shortened(o.title, can.button_limit), o.payload, o.url) for o in on_card
                ),
            )
        )
    return [Part(cards=tuple(cards[at : at + can.cards])) for at in range(0, len(cards), can.cards)], left


def _facts(card: Mapping[str, Any]) -> list[str]:
    return [str(card[name]) for name in ("price", "subtitle", "reason") if card.get(name)]


def _line(card: Mapping[str, Any]) -> str:
    return "• " + " · ".join(fact for fact in (str(card.get("title") or ""), *_facts(card)) if fact)


def _files(rich: Mapping[str, Any], can: Capabilities, base_url: str) -> tuple[list[Part], list[str]]:
    """Files in parts of their own, and lines for those that the channel does not take."""
    parts, lines = [], []
    for file in _sent(rich, base_url):
        if can.files or (file.kind == "image" and can.images):
            parts.append(Part(file=file))
        else:
            lines.append(f"{file.name}: {file.url}" if file.name else file.url)
    missing = [
        str(f.get("name") or f.get("kind") or "") for f in rich.get("files", ()) if f.get("state") != "ready"
    ]
    return parts, [*lines, *(f"[{name}]" for name in missing)]


def _sent(rich: Mapping[str, Any], base_url: str) -> Iterable[SentFile]:
    if image := rich.get("image"):
        url = _address(image, base_url)
        yield SentFile("image", url, media_type="image/png" if url.endswith(".png") else "")
    for file in rich.get("files", ()):
        if file.get("state") == "ready":
            yield SentFile(
                kind=file["kind"],
                url=f"{base_url}/files/{file['id']}",
                name=str(file.get("name") or ""),
                media_type=str(file.get("type") or ""),
                size=int(file.get("size") or 0),
            )


def _place(rich: Mapping[str, Any]) -> list[str]:
    """A location as its name and a map."""
    place = rich.get("location")
    if not place:
        return []
    query = urlencode({"mlat": place["latitude"], "mlon": place["longitude"]})
    return [f"📍 {place.get('name') or ''}".rstrip(), f"{MAP}?{query}"]


def _address(image: Any, base_url: str) -> str:
    """Where a platform can fetch a picture from; empty for none."""
    address = str(image or "")
    if PICTURE.match(address):
        address = address.removesuffix(".svg") + ".png"
    return urljoin(f"{base_url}/", address) if address else ""
