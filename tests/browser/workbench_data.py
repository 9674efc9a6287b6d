"""Believable messages, meanings and topics for the workbench's tests. All made up."""

from __future__ import annotations

from typing import Any

from tests.browser.desk_data import ago

Json = dict[str, Any]

TARA = {"id": "a-tara", "name": "Tara Menon", "email": "tara@shop.test", "role": "trainer"}
NILS = {"id": "a-nils", "name": "Nils Berg", "email": "nils@shop.test", "role": "trainer"}

# name, title, key, definition, examples, mixed up with
INTENTS: list[tuple[str, str, str, str, Json, list[tuple[str, float]]]] = [
    (
        "return_item",
        "Return an item",
        "ri",
        "The customer wants to send something back.",
        {
            "en": [
                "I would like to send these boots back",
                "the lamp is not for me, how do I return it?",
                "can i still return this after ten days",
            ],
            "fa": ["می‌خواهم کفش را پس بدهم", "چطور این را مرجوع کنم؟"],
        },
        [("exchange_item", 0.12), ("get_refund", 0.07)],
    ),
    (
        "exchange_item",
        "Exchange an item",
        "ei",
        "The customer wants another size or colour of the same thing.",
        {"en": ["can I swap it for a larger one", "I need these in blue instead"]},
        [("return_item", 0.09)],
    ),
    (
        "get_refund",
        "Get a refund",
        "gr",
        "The customer wants the money back.",
        {"en": ["I want my money back", "please refund me"]},
        [("refund_status", 0.15)],
    ),
    (
        "refund_status",
        "Where is my refund",
        "rs",
        "The customer was promised money and asks when it comes.",
        {"en": ["my refund has not arrived"]},
        [],
    ),
    (
        "track_order",
        "Track an order",
        "to",
        "The customer wants to know where a parcel is.",
        {"en": ["where is my order?", "has it been sent yet"], "hi": ["मेरा ऑर्डर कहाँ है"]},
        [("late_parcel", 0.2)],
    ),
    (
        "late_parcel",
        "Parcel is late",
        "lp",
        "The day that was promised is over and nothing came.",
        {"en": ["it should have been here on Monday"]},
        [("track_order", 0.18)],
    ),
    (
        "cancel_order",
        "Cancel an order",
        "co",
        "The customer no longer wants what was ordered.",
        {"en": ["please cancel my order", "I changed my mind, stop the order"]},
        [],
    ),
    (
        "size_help",
        "Which size fits",
        "sh",
        "The customer does not know which size to take.",
        {"en": ["do these run small?"]},
        [],
    ),
    (
        "store_locations",
        "Where are the shops",
        "sl",
        "The customer looks for a shop to walk into.",
        {"en": ["is there a store near me"]},
        [],
    ),
    (
        "contact_human",
        "Speak with a person",
        "ch",
        "The customer wants a person, whatever it is about.",
        {"en": ["let me talk to someone"]},
        [],
    ),
    ("greet", "Greeting", "gt", "Only a greeting, nothing else.", {"en": ["hello there"]}, []),
]
ENTITIES = [("product", "Product", ["floor lamp", "boots"]), ("colour", "Colour", ["blue"]),
            ("size", "Size", ["42", "large"]), ("order_number", "Order number", ["SO-100123"]),
            ("date", "Date", ["Monday"]), ("city", "City", ["Pune"])]  # fmt: skip

TITLES = {name: title for name, title, *_ in INTENTS}


def intents() -> Json:
    return {
        "intents": [
            {
                "name": name,
                "title": title,
                "definition": definition,
                "key": key,
                "counts": {language: 20 * len(texts) for language, texts in examples.items()},
                "examples": examples,
                "confused_with": [{"name": n, "title": TITLES[n], "share": share} for n, share in confused],
            }
            for name, title, key, definition, examples, confused in INTENTS
        ],
        "entities": [{"name": n, "title": title, "examples": found} for n, title, found in ENTITIES],
        "languages": ["en", "hi", "bn", "fa", "el"],
        "proposals": [],
    }


def reading(*ranked: tuple[str, float], entities: list[Json] | None = None, **more: Any) -> Json:
    """What the model made of it, from its ranking."""
    intent, confidence = ranked[0]
    return {
        "intent": intent,
        "title": TITLES.get(intent),
        "confidence": confidence,
        "margin": confidence - (ranked[1][1] if len(ranked) > 1 else 0.0),
        "in_scope": 0.8,
        "ranking": [{"name": name, "title": TITLES.get(name), "confidence": c} for name, c in ranked],
        "entities": entities or [],
        "language": "en",
        "script": "Latin",
        "doubtful": confidence < 0.5,
        "wishes": [],
        "model": "setu-1",
        **more,
    }


