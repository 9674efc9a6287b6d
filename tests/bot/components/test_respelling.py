"""What is typed in Latin letters is read in the language's own, and only that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.utils.io import read_yaml_file

from bot.components.respelling import Respeller, sound
from bot.components.romanise import Romaniser

WORDS = {
    "hi": ["मेरा", "मुझे", "नहीं", "चाहिए", "कहाँ", "है", "कब", "पैसे", "वापस", "जूते"],
    "bn": ["আমার", "কোথায়", "টাকা", "ফেরত", "চাই", "কবে", "পাব"],
    "fa": ["سفارشم", "کجاست", "میخوام", "پولمو", "پس", "بدید", "کی", "میرسه"],
    "el": ["πού", "είναι", "η", "παραγγελία", "μου", "θέλω", "να", "ακυρώσω", "ευχαριστώ"],
}
ENGLISH = {"order": 1e-4, "refund": 1e-5, "size": 1e-4, "the": 5e-2, "me": 1e-3, "is": 1e-2}


@pytest.fixture(scope="module")
def respellers() -> dict[str, Respeller]:
    made = {}
    for language, words in WORDS.items():
        romaniser = Romaniser.of(read_yaml_file(f"data/language/{language}.yml"))
        assert romaniser is not None
        made[language] = Respeller.learn(dict.fromkeys(words, 1 / len(words)), romaniser, ENGLISH)
    return made


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("hi", "mera order kahan hai", "मेरा order कहाँ है"),
        ("hi", "mujhe refund chaiye", "मुझे refund चाहिए"),
        ("hi", "paise wapas nhi", "पैसे वापस नहीं"),
        ("bn", "amar order kothay?", "আমার order কোথায়?"),
        ("bn", "taka ferot chai", "টাকা ফেরত চাই"),
        ("fa", "sefaresham kojast", "سفارشم کجاست"),
        ("fa", "mikham, key mirese", "میخوام, کی میرسه"),
        ("el", "pou einai i paraggelia mou", "πού είναι i παραγγελία μου"),
        ("el", "8elw na akyrwsw", "θέλω να ακυρώσω"),
        ("el", "PARAGELIA", "παραγγελία"),
    ],
)
def test_a_word_is_read_in_its_own_letters(
    respellers: dict[str, Respeller], language: str, typed: str, read: str
) -> None:
    assert respellers[language].respell(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "SO-100123",
        "mera@example.com",
        "https://mera.example/hai",
        "the order is size 40",
        "M or XL?",
        "qwrtzplmk",
        "मेरा order",
        "",
        "12 345",
    ],
)
def test_numbers_addresses_english_and_nonsense_stay(respellers: dict[str, Respeller], text: str) -> None:
    assert respellers["hi"].respell(text) == text


@pytest.mark.parametrize(
    "alike",
    [
        ["nahi", "nhi", "naahi"],
        ["kahan", "khaan", "kahaan"],
        ["paraggelia", "paragelia"],
        ["mikham", "mixam"],
        ["thelo", "8elw", "thelw"],
    ],
)
def test_spellings_of_one_word_sound_alike(alike: list[str]) -> None:
    assert len({sound(word) for word in alike}) == 1


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    romaniser = Romaniser.of(read_yaml_file("data/language/el.yml"))
    assert romaniser is not None
    respeller = Respeller.learn({"θέλω": 0.5, "μου": 0.5}, romaniser, {})
    assert isinstance(respeller.respell(text), str)


def test_what_was_learnt_is_kept(respellers: dict[str, Respeller]) -> None:
    again = Respeller.from_arrays(respellers["hi"].to_arrays(), ENGLISH)
    assert again.respell("mera order kahan hai") == "मेरा order कहाँ है"


def test_a_file_of_another_kind_is_refused(respellers: dict[str, Respeller]) -> None:
    arrays = respellers["hi"].to_arrays()
    with pytest.raises(ValueError, match="not of one length"):
        Respeller.from_arrays({**arrays, "weights": arrays["weights"][:2]}, ENGLISH)
