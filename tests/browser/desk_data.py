"""Believable conversations for the desk's tests: customers, talks, hand-off cards. All made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]


def ago(**past: float) -> str:
    """A moment so long ago, as the gateway writes it."""
    return (datetime.now(UTC) - timedelta(**past)).isoformat().replace("+00:00", "Z")


MEERA = {
    "id": "a-meera",
    "name": "Meera Nair",
    "email": "meera@shop.test",
    "role": "agent",
    "availability": "online",
    "present": True,
    "load": 2,
    "capacity": 4,
    "languages": ["en", "hi"],
}
TOMAS = {
    "id": "a-tomas",
    "name": "Tomas Lind",
    "email": "tomas@shop.test",
    "role": "agent",
    "availability": "online",
    "present": True,
    "load": 1,
    "capacity": 4,
    "languages": ["en", "el"],
}
FARAH = {
    "id": "a-farah",
    "name": "Farah Ahmadi",
    "email": "farah@shop.test",
    "role": "supervisor",
    "availability": "away",
    "present": True,
    "load": 0,
    "capacity": 2,
    "languages": ["fa", "en"],
}
TEAM = [MEERA, TOMAS, FARAH]

LATE_PARCEL: list[tuple[str, str, float, Json]] = [
    (
        "customer",
        "Hi, where is my order SO-100123? It should have been here on Monday",
        64,
        {"understanding": {"intent": "track_order", "confidence": 0.94}},
    ),
    (
        "bot",
        "Order SO-100123 left our warehouse on 12 November and is with the carrier. It is two days late.",
        64,
        {
            "rich": {
                "buttons": [
                    {"title": "Where is it now?", "payload": "/late_parcel"},
                    {"title": "Cancel it", "payload": "/cancel_order"},
                ]
            }
        },
    ),
    (
        "customer",
        "Where is it now?",
        62,
        {"payload": "/late_parcel", "understanding": {"intent": "late_parcel", "confidence": 1.0}},
    ),
    ("bot", "The carrier last saw it at its hub in Pune. I cannot see more than that.", 62, {}),
    (
        "customer",
        "That is what you said yesterday as well. I need the lamp for Saturday!",
        5,
        {"understanding": {"intent": "late_parcel", "confidence": 0.58}},
    ),
    ("bot", "I am sorry. Do you mean the delivery time, or the return of an item?", 5, {}),
    (
        "customer",
        "no. just let me talk to someone please",
        4,
        {"understanding": {"intent": "contact_human", "confidence": 0.97}},
    ),
    ("system", "Aarav asked for a person. Place in the queue: 1", 4, {}),
    (
        "bot",
        "Shall I look for another lamp that arrives by Saturday?",
        4,
        {"dropped": True, "rich": {"dropped": True}},
    ),
    ("customer", "hello? is anybody there", 1, {}),
]

CARD: Json = {
    "reason": {"code": "asked", "text": "Asked for a person"},
    "evidence": [
        {"reason": "asked", "text": "Asked for a person in message 7", "value": None, "threshold": None},
        {"reason": "mood", "text": "Mood over the last turns", "value": -0.52, "threshold": -0.45},
        {"reason": "same_question", "text": "The same question asked", "value": 2, "threshold": 2},
    ],
    "mood": [
        {"number": n, "score": s} for n, s in [(1, 0.05), (3, -0.1), (5, -0.44), (7, -0.52), (10, -0.5)]
    ],
    "confidence": [
        {"number": 1, "intent": "track_order", "title": "Track an order", "confidence": 0.94},
        {"number": 3, "intent": "late_parcel", "title": "Parcel is late", "confidence": 1.0},
        {"number": 5, "intent": "late_parcel", "title": "Parcel is late", "confidence": 0.58},
        {"number": 7, "intent": "contact_human", "title": "Wants a person", "confidence": 0.97},
    ],
    "understood": {
        "intent": "late_parcel",
        "title": "Parcel is late",
        "entities": [{"entity": "order_number", "value": "SO-100123"}],
    },
    "slots": {"order_number": "SO-100123", "product": "Arc floor lamp", "language": "en"},
    "customer": {
        "id": "c-aarav",
        "name": "Aarav Sharma",
        "email": "aarav.sharma@mail.test",
        "tier": "gold",
        "points": 2480,
        "locale": "en-IN",
        "since": "2023-03-18T00:00:00Z",
        "preferences": [
            {"name": "sizes", "title": "Sizes", "value": ["M", "EU 43"]},
            {"name": "brands_avoided", "title": "Brands to avoid", "value": ["Northfell"]},
            {"name": "contact_hours", "title": "Contact hours", "value": "after 18:00"},
        ],
    },
    "orders": [
        {
            "number": "SO-100123",
            "status": "shipped",
            "status_text": "On its way, 2 days late",
            "total": "₹7,499.00",
            "placed_at": "2026-11-09T10:12:00Z",
            "items": [{"title": "Arc floor lamp, brass"}],
        },
        {
            "number": "SO-098770",
            "status": "delivered",
            "status_text": "Delivered",
            "total": "₹3,150.00",
            "placed_at": "2026-10-02T08:00:00Z",
            "items": [{"title": "Linen shirt, M"}, {"title": "Wool socks"}],
        },
    ],
    "summary": [
        {
            "number": 1,
            "sender": "customer",
            "text": "Where is my order SO-100123? It should have been here on Monday",
        },
        {"number": 4, "sender": "bot", "text": "The carrier last saw it at its hub in Pune."},
        {"number": 5, "sender": "customer", "text": "I need the lamp for Saturday!"},
    ],
    "previous": [
        {"at": "2026-08-21T11:00:00Z", "reason": "complaint", "agent": "Tomas Lind", "outcome": "resolved"}
    ],
}

STEPS = [
    {"intent": "track_order", "title": "Show where the order is"},
    {"intent": "return_item", "title": "Begin a return"},
    {"intent": "recommend", "title": "Suggest something fitting"},
    {"intent": "leave_review", "title": "Ask for a review"},
]
CANNED = [
    {"shortcut": "hello", "text": "Hello {customer}, I am {agent}. I have read what you wrote so far."},
    {"shortcut": "moment", "text": "Thank you. Give me a moment to look into it."},
    {"shortcut": "checking_order", "text": "I have order {order} open in front of me and am checking now."},
    {"shortcut": "anything_else", "text": "Is there anything else I can do for you?"},
    {"shortcut": "voucher", "text": "Your voucher is {voucher_code}."},
]

# id, name, locale, channel, status, agent, reason, mood, unread, minutes of waiting, last words
OTHERS: list[tuple[Any, ...]] = [
    (
        "t-nadia",
        "Nadia Rahman",
        "bn-BD",
        "web",
        "queued",
        None,
        "mood",
        -0.6,
        3,
        7.5,
        "আমার টাকা এখনো ফেরত আসেনি, তিন সপ্তাহ হয়ে গেল",
    ),
    (
        "t-eleni",
        "Ελένη Παπαδοπούλου",
        "el-GR",
        "web",
        "queued",
        None,
        "doubt",
        0.0,
        1,
        2.4,
        "Μπορώ να αλλάξω τη διεύθυνση παράδοσης;",
    ),
    (
        "t-visitor",
        None,
        "en-IN",
        "rest",
        "queued",
        None,
        "bot_failure",
        None,
        1,
        0.3,
        "Do you have this in blue?",
    ),
    (
        "t-priya",
        "Priya Iyer",
        "en-IN",
        "web",
        "assigned",
        MEERA,
        "complaint",
        -0.3,
        2,
        0,
        "The zip broke on the second day",
    ),
    (
        "t-james",
        "James Okafor",
        "en-US",
        "web",
        "assigned",
        MEERA,
        "cannot",
        0.4,
        0,
        0,
        "Great, thanks a lot!",
    ),
    ("t-sara", "سارا محمدی", "fa-IR", "web", "snoozed", MEERA, "asked", 0.1, 0, 0, "فردا دوباره پیام می‌دهم"),
    ("t-bot1", "Oliver Hansen", "en-US", "web", "bot", None, None, 0.2, 0, 0, "Do you have it in size 42?"),
    ("t-bot2", "Anika Das", "bn-BD", "web", "bot", None, None, 0.0, 0, 0, "গিফট র‍্যাপ করা যাবে?"),
    ("t-done", "Kavya Reddy", "en-IN", "web", "resolved", None, "asked", 0.5, 0, 0, "Perfect, see you!"),
    ("t-tomas", "Dimitris K.", "el-GR", "web", "assigned", TOMAS, "asked", -0.1, 0, 0, "ok, I wait"),
]
