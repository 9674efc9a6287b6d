"""Answers in other languages than English: numbers, yes and no, sizes, money, addresses, days."""

from __future__ import annotations

from datetime import date

import pytest

from actions.dialogue.account import Name, _phone_in
from actions.dialogue.address import Address
from actions.dialogue.answers import email_in, picked, said_any, yes_or_no
from actions.dialogue.language import ChangeLanguage
from actions.dialogue.order import number_in
from actions.dialogue.review import Stars
from actions.dialogue.stores import _day_named
from actions.dialogue.tastes import read_wish
from tests.actions.dialogue.conftest import Say


@pytest.mark.parametrize(
    ("language", "text", "rating"),
    [
        ("hi", "५", 5),
        ("hi", "चार", 4),
        ("hi", "paanch", 5),
        ("bn", "৩", 3),
        ("fa", "۴", 4),
        ("fa", "چهار", 4),
        ("el", "πέντε", 5),
        ("el", "four stars", 4),
        ("en", "five", 5),
    ],
)
async def test_stars_are_given_in_any_digits_and_words(
    say: Say, language: str, text: str, rating: int
) -> None:
    talk = say(text, slots={"language": language})
    assert await Stars().take(talk, asked=True)
    assert talk.get("rating") == rating


@pytest.mark.parametrize("text", ["سفارش SO-۱۰۰۱۲۳", "১০০১২৩", "ऑर्डर १००१२३ कहाँ है", "η παραγγελία #100123"])
def test_an_order_number_is_read_in_any_digits(say: Say, text: str) -> None:
    assert number_in(say(text)) == "SO-100123"


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("hi", "हाँ", True),
        ("hi", "haan kar do", True),
        ("hi", "नहीं", False),
        ("bn", "হ্যাঁ", True),
        ("bn", "না", False),
        ("fa", "بله", True),
        ("fa", "نه", False),
        ("el", "ναι", True),
        ("el", "όχι", False),
        ("el", "ok", True),
        ("hi", "no", False),
        ("fa", "yes please", True),
    ],
)
def test_yes_and_no_are_listened_for_in_the_language_and_in_english(
    say: Say, language: str, text: str, answer: bool
) -> None:
    assert yes_or_no(say(text, slots={"language": language})) is answer


def test_what_is_typed_in_another_script_is_listened_to_in_that_language(say: Say) -> None:
    assert yes_or_no(say("όχι", slots={"language": "hi"})) is False


@pytest.mark.parametrize(
    ("language", "text"),
    [("hi", "दूसरा वाला"), ("bn", "দ্বিতীয়টা"), ("fa", "دومی"), ("el", "το δεύτερο"), ("bn", "the second one")],
)
def test_one_of_several_is_picked_by_its_place(say: Say, language: str, text: str) -> None:
    assert picked(say(text, slots={"language": language}), 3) == 1


@pytest.mark.parametrize(
    ("language", "locale", "text", "budget"),
    [
        ("hi", "hi-IN", "लाल साड़ी 2000 रुपये तक", (200000, "INR")),
        ("hi", "hi-IN", "budget do hazaar", (200000, "INR")),
        ("bn", "bn-BD", "বাজেট ২০০০ টাকা", (200000, "BDT")),
        ("fa", "fa-IR", "زیر ۵۰۰ هزار تومان", (5000000, "IRR")),
        ("el", "el-GR", "κάτω από 49,90", (4990, "EUR")),
        ("el", "el-GR", "ως 50 ευρώ", (5000, "EUR")),
    ],
)
def test_a_budget_is_read_in_the_languages_words(
    say: Say, language: str, locale: str, text: str, budget: tuple[int, str]
) -> None:
    assert read_wish(say(text, slots={"language": language, "locale": locale})).budget == budget


