from __future__ import annotations

from handoff.workbench.articles.outcomes import Line, asked

LINK = "You have 30 days.\nhttps://shop.example/help/en/returns#s2"


def talk(*said: tuple[str, str] | tuple[str, str, str], conversation: str = "c") -> list[Line]:
    return [
        Line(conversation, number, line[0], line[1], line[2] if len(line) == 3 else None)
        for number, line in enumerate(said, 1)
    ]


def test_a_question_is_known_with_the_section_that_answered_it() -> None:
    (one,) = asked(talk(("customer", "hi"), ("bot", "Hello!"), ("customer", "how long?"), ("bot", LINK)))
    assert (one.number, one.question, one.slug, one.language, one.section) == (
        3,
        "how long?",
        "returns",
        "en",
        2,
    )
    assert one.outcome == "silent"


def test_how_the_customer_took_it() -> None:
    start = (("customer", "how long?"), ("bot", LINK))
    said = {
        "helped": ("customer", "Thanks", "/thank"),
        "person": ("customer", "A person", "/contact_human"),
        "on": ("customer", "and shoes?"),
    }
    told = {name: asked(talk(*start, line))[0].outcome for name, line in said.items()}
    assert told == {name: name for name in said}


def test_an_agent_who_takes_over_means_that_it_was_not_enough() -> None:
    (one,) = asked(talk(("customer", "how long?"), ("bot", LINK), ("agent", "Let me look.")))
    assert one.outcome == "person"


def test_a_tapped_button_is_no_question_in_words() -> None:
    assert asked(talk(("customer", "Returns", "/refund_policy"), ("bot", LINK))) == []


def test_talks_do_not_mix_and_lines_may_come_in_any_order() -> None:
    lines = [
        *talk(("customer", "how long?"), ("bot", LINK), conversation="a"),
        *talk(("customer", "what else?"), ("bot", "Nothing."), conversation="b"),
    ]
    assert [(one.conversation_id, one.question) for one in asked(reversed(lines))] == [("a", "how long?")]
