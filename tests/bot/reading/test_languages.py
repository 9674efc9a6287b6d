"""What messages name in Hindi, Bengali, Persian and Greek: native, romanised, mixed with English."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.finder import Finders
from bot.reading.language import read_folder

DATA = Path(__file__).parents[3] / "data" / "entities"
TODAY = date(2026, 11, 21)  # a Saturday

HINDI = [
    ("मेरा ऑर्डर १००१२३ कल आया था", {"order_number": "SO-100123", "date": "2026-11-20"}),
    ("कल मिलेगा क्या", {"date": "2026-11-22"}),
    ("kal aaya tha", {"date": "2026-11-20"}),
    ("parso aayega kya", {"date": "2026-11-23"}),
    ("अगले मंगलवार", {"date": "2026-11-24"}),
    ("3 din pehle", {"date": "2026-11-18"}),
    ("पिछले हफ़्ते", {"date": "2026-11-09/2026-11-15"}),
    ("₹1,20,000 तक की लाल साड़ी", {"money": "120000 INR", "colour": "red", "category": "sarees"}),
    ("साढ़े तीन हज़ार रुपये", {"money": "3500 INR"}),
    ("डेढ़ लाख रुपये", {"money": "150000 INR"}),
    ("2 hazaar rupaye", {"money": "2000 INR"}),
    ("1500 se kam me", {"money": "1500"}),
    ("kaale joote size 8", {"colour": "black", "category": "shoes", "size": "8"}),
    ("do jodi chahiye", {"quantity": "2"}),
    ("मेरा नाम राहुल शर्मा है", {"person": "राहुल शर्मा"}),
    ("mera naam rahul sharma hai", {"person": "rahul sharma"}),
    ("दिल्ली में दुकान", {"city": "Delhi"}),
    ("मकान नंबर 14, गांधी मार्ग, जयपुर 302001",
     {"address": "मकान नंबर 14, गांधी मार्ग, जयपुर 302001", "city": "Jaipur"}),
]  # fmt: skip
BENGALI = [
    ("আমার অর্ডার ১০০১২৩ কবে আসবে", {"order_number": "SO-100123"}),
    ("গতকাল পেয়েছি", {"date": "2026-11-20"}),
    ("৩ দিন আগে", {"date": "2026-11-18"}),
    ("গত সপ্তাহে", {"date": "2026-11-09/2026-11-15"}),
    ("১৫ ডিসেম্বর", {"date": "2026-12-15"}),
    ("লাল শাড়ি ২০০০ টাকার মধ্যে", {"colour": "red", "category": "sarees", "money": "2000 BDT"}),
    ("dui hajar taka", {"money": "2000 BDT"}),
    ("দেড় হাজার টাকা", {"money": "1500 BDT"}),
    ("৳৪৯৯", {"money": "499 BDT"}),
    ("৩টা শার্ট লাগবে", {"quantity": "3", "category": "shirts"}),
    ("নীল রঙের জুতাগুলো", {"colour": "blue", "category": "shoes"}),
    ("আমার নাম রহিম উদ্দিন", {"person": "রহিম উদ্দিন"}),
    ("ঢাকায় দোকান কোথায়", {"city": "Dhaka"}),
    ("বাসা ১২, রোড ৫, ধানমন্ডি, ঢাকা ১২০৯", {"address": "বাসা ১২, রোড ৫, ধানমন্ডি, ঢাকা ১২০৯", "city": "Dhaka"}),
    ("ফোন ০১৭১২৩৪৫৬৭৮", {"phone": "01712345678"}),
]  # fmt: skip
PERSIAN = [
    ("سفارش ۱۰۰۱۲۳ کجاست", {"order_number": "SO-100123"}),
    ("so-۱۰۰۱۲۳", {"order_number": "SO-100123"}),
    ("۲۵۰ هزار تومان", {"money": "2500000 IRR"}),
    ("یک و نیم میلیون تومان", {"money": "15000000 IRR"}),
    ("250 hezar toman", {"money": "2500000 IRR"}),
    ("۵۰۰٬۰۰۰ ریال", {"money": "500000 IRR"}),
    ("۱۲ آبان", {"date": "2026-11-03"}),
    ("۱ فروردین ۱۴۰۶", {"date": "2027-03-21"}),
    ("۱۴۰۵/۰۸/۱۲", {"date": "2026-11-03"}),
    ("فردا میرسه؟", {"date": "2026-11-22"}),
    ("هفته‌ی گذشته", {"date": "2026-11-09/2026-11-15"}),
    ("سه روز پیش", {"date": "2026-11-18"}),
    ("سه‌شنبه‌ی آینده", {"date": "2026-11-24"}),
    ("سه شنبه آینده", {"date": "2026-11-24"}),
    ("دو تا کفش مشکی سایز ۴۲", {"quantity": "2", "category": "shoes", "colour": "black", "size": "42"}),
    ("كفش مشكي", {"category": "shoes", "colour": "black"}),
    ("کفش‌های مشکی", {"category": "shoes", "colour": "black"}),
    ("kafsh meshki size 42", {"category": "shoes", "colour": "black", "size": "42"}),
    ("اسم من رضا احمدی هست", {"person": "رضا احمدی"}),
    ("تهران، خیابان فردوسی، پلاک ۲۳، واحد ۴",
     {"address": "تهران، خیابان فردوسی، پلاک ۲۳، واحد ۴", "city": "Tehran"}),
    ("09123456789", {"phone": "09123456789"}),
]  # fmt: skip
GREEK = [
    ("που ειναι η παραγγελια 100123", {"order_number": "SO-100123"}),
    ("κόκκινο φόρεμα κάτω από 50 ευρώ", {"colour": "red", "category": "dresses", "money": "50 EUR"}),
    ("ΚΟΚΚΙΝΑ ΦΟΡΕΜΑΤΑ", {"colour": "red", "category": "dresses"}),
    ("49,90 €", {"money": "49.90 EUR"}),
    ("1.200 ευρώ", {"money": "1200 EUR"}),
    ("την επόμενη Τρίτη", {"date": "2026-11-24"}),
    ("πριν 3 μέρες", {"date": "2026-11-18"}),
    ("την περασμένη εβδομάδα", {"date": "2026-11-09/2026-11-15"}),
    ("χθες", {"date": "2026-11-20"}),
    ("12 Μαρτίου 2027", {"date": "2027-03-12"}),
    ("παπούτσια νούμερο 42", {"category": "shoes", "size": "42"}),
    ("kokkino forema", {"colour": "red", "category": "dresses"}),
    ("με λένε Νίκο Παππά", {"person": "Νίκο Παππά"}),
    ("Ερμού 12, Αθήνα 105 63", {"address": "Ερμού 12, Αθήνα 105 63", "city": "Athens"}),
    ("+30 691 234 5678", {"phone": "+306912345678"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def finders() -> Finders:
    return Finders(read_folder(DATA))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, text, expected)
        for language, table in (("hi", HINDI), ("bn", BENGALI), ("fa", PERSIAN), ("el", GREEK))
        for text, expected in table
    ],
)
def test_what_a_message_names_is_found(
    finders: Finders, language: str, text: str, expected: dict[str, str]
) -> None:
    assert {one.entity: one.value for one in finders.find(text, language, TODAY)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("লাল শাড়ি", {"colour": "red", "category": "sarees"}),
        ("order টা tomorrow আসবে?", {"date": "2026-11-22"}),
        ("mujhe लाल dress chahiye", {"colour": "red", "category": "dresses"}),
        ("black জুতা", {"colour": "black", "category": "shoes"}),
    ],
)
@pytest.mark.parametrize("guess", ["en", "el", None])
def test_the_script_decides_where_the_guess_is_wrong(
    finders: Finders, text: str, expected: dict[str, str], guess: str | None
) -> None:
    assert {one.entity: one.value for one in finders.find(text, guess, TODAY)} == expected


@pytest.mark.parametrize(
    "text", ["i hate this", "note it", "more please", "what a pain", "do you", "one more", "the ring"]
)
@pytest.mark.parametrize("language", ["hi", "bn", "el"])
def test_other_languages_endings_are_not_taken_off_english_words(
    finders: Finders, language: str, text: str
) -> None:
    found = {(one.entity, one.start, one.end) for one in finders.find(text, language, TODAY)}
    english = {(one.entity, one.start, one.end) for one in finders.find(text, "en", TODAY)}
    assert found <= english
