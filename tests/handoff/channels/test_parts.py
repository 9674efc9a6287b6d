"""What a channel is given of a message: all of it, within its limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from handoff.channels.base import Button, Capabilities, Part, SentFile, Template
from handoff.channels.parts import BESIDE_BUTTONS, chosen, options, plan
from handoff.channels.splitting import pieces, shortened, utf8, utf16
from handoff.conversations.views import MessageView

URL = "https://shop.example"
RICH: dict[str, Any] = {
    "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}],
    "cards": [
        {
            "id": "1",
            "title": "Linen shirt",
            "price": "€39",
            "reason": "your size",
            "image": "/media/products/p1.svg",
            "buttons": [{"title": "Order", "payload": "/order{1}"}, {"title": "More", "payload": "/more{1}"}],
        }
    ],
}


def message(**rest: Any) -> MessageView:
    values = {"id": "m", "conversation_id": "c", "number": 1, "sender": "bot", "text": "Look"}
    return MessageView(**(values | {"created_at": datetime(2026, 11, 20, tzinfo=UTC)} | rest))


def planned(can: Capabilities, **rest: Any) -> list[Part]:
    return plan(message(**rest), can, URL)


def test_cards_become_lines_and_buttons_numbered_choices() -> None:
    assert planned(Capabilities(), rich=RICH) == [
        Part(
            "Look\n• Linen shirt · €39 · your size\n"
            "1. Yes\n2. No\n3. Linen shirt: Order\n4. Linen shirt: More"
        )
    ]


def test_a_channel_with_all_of_it_gets_a_carousel_and_buttons() -> None:
    text, carousel, choices = planned(
        Capabilities(buttons=3, choices=10, cards=10, card_buttons=3, images=True), rich=RICH
    )
    assert text == Part("Look")
    (card,) = carousel.cards
    assert (card.title, card.subtitle) == ("Linen shirt", "€39 · your size")
    assert card.image == f"{URL}/media/products/p1.png"
    assert card.buttons == (Button("Order", "/order{1}"), Button("More", "/more{1}"))
    assert choices.buttons == (Button("Yes", "/affirm"), Button("No", "/deny"))


def test_buttons_that_a_card_has_no_room_for_are_offered_beside_it() -> None:
    parts = planned(Capabilities(buttons=3, cards=10, card_buttons=1), rich=RICH)
    assert [button.title for button in parts[-1].buttons] == ["Yes", "No", "More"]


@pytest.mark.parametrize(
    ("can", "shown"),
    [
        (Capabilities(buttons=3, choices=10), "buttons"),
        (Capabilities(buttons=1, choices=10), "choices"),
        (Capabilities(buttons=1, choices=1), "lines"),
    ],
)
def test_options_are_buttons_choices_or_lines_by_how_many_there_may_be(can: Capabilities, shown: str) -> None:
    (part,) = planned(can, rich={"buttons": RICH["buttons"]})
    titles = {
        "buttons": [button.title for button in part.buttons],
        "choices": [button.title for button in part.choices],
        "lines": [line[3:] for line in part.text.splitlines()[1:]],
    }
    assert titles.pop(shown) == ["Yes", "No"]
    assert list(titles.values()) == [[], []]


def test_long_titles_are_cut_and_stay_different() -> None:
    rich = {"buttons": [{"title": "Delivered to my neighbour", "payload": f"/{n}"} for n in "abc"]}
    (part,) = planned(Capabilities(buttons=3, button_limit=20), rich=rich)
    titles = [button.title for button in part.buttons]
    assert titles[0] == "Delivered to my nei…"
    assert len(set(titles)) == 3
    assert all(len(title) <= 20 for title in titles)


def test_a_text_with_buttons_ends_in_a_part_that_every_platform_takes() -> None:
    parts = planned(
        Capabilities(buttons=3, text_limit=4096),
        text="A sentence of some words. " * 100,
        rich=RICH | {"cards": []},
    )
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert len(parts[-1].text) <= BESIDE_BUTTONS


def test_links_are_offered_as_text() -> None:
    rich = {"buttons": [{"title": "Our shops", "url": "https://shop.example/shops"}]}
    assert planned(Capabilities(buttons=3), rich=rich) == [
        Part("Look\nOur shops: https://shop.example/shops")
    ]


FILE = {
    "id": "f1",
    "kind": "file",
    "name": "Rechnung.pdf",
    "type": "application/pdf",
    "size": 9,
    "state": "ready",
}


def test_files_are_sent_with_a_caption_in_a_part_of_their_own_or_as_a_link() -> None:
    sent = SentFile("file", f"{URL}/files/f1", "Rechnung.pdf", "application/pdf", 9)
    rich = {"files": [FILE]}
    assert planned(Capabilities(files=True, caption_limit=100), rich=rich) == [Part("Look", file=sent)]
    assert planned(Capabilities(files=True), rich=rich) == [Part("Look"), Part(file=sent)]
    assert planned(Capabilities(), rich=rich) == [Part(f"Look\nRechnung.pdf: {URL}/files/f1")]
    two = {"files": [FILE, FILE | {"id": "f2"}]}
    assert len(planned(Capabilities(files=True, caption_limit=100), rich=two)) == 3


def test_a_file_that_is_not_there_is_named() -> None:
    assert planned(Capabilities(files=True), rich={"files": [FILE | {"state": "expired"}]}) == [
        Part("Look\n[Rechnung.pdf]")
    ]


def test_pictures_and_places_go_as_such_or_as_links() -> None:
    rich = {"image": "/media/products/p1.svg"}
    assert planned(Capabilities(images=True), rich=rich)[1].file == SentFile(
        "image", f"{URL}/media/products/p1.png", media_type="image/png"
    )
    assert planned(Capabilities(), rich=rich) == [Part(f"Look\n{URL}/media/products/p1.png")]
    (part,) = planned(Capabilities(), rich={"location": {"latitude": 12.5, "longitude": -3, "name": "Depot"}})
    assert part.text == "Look\n📍 Depot\nhttps://www.openstreetmap.org/?mlat=12.5&mlon=-3"


def test_a_template_goes_as_one_where_there_are_any_and_else_as_its_words() -> None:
    rich = {"template": {"name": "order_update", "language": "hi", "variables": ["Asha", 7]}}
    assert planned(Capabilities(templates=True), rich=rich) == [
        Part("Look", template=Template("order_update", "hi", ("Asha", "7")))
    ]
    assert planned(Capabilities(), rich=rich) == [Part("Look")]


def test_a_channel_that_takes_messages_whole_gets_one_part() -> None:
    assert planned(Capabilities(whole=True), rich=RICH) == [Part("Look")]


# Splitting


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Your parcel left today. It comes tomorrow.", "Your parcel left today."),
        ("आपका पार्सल आज निकला। वह कल आएगा और हम बताएँगे।", "आपका पार्सल आज निकला।"),
        ("আপনার পার্সেল আজ বেরিয়েছে। কাল পৌঁছে যাবে আপনার কাছে।", "আপনার পার্সেল আজ বেরিয়েছে।"),
        ("سفارش شما کجاست؟ فردا می‌رسد و ما خبر می‌دهیم", "سفارش شما کجاست؟"),
        ("Πού είναι η παραγγελία; Θα έρθει αύριο το πρωί.", "Πού είναι η παραγγελία;"),
    ],
)
def test_texts_are_cut_at_the_end_of_a_sentence_in_every_script(text: str, first: str) -> None:
    assert pieces(text, len(first) + 8)[0] == first


def test_amounts_and_links_are_not_cut() -> None:
    assert pieces("It costs 12.50 with us", 14) == ["It costs 12.50", "with us"]
    assert pieces("See https://shop.example/a.b?c=d. Or ask", 34) == [
        "See https://shop.example/a.b?c=d.",
        "Or ask",
    ]
    assert pieces("Look here https://shop.example/orders/1", 32) == [
        "Look here",
        "https://shop.example/orders/1",
    ]


def test_what_counts_is_how_the_platform_counts() -> None:
    assert [utf16(piece) for piece in pieces("😀😀😀", 4)] == [4, 2]
    assert [utf8(piece) for piece in pieces("नमस्ते जी", 20, utf8)] == [18, 6]


words = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        st.sampled_from(["https://a.example/b?c=d", "नमस्ते।", "👩🏽‍🚀", "é", "Ναι;", "خوب؟", "\n\n", "12.50"]),
    ),
    max_size=30,
).map(" ".join)


@given(words, st.integers(2, 60))
def test_pieces_fit_and_lose_no_word(text: str, limit: int) -> None:
    cut = pieces(text, limit)
    assert all(0 < utf16(piece) <= limit for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


@given(words, st.integers(40, 80))
def test_no_cut_is_inside_a_grapheme_or_a_link(text: str, limit: int) -> None:
    graphemes = regex.findall(r"\X", text)
    assume(all(utf16(one) <= limit for one in graphemes))
    cut = pieces(text, limit)
    assert [g for piece in cut for g in regex.findall(r"\X", piece) if not g.isspace()] == [
        g for g in regex.findall(r"\X", text.strip()) if not g.isspace()
    ]
    links = [word for word in text.split() if word == "https://a.example/b?c=d"]
    assert "\n".join(cut).count("https://a.example/b?c=d") >= len(links)


@given(words, st.integers(1, 30))
def test_a_shortened_title_fits(text: str, limit: int) -> None:
    assert utf16(shortened(text, limit)) <= limit


# Everything at once

titles = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40)
buttons = st.lists(
    st.builds(lambda t, p: {"title": t, "payload": f"/{p}"}, titles, st.integers(0, 999)), max_size=14
)
cards = st.lists(
    st.builds(
        lambda t, s, b: {
            "title": t,
            "subtitle": s,
            "price": "€1",
            "image": "/media/products/x.svg",
            "buttons": b,
        },
        titles,
        titles,
        buttons.map(lambda b: b[:4]),
    ),
    max_size=12,
)
files = st.lists(
    st.builds(
        lambda n, k, s: {"id": f"id{n}", "kind": k, "name": f"name{n}", "type": "", "size": 1, "state": s},
        st.integers(0, 99),
        st.sampled_from(["image", "audio", "video", "file"]),
        st.sampled_from(["ready", "lost"]),
    ),
    max_size=3,
)
riches = st.fixed_dictionaries(
    {},
    optional={
        "buttons": buttons,
        "cards": cards,
        "files": files,
        "image": st.just("/media/products/y.svg"),
        "location": st.just({"latitude": 1.5, "longitude": 2.5}),
    },
)
channels = st.builds(
    Capabilities,
    buttons=st.sampled_from([0, 3, 13]),
    choices=st.sampled_from([0, 10, 13]),
    cards=st.sampled_from([0, 1, 10]),
    card_buttons=st.sampled_from([0, 1, 3]),
    button_limit=st.sampled_from([20, 24]),
    images=st.booleans(),
    files=st.booleans(),
    caption_limit=st.sampled_from([0, 60]),
    text_limit=st.sampled_from([None, 100, 2000]),
    text_bytes=st.booleans(),
)


def everything(parts: list[Part]) -> str:
    said = []
    for part in parts:
        said += [part.text, *(f"{b.title} {b.payload}" for b in (*part.buttons, *part.choices))]
        said += [part.file.url] if part.file else []
        for card in part.cards:
            said += [card.title, card.subtitle, card.image, *(f"{b.title} {b.payload}" for b in card.buttons)]
    return "".join("".join(said).split())


@given(words, riches, channels)
def test_every_part_is_within_the_limits_and_nothing_is_lost(
    text: str, rich: dict[str, Any], can: Capabilities
) -> None:
    parts = planned(can, text=text, rich=rich)
    assert parts
    measure = utf8 if can.text_bytes else utf16
    for part in parts:
        assert measure(part.text) <= (can.text_limit or 10**9)
        assert len(part.buttons) <= can.buttons
        assert len(part.choices) <= can.choices
        assert len(part.cards) <= can.cards
        assert not (part.cards and (part.text or part.buttons or part.choices or part.file))
        assert part.text or part.cards or part.file
        if part.buttons or part.choices:
            assert not part.file
            assert utf16(part.text) <= BESIDE_BUTTONS
        for title in [*(b.title for b in part.buttons), *(b.title for c in part.cards for b in c.buttons)]:
            assert 0 < utf16(title) <= can.button_limit
        for card in part.cards:
            assert utf16(card.title) <= can.card_limit
            assert utf16(card.subtitle) <= can.card_limit
            assert len(card.buttons) <= can.card_buttons
        if part.file:
            assert can.files or (can.images and part.file.kind == "image")
            assert utf16(part.text) <= can.caption_limit
    told = everything(parts)
    for word in text.split():
        assert word in told
    for option in options(rich):
        assert "".join(f"{option.number}. {option.full}".split()) in told or option.payload in told
    for card in rich.get("cards", []):
        assert card["title"] in told
    for file in rich.get("files", []):
        assert (f"/files/{file['id']}" if file["state"] == "ready" else file["name"]) in told
    if rich.get("image"):
        assert f"{URL}/media/products/y.png" in told


# Choosing


@pytest.mark.parametrize(
    ("said", "payload"),
    [
        ("2", "/deny"),
        (" 2.", "/deny"),
        ("(2)", "/deny"),
        ("२", "/deny"),
        ("۲", "/deny"),
        ("2️⃣", "/deny"),
        ("no", "/deny"),
        ("No!", "/deny"),
        ("Linen shirt: order", "/order{1}"),
        ("4", "/more{1}"),
        ("0", None),
        ("9", None),
        ("2 pieces please", None),
        ("no way", None),
        ("", None),
        ("!", None),
    ],
)
def test_an_answer_by_number_or_title_is_the_choice(said: str, payload: str | None) -> None:
    assert chosen(said, RICH) == payload


def test_a_title_that_stands_for_several_choices_chooses_none_of_them() -> None:
    card = {"buttons": [{"title": "More", "payload": "/more{2}"}], "title": "Coat"}
    assert chosen("More", {"cards": [*RICH["cards"], card]}) is None
    assert chosen("coat more", {"cards": [*RICH["cards"], card]}) == "/more{2}"


@given(riches)
def test_every_number_that_is_shown_is_understood(rich: dict[str, Any]) -> None:
    for option in options(rich):
        assert chosen(str(option.number), rich) == option.payload
