"""What the fake gateway of the workbench's data, training and model pages begins with. All made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

LANGUAGES = ["en", "hi", "bn", "fa", "el"]
TARA: Json = {"id": "a-tara", "name": "Tara Bose", "email": "tara@shop.test", "role": "trainer"}
NIKOS: Json = {"id": "a-nikos", "name": "Nikos Pappas", "email": "nikos@shop.test", "role": "supervisor"}
LIVE, BEFORE, NEW = "setu-20261120-6-a1b2", "setu-20261112-5-9f3c", "setu-20261122-7-77de"


def ago(**since: float) -> str:
    return (datetime.now(UTC) - timedelta(**since)).isoformat()


TITLES = {
    "track_order": "Where is my order",
    "cancel_order": "Cancel an order",
    "late_parcel": "A late parcel",
    "return_item": "Return something",
    "refund_status": "When is the money back",
    "size_help": "Which size",
    "opening_hours": "Opening hours",
    "gift_wrap": "Gift wrap",
}
COUNTS = {
    "track_order": [96, 41, 38, 44, 40],
    "cancel_order": [58, 32, 30, 31, 33],
    "late_parcel": [47, 29, 12, 30, 28],
    "return_item": [52, 33, 31, 29, 34],
    "refund_status": [44, 28, 27, 8, 26],
    "size_help": [36, 24, 22, 23, 25],
    "opening_hours": [210, 30, 28, 33, 29],
    "gift_wrap": [24, 21, 20, 22, 0],
}
ENTITIES = [
    {"name": "order_number", "title": "Order number", "examples": ["SO-100123"]},
    {"name": "product", "title": "Product", "examples": ["shirt"]},
    {"name": "colour", "title": "Colour", "examples": ["navy"]},
    {"name": "date", "title": "Date", "examples": ["tomorrow"]},
]


def intents() -> list[Json]:
    return [
        {
            "name": name,
            "title": title,
            "counts": dict(zip(LANGUAGES, COUNTS[name], strict=True)),
            "problems": {"opening_hours": 2, "late_parcel": 1}.get(name, 0),
        }
        for name, title in TITLES.items()
    ]


def example(
    intent: str, language: str, text: str, *entities: tuple[str, str], problems: tuple[str, ...] = ()
) -> Json:
    marked = [
        {"start": text.index(word), "end": text.index(word) + len(word), "entity": entity, "text": word}
        for word, entity in entities
    ]
    number = abs(hash((intent, language, text))) % 10**8
    file = f"data/nlu/{language}/orders.yml"
    return {
        "id": f"e{number}", "file": file, "line": 10 + number % 300, "intent": intent, "language": language,
        "text": text, "marked": text, "entities": marked, "problems": list(problems),
    }  # fmt: skip


def examples() -> list[Json]:
    return [
        example("track_order", "en", "where is SO-100123", ("SO-100123", "order_number")),
        example("track_order", "en", "any news of the navy shirt I ordered",
                ("navy", "colour"), ("shirt", "product")),
        example("track_order", "en", "is my parcel on its way"),
        example("late_parcel", "en", "it should have come yesterday", ("yesterday", "date")),
        example("late_parcel", "en", "my order is late 😠 SO-100124 please help", ("SO-100124",
        "order_number")),
        example("track_order", "hi", "मेरा ऑर्डर SO-100123 कहाँ है", ("SO-100123", "order_number")),
        example("track_order", "bn", "আমার অর্ডার কোথায়"),
        example("track_order", "fa", "سفارش SO-100123 من کجاست", ("SO-100123", "order_number")),
        example("late_parcel", "fa", "بستهٔ من هنوز نرسیده است"),
        example("track_order", "el", "πού είναι η παραγγελία μου"),
        example("opening_hours", "en", "when do you open", problems=("same_text",)),
        example("gift_wrap", "en", "could you wrap it as a gift"),
        *(example("opening_hours", "en", f"are you open on day {day} of the month") for day in range(1, 31)),
    ]  # fmt: skip


PROBLEMS: list[Json] = [
    {
        "code": "same_text", "severity": "error",
        "text": "“when do you open” is an example of two intents: Opening hours and Where is my order.",
        "files": [{"file": "data/nlu/en/orders.yml", "line": 45}, {"file": "data/nlu/en/talk.yml",
        "line": 12}],
        "examples": ["when do you open"],
        "fix": [{"op": "remove_example", "intent": "track_order", "language": "en",
        "text": "when do you open"}],
    },
    {
        "code": "entity_unmarked", "severity": "warning",
        "text": "In “where is SO-100777” the order number is not marked.",
        "files": [{"file": "data/nlu/en/orders.yml", "line": 77}], "examples": ["where is SO-100777"],
        "fix": [{
            "op": "edit_example", "intent": "track_order", "language": "en", "text": "where is SO-100777",
            "new_text": "where is SO-100777", "new_entities": [{"start": 9, "end": 18,
            "entity": "order_number"}],
        }],
    },
    {
        "code": "intent_missing", "severity": "warning",
        "text": "Gift wrap has no examples in Greek.",
        "files": [{"file": "data/nlu/el/orders.yml", "line": None}], "examples": [], "fix": None,
    },
]  # fmt: skip

DIFF_EN = """--- a/data/nlu/en/orders.yml
+++ b/data/nlu/en/orders.yml
@@ -12,6 +12,7 @@
       - where is my parcel