def utterance(id: str, text: str, read: Json, reasons: list[str], **more: Any) -> Json:
    return {
        "id": id,
        "text": text,
        "spans": [],
        "language": "en",
        "script": "Latin",
        "source": "talk",
        "count": 1,
        "first_at": ago(days=3),
        "last_at": ago(hours=2),
        "state": "open",
        "reasons": reasons,
        "score": 0.5,
        "reading": read,
        "similar": 0,
        "assigned_to": None,
        "second": False,
        "sampled": False,
        "contradiction": None,
        "topic_id": None,
        "mine": None,
        "others": [],
        "conversation_id": "t-1",
        "number": 3,
        **more,
    }


def span(text: str, part: str, **more: Any) -> Json:
    start = text.index(part)
    return {"start": start, "end": start + len(part), **more}


BOOTS = "can I send the brown boots back, they pinch 😕 and swap for size 42"
PARCEL = "order SO-100777 was promised for Monday and asha@example.com got no news"


def utterances() -> list[Json]:
    return [
        utterance(
            "u-boots",
            BOOTS,
            reading(
                ("return_item", 0.46),
                ("exchange_item", 0.41),
                ("size_help", 0.05),
                ("get_refund", 0.03),
                entities=[span(BOOTS, "boots", entity="product", value="boots")],
            ),
            ["close", "unsure"],
            count=14,
            similar=3,
        ),
        utterance(
            "u-parcel",
            PARCEL,
            reading(
                ("late_parcel", 0.58),
                ("track_order", 0.33),
                ("contact_human", 0.04),
                entities=[span(PARCEL, "SO-100777", entity="order_number", value="SO-100777")],
            ),
            ["handed_over", "unsure"],
            spans=[span(PARCEL, "SO-100777", kind="number"), span(PARCEL, "asha@example.com", kind="email")],
            count=6,
        ),
        utterance(
            "u-points",
            "do my bonus stamps count at the café too",
            reading(("store_locations", 0.22), ("greet", 0.2)),
            ["new_topic"],
            topic_id="topic-stamps",
            count=9,
        ),
        utterance(
            "u-money",
            "so when do i finally see my money",
            reading(("get_refund", 0.51), ("refund_status", 0.44)),
            ["contradicting", "close"],
            contradiction={
                "labels": [{"intent": "get_refund", "count": 2}, {"intent": "refund_status", "count": 3}]
            },
        ),
        utterance(
            "u-persian",
            "کفش آبی سایز ۴۲ را می‌خواهم پس بدهم ولی پولم را زود می‌خواهم",
            reading(("return_item", 0.39), ("get_refund", 0.36), ("exchange_item", 0.1)),
            ["unsure"],
            language="fa",
            script="Arabic",
        ),
        utterance(
            "u-hindi",
            "mera parcel kab aayega bhai",
            reading(("track_order", 0.62), ("late_parcel", 0.3)),
            ["disagree"],
            language="hi",
        ),
        utterance(
            "u-weather",
            "will it rain in the hills this weekend?",
            reading(("store_locations", 0.18), ("greet", 0.12)),
            ["unsure"],
        ),
        utterance(
            "u-cancel",
            "stop it please, i bought it twice",
            reading(("cancel_order", 0.55), ("return_item", 0.2)),
            ["disliked"],
            count=3,
        ),
        utterance(
            "u-hello",
            "heyy anybody",
            reading(("greet", 0.7), ("contact_human", 0.28)),
            ["close"],
            second=True,
        ),
        utterance(
            "u-size",
            "42 or 43 for wide feet",
            reading(("size_help", 0.81), ("exchange_item", 0.1)),
            ["random"],
            sampled=True,
        ),
    ]


CONTEXT = [
    {"sender": "bot", "text": "Your boots arrived yesterday. Is everything as it should be?", "this": False},
    {"sender": "customer", "text": BOOTS, "this": True},
    {"sender": "bot", "text": "Do you want to return it, or exchange it?", "this": False},
]
TOPICS = [
    {
        "id": "topic-stamps",
        "words": ["stamps", "café", "bonus"],
        "size": 41,
        "languages": {"en": 30, "hi": 11},
    },
    {"id": "topic-repair", "words": ["zip", "repair", "broken"], "size": 18, "languages": {"en": 18}},
]
