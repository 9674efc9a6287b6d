from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest

from actions.shop.orders import STATUSES
from actions.shop.reference import Reference
from actions.texts import Texts

FILES = {
    "en": "shop:\n  hello: Hello {name}\n  deep: {a: A, b: B}\n"
    "  left: {one: '{count} left', other: '{count} are left'}\n",
    "bn": "shop:\n  hello: নমস্কার {name}\n  deep: {a: অ}\n",
}


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    for language, content in FILES.items():
        (tmp_path / f"{language}.yml").write_text(content, "utf-8")
    return Texts.load(tmp_path)


def test_a_text_is_said_in_the_language_of_a_tag(texts: Texts) -> None:
    assert texts.say("shop.hello", "bn-BD", name="Mitu") == "নমস্কার Mitu"
    assert texts.say("shop.hello", None, name="Mitu") == "Hello Mitu"


def test_a_missing_text_falls_back_to_english_and_leaves_a_line(
    texts: Texts, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert texts.say("shop.left", "bn", count=2) == "2 are left"
    assert "shop.left in bn" in caplog.text


def test_plural_forms_follow_the_number(texts: Texts) -> None:
    assert texts.say("shop.left", "en", count=1) == "1 left"
    with pytest.raises(TypeError):
        texts.say("shop.left", "en", count="many")


def test_counts_have_the_digits_of_the_language() -> None:
    assert Texts.load().say("actions.goods_more", "fa", name="A4", count=12) == "A4 و ۱۲ کالای دیگر"


@pytest.mark.parametrize("key", ["shop.nothing", "nothing", "shop", "shop.hello.more", "shop.deep"])
def test_a_key_that_english_lacks_is_an_error(texts: Texts, key: str) -> None:
    with pytest.raises(KeyError):
        texts.say(key, "en")


def test_a_missing_value_is_an_error(texts: Texts) -> None:
    with pytest.raises(KeyError):
        texts.say("shop.hello", "en")


def test_braces_in_a_value_are_only_text(texts: Texts) -> None:
    assert texts.say("shop.hello", "en", name="{count.__class__}") == "Hello {count.__class__}"


def test_a_section_is_english_under_the_language(texts: Texts) -> None:
    assert texts.section("shop", "bn")["deep"] == {"a": "অ", "b": "B"}
    assert texts.section("shop", "bn")["left"]["one"] == "{count} left"


def test_without_english_there_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Texts.load(tmp_path)


def test_every_name_of_the_shop_has_a_word(reference: Reference) -> None:
    texts = Texts.load()
    keys = [f"category.{path}" for path in (*reference.categories, *reference.departments)]
    keys += [f"colour.{name}" for name in reference.colours]
    keys += [f"size_group.{name}" for name in reference.size_groups]
    keys += [f"tier.{tier.name}" for tier in reference.tiers]
    keys += [f"measure.{measure}" for group in reference.size_groups.values() for measure in group.measures]
    keys += [f"status.{status}" for status in STATUSES]
    for country in reference.countries:
        keys += [f"payment.{method}" for method in reference.payment_methods(country)]
        keys += [f"delivery.{option.name}" for option in reference.delivery_options(country)]
    assert [key for key in keys if not texts.has(f"shop.{key}")] == []


def test_every_refusal_has_its_words() -> None:
    texts, raised = Texts.load(), set()
    for folder in ("actions/shop", "actions/customers"):
        for path in Path(folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                    raised |= {
                        leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)
                    }
    codes = {code for code in raised if isinstance(code, str) and "_" in code and not code.startswith("_")}
    assert len(codes) > 25
    assert sorted(code for code in codes if not texts.has(f"shop.error.{code}")) == []


ERRORS = {"NotFound", "TooLate", "Refused", "Invalid"}