-      - where is [SO-100123](order_number)
+      - where is my order [SO-100123](order_number)
       - track it
+      - any news of the [navy]{"entity": "colour", "value": "blue"} shirt
       # asked on the phone, too
       - has it left yet
"""
DIFF_FA = """--- a/data/nlu/fa/orders.yml
+++ b/data/nlu/fa/orders.yml
@@ -30,4 +30,4 @@
       - سفارشم کجاست
-      - سفارش [SO-100123](order_number) کو
+      - سفارش [SO-100123](order_number) من کجاست
       - بسته‌ام کجاست
"""


def change(id: str, title: str, state: str, **more: Any) -> Json:
    """A change as the gateway tells it."""
    return {
        "id": id, "title": title, "state": state, "version": 1, "author": named(TARA), "reviewer": None,
        "created_at": ago(hours=2), "settled_at": None, "commit": None, "stale": False, "labels": 0,
        "problems": [], "operations": [], "reverts": None,
        "files": [
            {"path": "data/nlu/en/orders.yml", "diff": DIFF_EN, "added": 2, "removed": 1},
            {"path": "data/nlu/fa/orders.yml", "diff": DIFF_FA, "added": 1, "removed": 1},
        ],
        **more,
    }  # fmt: skip


def named(agent: Json) -> Json:
    return {"id": agent["id"], "name": agent["name"]}


TALKS: list[Json] = [
    {"id": "t-late", "kind": "test", "title": "A late parcel is traced when the customer agrees",
     "file": "tests/stories/delivery/late_parcel_is_traced.yml", "line": 1, "language": "en",
     "steps": [
         {"who": "customer", "text": "my parcel still hasn't arrived", "intent": "late_parcel"},
         {"who": "bot", "action": "utter_late_sure_late", "text": "I'm sorry. Shall I have it traced?"},
         {"who": "customer", "text": "yes please", "intent": "affirm"},
         {"who": "bot", "action": "utter_case_parcel", "text": "Done. We will write as soon as we know."},
     ]},
    {"id": "t-fa", "kind": "test", "title": "پیگیری سفارش", "file": "tests/stories/fa/where.yml", "line": 1,
     "language": "fa", "steps": [{"who": "customer", "text": "سفارش من کجاست", "intent": "track_order"}]},
    {"id": "r-hours", "kind": "rule", "title": "answer opening hours", "file": "data/rules/shop.yml",
     "line": 12,
     "language": None, "steps": [
         {"who": "customer", "intent": "opening_hours", "text": "when do you open"},
         {"who": "bot", "action": "utter_opening_hours",
          "text": "We are open from 9 to 18, except on Sundays."},
     ]},
]  # fmt: skip


def figures(shift: float) -> Json:
    return {
        "n": 1840, "accuracy": 0.912 + shift, "macro_f1": 0.894 + shift, "answered": 0.931 + shift / 2,
        "wrong": 0.048 - shift / 2, "asked": 0.069, "ece": 0.018 - shift / 3, "oos_recall": 0.81 + shift,
        "oos_n": 96, "confident_wrong": 0.011 - shift / 5, "hand_offs": 8.4 - shift * 40,
    }  # fmt: skip


def read(intent: str, confidence: float, doubtful: bool = False) -> Json:
    return {"intent": intent, "confidence": confidence, "doubtful": doubtful}


def difference(value: float, half: float) -> Json:
    return {"value": value, "low": value - half, "high": value + half, "lower": 0.1, "higher": 0.9}


def report(shift: float = 0.013) -> Json:
    """Of a challenger that is better by ``shift``, worse if it is negative."""
    names = list(TITLES)
    curve = [
        {"threshold": round(1 - i / 20, 2), "answered": i / 20, "wrong": round(0.09 * (i / 20) ** 3, 4)}
        for i in range(21)
    ]
    better = [{**point, "wrong": round(point["wrong"] * (1 - shift * 20), 4)} for point in curve]
    bins = [
        {"low": i / 10, "high": (i + 1) / 10, "n": 20 + i * i * 10, "confidence": (i + 0.5) / 10,
         "accuracy": min(1.0, (i + 0.5) / 10 + 0.04)}
        for i in range(10)
    ]  # fmt: skip
    cases = [
        {"text": "it has not turned up", "language": "en", "truth": "late_parcel",
         "champion": read("track_order", 0.82), "challenger": read("late_parcel", 0.91)},
        {"text": "بستهٔ من نیامد که نیامد", "language": "fa", "truth": "late_parcel",
         "champion": read("nlu_fallback", 0.31, True), "challenger": read("late_parcel", 0.74)},
        *({"text": f"parcel number {n} is nowhere to be seen", "language": "en", "truth": "late_parcel",
           "champion": read("track_order", 0.6), "challenger": read("late_parcel", 0.8)} for n in range(10)),
    ]  # fmt: skip
    lost = [
        {"text": "when is it open for returns", "language": "en", "truth": "return_item",
         "champion": read("return_item", 0.72), "challenger": read("opening_hours", 0.88)},
    ]  # fmt: skip
    return {
        "sets": [
            {"name": "traffic", "size": 1840, "chosen": True, "leaks": {"count": 12,
             "examples": ["track it"]},
             "languages": {"en": 980, "hi": 310, "bn": 210, "fa": 190, "el": 150}},
            {"name": "shop", "size": 640, "chosen": False, "leaks": {"count": 0, "examples": []},
             "languages": {"en": 240, "hi": 100, "bn": 100, "fa": 100, "el": 100}},
        ],
        "overall": {
            "champion": figures(0), "challenger": figures(shift),
            "difference": {"accuracy": difference(shift, 0.009), "macro_f1": difference(shift, 0.012),
                           "confident_wrong": difference(-shift / 5, 0.004)},
        },
        "mcnemar": {"fixed": 38, "broken": 9, "p": 0.00003},
        "fixed": cases, "broken": lost,
        "intents": [
            {"intent": name, "title": TITLES[name], "n": 12 if at > 5 else 200 - at * 20, "enough": at <= 5,
             "champion": {"f1": 0.88, "recall": 0.9, "precision": 0.86},
             "challenger": {"f1": 0.88 + shift * at, "recall": 0.9, "precision": 0.9},
             "difference": difference(shift * (at - 1), 0.02)}
            for at, name in enumerate(names)
        ],
        "languages": [
            {"language": one, "n": 300 - at * 40, "enough": True, "champion": {"accuracy": 0.92 - at / 100},
             "challenger": {"accuracy": 0.93 - at / 100}, "difference": difference(0.01, 0.02)}
            for at, one in enumerate(LANGUAGES)
        ],
        "scripts": [
            {"script": one, "n": 400, "enough": True, "champion": {"accuracy": 0.92},
             "challenger": {"accuracy": 0.93}, "difference": difference(0.01, 0.02)}
            for one in ("Latn", "Deva", "Beng", "Arab", "Grek")
        ],
        "confusions": {
            "champion": [{"truth": "late_parcel", "read": "track_order", "count": 31}],
            "challenger": [{"truth": "late_parcel", "read": "track_order", "count": 14},
                           {"truth": "return_item", "read": "opening_hours", "count": 6}],
        },
        "curve": {
            "champion": curve, "challenger": better, "threshold": {"champion": 0.4, "challenger": 0.4},
            "present": {"champion": {"threshold": 0.4, "answered": 0.93, "wrong": 0.072},
                        "challenger": {"threshold": 0.4, "answered": 0.94, "wrong": 0.055}},
        },
        "calibration": {"champion": {"ece": 0.018, "bins": bins}, "challenger": {"ece": 0.014, "bins": bins}},
        "talks": {"passed": 117 if shift < 0 else 118, "failed": 1 if shift < 0 else 0, "total": 118,
                  "champion_passed": 118, "failures": [
                      {"title": "A late parcel is traced when the customer agrees", "champion": True,
                       "file": "tests/stories/delivery/late_parcel_is_traced.yml",
                       "script": "  customer: my parcel still has not arrived\n  bot: We open at 9."},
                  ] if shift < 0 else []},
        "replay": {"talks": 214, "turns": 1130, "changed": 61, "doubts": {"champion": 70, "challenger": 55},
                   "hand_offs": {"champion": 8.4, "challenger": 7.6}, "examples": [
                       {"text": "nothing came till now", "champion": read("nlu_fallback", 0.3, True),
                        "challenger": read("late_parcel", 0.83)}]},
        "cost": {"train_seconds": 17.4, "latency": {"champion": {"p50": 6.1, "p95": 9.8},
                                                    "challenger": {"p50": 6.2, "p95": 10.1}},
                 "size": {"champion": 48_200_000, "challenger": 48_900_000}},
    }  # fmt: skip


def line(code: str, passed: bool, value: float | None, limit: float, subject: str | None = None) -> Json:
    return {
        "code": code,
        "passed": passed,
        "value": value,
        "limit": limit,
        "subject": subject,
        "enough": True,
    }


def verdict(passed: bool = True) -> Json:
    return {
        "passed": passed,
        "lines": [
            line("macro_f1", True, 0.013, -0.005),
            line("intent", passed, 0.002 if passed else -0.062, -0.03, "return_item"),
            line("language", True, 0.004, -0.03, "el"),
            line("confident_wrong", True, -0.0026, 0.0),
            line("talks_lost", passed, 0 if passed else 1, 0, None if passed else TALKS[0]["title"]),
            line("ece", True, 0.0212, 0.02),
            line("latency", True, 10.1, 14.7),
            line("talks", passed, 0 if passed else 1, 0, None if passed else TALKS[0]["title"]),
            line("leaks", True, 0.0065, 0.05),
        ],
    }


def run(number: int, state: str, **more: Any) -> Json:
    return {
        "id": f"run-{number}", "number": number, "state": state, "step": "", "share": 0.0,
        "agent": named(TARA),
        "champion": LIVE, "challenger": None, "seconds": {}, "data": {}, "problems": [], "failure": None,
        "verdict": None, "report": None, "created_at": ago(minutes=9), "ended_at": None, **more,
    }  # fmt: skip


LEARNT: Json = {"examples": 4210, "intents": 61, "languages": dict.fromkeys(LANGUAGES, 842)}
BROKEN: list[Json] = [
    {"file": "data/nlu/en/orders.yml", "line": 31, "column": 9, "severity": "error", "code": "entity_open",
     "text": "The mark of a detail is not closed.", "excerpt": "      - where is [SO-100777(order_number)"},
    {"file": "data/rules/shop.yml", "line": 4, "column": 1, "severity": "warning", "code": "unused",
     "text": "The response utter_old is never used.", "excerpt": None},
]  # fmt: skip


def runs() -> list[Json]:
    seconds = {"checking": 1.8, "training": 17.4, "comparing": 21.5}
    ended = {"ended_at": ago(minutes=8), "seconds": seconds, "data": LEARNT}
    return [
        run(7, "done", challenger=NEW, verdict=verdict(), report=report(), **ended),
        run(6, "done", challenger=LIVE, champion=BEFORE, verdict=verdict(), report=report(0.004), **ended),
        run(5, "done", challenger="setu-bad", verdict=verdict(False), report=report(-0.021), **ended),
        run(4, "invalid", problems=BROKEN, ended_at=ago(days=2)),
        run(3, "failed", failure={"code": "out_of_memory", "message": "The process was ended by the system."},
            ended_at=ago(days=3)),
    ]  # fmt: skip


def models() -> list[Json]:
    def model(name: str, days: float, run: str | None, passed: bool | None, **more: Any) -> Json:
        told = None if passed is None else verdict(passed)
        return {"name": name, "size": 48_400_000, "trained_at": ago(days=days), "run": run,
        "live": name == LIVE,
                "recipe_fits": True, "verdict": told, **more}  # fmt: skip

    return [
        model(NEW, 0.01, "run-7", True),
        model(LIVE, 2, "run-6", True),
        model("setu-bad", 4, "run-5", False),
        model(BEFORE, 10, None, None, recipe_fits=False),
    ]


def promotions() -> list[Json]:
    def row(id: int, kind: str, model: str, before: str | None, agent: Json | None, **more: Any) -> Json:
        return {"id": id, "kind": kind, "model": model, "before": before, "agent": agent and named(agent),
                "override": None, "verdict": None, "at": ago(days=12 - 3 * id), **more}  # fmt: skip

    return [
        row(3, "promote", LIVE, BEFORE, TARA),
        row(
            2,
            "promote",
            BEFORE,
            "setu-first",
            NIKOS,
            override="The greetings were mended by hand; it is safe.",
        ),
        row(1, "first", "setu-first", None, None),
    ]


SERVERS: list[Json] = [
    {"url": "http://bot-1:5005", "state": "ok", "model": LIVE, "error": None},
    {"url": "http://bot-2:5005", "state": "behind", "model": BEFORE, "error": None},
    {"url": "http://bot-3:5005", "state": "away", "model": None, "error": "no answer within 2 s"},
]


def shadow() -> Json:
    return {
        "model": NEW, "live": LIVE, "since": ago(hours=5), "until": ago(hours=-19), "read": 1204,
        "same": 1161,
        "differ": 43, "by_intent": [], "hand_offs": {"live": 8.1, "shadow": 7.3},
        "latency": {"live": {"p50": 6.0, "p95": 9.9}, "shadow": {"p50": 6.1, "p95": 10.0}},
        "differs": [
            {"text": "nothing has come", "live": read("track_order", 0.6), "shadow": read("late_parcel", 0.8),
             "at": ago(minutes=3)},
            {"text": "بسته نرسید", "live": read("nlu_fallback", 0.2, True),
             "shadow": read("late_parcel", 0.77), "at": ago(minutes=8)},
        ],
    }  # fmt: skip


def audit() -> list[Json]:
    rows: list[tuple[Json | None, str, str | None, Json, float]] = [
        (TARA, "labels_given", "b-2", {"count": 20}, 1),
        (TARA, "labels_given", "b-1", {"count": 30}, 1),
        (TARA, "change_proposed", "c-applied", {"added": 3, "removed": 2}, 2),
        (NIKOS, "change_applied", "c-applied", {"added": 3, "removed": 2}, 3),
        (TARA, "run_started", "run-7", {"number": 7}, 4),
        (None, "model_trained", NEW, {"reused": []}, 5),
        (NIKOS, "model_promoted", LIVE, {"override": "The greetings were mended by hand."}, 30),
        (NIKOS, "something_new", "x-1", {}, 49),
    ]
    return [
        {"id": 900 - at, "at": ago(hours=hours), "agent": agent and named(agent), "what": what,
         "about": about,
         "detail": detail}
        for at, (agent, what, about, detail, hours) in enumerate(rows)
    ]  # fmt: skip
