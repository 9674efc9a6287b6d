"""What a language lacks is told with the English words, and what is written in its place is checked."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.errors import SetuError
from handoff.workbench.dataset import operations as ops
from handoff.workbench.dataset.edits import Draft
from handoff.workbench.dataset.translating import lacking

ENGLISH = """\
shop:
  hello: Hello {name}
  days:
    one: "{count} day"
    other: "{count} days"
  names: [Monday, Tuesday]
  bye: Bye
"""
GREEK = """\
# Greek
shop:
  hello: Γεια {name}  # kept
"""
REPLIES = """\
responses:
  utter_hi:
    - text: "Hi"
      buttons: &start
        - {title: "Where is it?", payload: "/track_order"}
  utter_bye:
    - text: "Bye"
      buttons: *start
    - text: "See you"
"""
GREEK_REPLIES = """\
responses:
  utter_hi:
    - text: "Γεια"
      buttons: [{title: "Πού είναι;", payload: "/track_order"}]
"""


FILES = {
    "data/texts/en.yml": ENGLISH,
    "data/texts/el.yml": GREEK,
    "data/responses/en.yml": REPLIES,
    "data/responses/el.yml": GREEK_REPLIES,
}


class Texts:
    def read(self, path: str) -> str | None:
        return FILES.get(path)

    def names(self, folder: str) -> list[str]:
        return []


def write(key: str, text: Any, language: str = "el") -> str:
    draft = Draft(Texts(), [])
    draft.do(ops.parse([{"op": "set_text", "key": key, "language": language, "text": text}])[0])
    return draft.edited[f"data/texts/{language}.yml"] or ""


def test_what_is_missing_is_told_in_english_with_its_buttons_and_forms() -> None:
    assert lacking(Texts(), "el") == {
        "language": "el",
        "responses": [
            {
                "name": "utter_bye",
                "variations": [
                    {"text": "Bye", "buttons": [{"title": "Where is it?", "payload": "/track_order"}]},
                    {"text": "See you"},
                ],
            }
        ],
        "texts": [
            {
                "key": "shop.days",
                "text": {"one": "{count} day", "other": "{count} days"},
                "forms": ["one", "other"],
            },
            {"key": "shop.bye", "text": "Bye", "forms": None},
        ],
        "more": 0,
    }


def test_a_language_without_files_lacks_all_of_it() -> None:
    told = lacking(Texts(), "ru")
    assert [one["name"] for one in told["responses"]] == ["utter_hi", "utter_bye"]
    assert told["texts"][1]["forms"] == ["few", "many", "one", "other"]


def test_a_text_joins_its_section_and_nothing_else_changes() -> None:
    assert write("shop.bye", " Αντίο ") == GREEK + "  bye: Αντίο\n"


def test_the_forms_of_the_plural_are_written_below_their_name() -> None:
    forms = {"one": "{count} μέρα", "other": "{count} μέρες"}
    assert write("shop.days", forms) == (
        GREEK + "  days:\n" + '    one: "{count} μέρα"\n' + '    other: "{count} μέρες"\n'
    )


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("shop.nothing", "x", "text_unknown"),
        ("shop.hello", "x", "text_known"),
        ("shop.bye", "  ", "text_forms"),
        ("shop.bye", {"one": "a", "other": "b"}, "text_forms"),
        ("shop.days", "μέρες", "text_forms"),
        ("shop.days", {"other": "μέρες"}, "text_forms"),
        ("shop.bye", "Αντίο {name}", "text_blanks"),
        ("shop.bye", "Αντίο {", "text_blanks"),
        ("bye", "Αντίο", "operation_bad"),
    ],
)
def test_what_would_show_nonsense_is_refused(key: str, text: Any, code: str) -> None:
    with pytest.raises(SetuError) as error:
        write(key, text)
    assert error.value.code == code


def test_a_language_that_is_not_there_gets_no_texts() -> None:
    with pytest.raises(SetuError, match="file_unknown"):
        write("shop.bye", "До свидания", "ru")