@pytest.mark.parametrize(
    ("language", "text", "size"),
    [
        ("hi", "साइज़ ८ चाहिए", "8"),
        ("bn", "৪২ সাইজের জুতা", "42"),
        ("fa", "سایز ۴۲", "42"),
        ("el", "νούμερο 42", "42"),
        ("el", "XL έχετε;", "XL"),
    ],
)
def test_a_size_is_read_in_the_languages_words(say: Say, language: str, text: str, size: str) -> None:
    assert read_wish(say(text, slots={"language": language})).size == size


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("bn", "বাসা ১২, রোড ৫, ধানমন্ডি, ঢাকা ১২০৯", {"city": "Dhaka", "postcode": "1209"}),
        ("hi", "मकान नंबर 14, गांधी मार्ग, जयपुर ३०२००१", {"city": "Jaipur", "postcode": "302001"}),
        ("fa", "تهران، خیابان فردوسی، پلاک ۲۳، ۱۹۶۹۸۳۳۱۱۱", {"city": "Tehran", "postcode": "1969833111"}),
        ("el", "Ερμού 12, Αθήνα 105 63", {"city": "Athens", "postcode": "105 63"}),
        ("en", "please send it to 12 MG Road, Bengaluru 560038", {"city": "Bengaluru", "postcode": "560038"}),
    ],
)
async def test_an_address_is_read_with_its_town_and_postcode(
    say: Say, language: str, text: str, parts: dict[str, str]
) -> None:
    talk = say(text, intent="inform", slots={"language": language})
    assert await Address().take(talk, asked=True)
    address = talk.get("address")
    assert {name: address[name] for name in parts} == parts
    assert "please" not in address["line"]


async def test_an_address_told_with_the_wish_is_not_asked_for(say: Say) -> None:
    talk = say("change the address of SO-100123 to 12 MG Road, Bengaluru 560038", intent="change_address")
    assert await Address().take(talk, asked=False)
    assert talk.get("address") == {
        "line": "12 MG Road",
        "city": "Bengaluru",
        "postcode": "560038",
    }


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "are you open tomorrow", date(2026, 11, 22)),
        ("en", "open on friday?", date(2026, 11, 27)),
        ("hi", "कल खुला है?", date(2026, 11, 22)),
        ("hi", "somvar ko khula hai", date(2026, 11, 23)),
        ("bn", "শুক্রবার খোলা?", date(2026, 11, 27)),
        ("fa", "جمعه بازید؟", date(2026, 11, 27)),
        ("el", "Κυριακή είστε ανοιχτά;", date(2026, 11, 22)),
        ("en", "what about last week", None),
        ("en", "when do you close", None),
    ],
)
def test_the_day_asked_about_is_read(say: Say, language: str, text: str, day: date | None) -> None:
    assert _day_named(say(text, slots={"language": language}), date(2026, 11, 21)) == day


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("hi", "राजेश कुमार", "राजेश कुमार"),
        ("bn", "সুমিতা ঘোষ", "সুমিতা ঘোষ"),
        ("fa", "رضا کریمی", "رضا کریمی"),
        ("el", "με λένε Ελένη Γεωργίου", "Ελένη Γεωργίου"),
        ("hi", "mera naam Asha hai", "Asha"),
    ],
)
async def test_a_name_is_told_in_any_script(say: Say, language: str, text: str, name: str) -> None:
    talk = say(text, slots={"language": language})
    assert await Name().take(talk, asked=True)
    assert talk.get("name") == name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("हिंदी में बात करो", "hi"),
        ("বাংলায় বলুন", "bn"),
        ("στα ελληνικά", "el"),
        ("speak farsi", "fa"),
        ("hello", None),
    ],
)
def test_a_language_is_asked_for_by_its_own_name(say: Say, text: str, wanted: str | None) -> None:
    assert ChangeLanguage(say(text).tools)._wanted(say(text)) == wanted


def test_phones_and_mails_are_read_in_any_digits(say: Say) -> None:
    assert _phone_in("شماره ۰۹۱۲۳۴۵۶۷۸۹") == "09123456789"
    assert email_in("ایمیل من sara۱@example.com") == "sara1@example.com"


def test_other_languages_endings_make_no_word_of_an_english_one(say: Say) -> None:
    assert not said_any(say("note it", slots={"language": "fa"}), "not")
