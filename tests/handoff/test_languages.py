"""The check of languages finds what is missing and what is wrong, and ours are whole."""

from pathlib import Path

import pytest
import yaml

from handoff.languages import check, languages, main

ENGLISH = {
    "responses/en.yml": {
        "responses": {
            "utter_hello": [{"text": "Hello {name}", "buttons": [{"title": "Go", "payload": '/go{"a": 1}'}]}]
        }
    },
    "texts/en.yml": {
        "desk": {"count": {"one": "{count} talk", "other": "{count} talks"}, "who": "{name} here"}
    },
    "nlu/en/a.yml": {"nlu": [{"intent": "go", "examples": "- go\n- go on\n"}]},
    "entities/en.yml": {"words": {}},
    "sentiment/en.yml": {"mood": {"positive": ["nice"]}},
    "desk/canned.en.yml": {"hello": "Hi {customer}"},
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path, ENGLISH)
    return tmp_path


def write(data: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def test_a_language_without_any_file_lacks_everything_and_has_nothing_wrong(data: Path) -> None:
    found = check("el", data, data)
    assert not found.wrong
    assert {"responses: utter_hello", "texts: desk.who", "nlu: go has 0 of 20 examples"} <= set(found.missing)
    assert {"entities: words", "sentiment: mood.positive", "canned replies: hello"} <= set(found.missing)


def test_an_unknown_blank_another_payload_and_a_lacking_plural_are_wrong(data: Path) -> None:
    hello = [{"text": "Γεια {onoma}", "buttons": [{"title": "Πάμε", "payload": "/stop"}]}]
    write(data, {"responses/ru.yml": {"responses": {"utter_hello": hello}}})
    write(
        data, {"texts/ru.yml": {"desk": {"count": {"one": "{count}", "other": "{count}"}, "who": "{nobody"}}}
    )
    wrong = "\n".join(check("ru", data, data).wrong)
    for part in (
        "fills in ['onoma']",
        "other buttons",
        "lacks the plural forms ['few', 'many']",
        "desk.who: ",
    ):
        assert part in wrong


def test_a_blank_of_a_payload_is_no_text_to_fill_in(data: Path) -> None:
    hello = [{"text": "Γεια", "buttons": [{"title": "Πάμε", "payload": '/go{"a": 1}'}]}]
    write(data, {"responses/el.yml": {"responses": {"utter_hello": hello}}})
    assert not check("el", data, data).wrong


def test_a_text_that_english_does_not_have_is_wrong(data: Path) -> None:
    write(
        data,
        {
            "texts/el.yml": {"desk": {"old": "παλιό"}},
            "nlu/el/a.yml": {"nlu": [{"intent": "x", "examples": ""}]},
        },
    )
    assert check("el", data, data).wrong == [
        "texts: desk.old is not there in English",
        "nlu: x is not an intent in English",
    ]


def test_nothing_is_wrong_in_any_of_our_languages() -> None:
    assert languages()[0] == "en"
    assert [wrong for language in languages() for wrong in check(language).wrong] == []


def test_a_file_that_cannot_be_read_is_told_and_fails(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(data.parent)
    data.rename(data.parent / "data")
    (data.parent / "data/texts/el.yml").write_text("desk: [", "utf-8")
    assert main(["el"]) == 1
    assert "el: cannot be read" in capsys.readouterr().out
