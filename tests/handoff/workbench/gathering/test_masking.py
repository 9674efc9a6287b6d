"""What is personal goes, whatever its script; what is not stays as it was written."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.workbench.gathering.masking import iban, luhn, mask

ZEROS = {"ascii": "0", "hi": "०", "bn": "০", "fa": "۰", "ar": "٠"}
FRAMES = [
    "{}",
    "hello {} thanks",
    "where is it? {}",
    "मेरा पार्सल कहाँ है {} जल्दी बताइए",
    "আমার পার্সেল কোথায় {} বলুন",
    "بسته من کجاست {} لطفا",
    "πού είναι το δέμα μου {} ευχαριστώ",
    "mera parcel kahan hai {} jaldi batao",
]
UNTOUCHED = [
    "where is my parcel",
    "i want size 42 under 50000 rs",
    "do you have it in 36 38 40 42",
    "price ৫০০০০০ টাকা?",
    "it was ordered on 2026-11-20, 3 days ago",
    "amount 1,20,000 rs",
    "i am angry",
    "it's XL now",
    "call me between 10:00 and 13:00",
    "मुझे वापस करना है",
    "ফেরত দিতে চাই",
    "می‌خواهم پس بدهم",
    "θέλω να το επιστρέψω",
    "https://shop.example/shoes/red-sneakers",
    "😡😡😡",
    "",
]


def in_script(digits: str, script: str) -> str:
    zero = ord(ZEROS[script])
    return "".join(chr(zero + int(char)) if char.isdigit() else char for char in digits)


def checked(digits: str) -> str:
    """With the digit at the end that a card's number has."""
    return next(digits + str(last) for last in range(10) if luhn(digits + str(last)))


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
emails = st.builds("{}.{}{}@{}.com".format, words, words, st.integers(0, 99), words)
scripts = st.sampled_from(sorted(ZEROS))
phones = st.builds(
    lambda first, rest, form, script: in_script(form.format(first, rest[:5], rest[5:]), script),
    st.sampled_from("6789"),
    st.text("0123456789", min_size=9, max_size=9).filter(lambda said: set(said) > {"0", "1"}),
    st.sampled_from(["{}{}{}", "+91 {}{} {}", "0{}{}{}", "+30{}{}{}"]),
    scripts,
)
orders = st.builds(
    lambda number, form, script: in_script(form.format(number), script),
    st.integers(100_002, 109_999),
    st.sampled_from(["SO-{}", "so {}", "#{}", "{}"]),
    scripts,
)
cards = st.builds(
    lambda digits, gap: gap.join(checked(digits)[i : i + 4] for i in range(0, 16, 4)),
    st.text("0123456789", min_size=15, max_size=15).filter(lambda said: said.strip("0") != ""),
    st.sampled_from(["", " ", "-"]),
)
links = st.builds("https://{}.com/t?token={}".format, words, st.text("abcdef0123456789", min_size=8))
planted = st.one_of(emails, phones, orders, cards, links)


@settings(max_examples=150, deadline=None)
@given(planted, st.sampled_from(FRAMES))
def test_nothing_planted_survives(secret: str, frame: str) -> None:
    masked = mask(frame.format(secret))
    assert secret not in masked.text
    assert masked.spans


@settings(max_examples=150, deadline=None)
@given(st.lists(planted, max_size=3), st.sampled_from(FRAMES), st.text(max_size=20))
def test_masking_twice_changes_nothing_more(secrets: list[str], frame: str, noise: str) -> None:
    once = mask(frame.replace("{}", " , ".join([noise, *secrets])))
    assert mask(once.text) == once


@settings(max_examples=100, deadline=None)
@given(st.lists(planted, min_size=1, max_size=3), st.sampled_from(FRAMES))
def test_spans_are_in_order_and_hold_something(secrets: list[str], frame: str) -> None:
    masked = mask(frame.format(" , ".join(secrets)))
    places = [(one.start, one.end) for one in masked.spans]
    assert all(0 <= a < b <= len(masked.text) for a, b in places)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(places))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert mask(text, ["Ravi Kumar"]).text is not None


@pytest.mark.parametrize("text", UNTOUCHED)
def test_a_text_without_personal_data_is_left_alone(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "gone", "kind"),
    [
        ("my name is Ravi Kumar", "Ravi", "person"),
        ("mera naam ravi kumar hai", "ravi", "person"),
        ("मेरा नाम रवि कुमार है", "रवि", "person"),
        ("আমার নাম রহিম উদ্দিন", "রহিম", "person"),
        ("اسمم علی رضایی هست", "رضایی", "person"),
        ("με λένε Γιώργο Παπαδόπουλο", "Παπαδόπουλο", "person"),
        ("deliver it to 12 MG Road, Indore 452001", "MG", "address"),
        ("Ερμού 12, Αθήνα 105 63", "Ερμού", "address"),
        ("নতুন ঠিকানা: ১২ লেক রোড, কলকাতা", "লেক", "address"),
        ("i was born on 12/03/1985", "1985", "birth"),
        ("DOB 12 march 1987", "1987", "birth"),
        ("متولد ۱۳۶۵/۰۳/۱۲ هستم", "۱۳۶۵", "birth"),
        ("IBAN GR16 0110 1250 0000 0001 2300 695 thanks", "1250", "iban"),
        ("pay me at ravi@okaxis", "ravi", "handle"),
        ("my PAN is ABCDE1234F", "1234", "document"),
        ("order no 12345 has not come", "12345", "number"),
        ("the postcode is SW1A 2AA", "SW1A", "postcode"),
        ("mail me: ravi (at) gmail (dot) com", "ravi", "email"),
    ],
)
def test_each_kind_is_told_and_replaced_in_its_own_script(text: str, gone: str, kind: str) -> None:
    masked = mask(text)
    assert gone not in masked.text
    assert kind in [one.kind for one in masked.spans]


def test_the_stand_in_is_written_like_what_it_replaces() -> None:
    assert mask("SO-104523").text == "SO-100001"
    assert mask("फ़ोन ९८७६५४३२१०").text == "फ़ोन १००००००००१"
    assert mask("+91 98765 43210").text == "+10 00000 00001"
    assert mask("mera naam ravi hai").text == "mera naam mira hai"


def test_people_who_talk_there_are_known_by_name_in_whole_and_in_part() -> None:
    known = ["Grace Hill", "রহিম"]
    assert mask("Grace here, is hill street far?", known).text == "Mira here, is mira street far?"
    assert mask("রহিমের পার্সেল", known).text == "মিতালীের পার্সেল"
    assert mask("what a disgraceful hillside", known).text == "what a disgraceful hillside"


def test_a_name_that_is_known_goes_even_when_it_is_the_whole_message() -> None:
    assert "Zoë" not in mask("Zoë", ["Zoë"]).text


def test_checksums_are_those_of_cards_and_accounts() -> None:
    assert luhn("4111 1111 1111 1111")
    assert not luhn("4111 1111 1111 1112")
    assert iban("GB29 NWBK 6016 1331 9268 19")
    assert not iban("GB29 NWBK 6016 1331 9268 18")
