from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from actions.shop import pictures
from actions.shop.pictures import PATTERNS, picture
from actions.shop.reference import Reference
from tests.actions.world import World

SHOP = Reference.load()
SVG = "{http://www.w3.org/2000/svg}"


@given(
    st.sampled_from(sorted(SHOP.pictures)),
    st.sampled_from(sorted(SHOP.colours.values())),
    st.sampled_from(["plain", *PATTERNS, "unheard of"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
)
def test_every_picture_is_good_xml_and_inert_whatever_the_title(
    kind: str, shade: str, pattern: str, title: str
) -> None:
    drawn = picture(SHOP.pictures[kind], shade, pattern, title)
    root = ET.fromstring(drawn)
    names = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert names <= {"svg", "title", "defs", "radialGradient", "stop", "pattern", "path", "circle", "rect",
                     "ellipse", "g"}  # fmt: skip
    assert not [
        name for node in root.iter() for name in node.attrib if name.startswith("on") or "href" in name
    ]
    assert (root.findtext(f"{SVG}title") or "") == title.replace("\r", "\n")
    assert drawn == picture(SHOP.pictures[kind], shade, pattern, title)


def test_markup_in_a_name_stays_text() -> None:
    drawn = picture(SHOP.pictures["bag"], "#112233", "plain", "<script>alert(1)</script>")
    assert "<script" not in drawn


def test_kinds_and_colours_look_different() -> None:
    drawn = {
        picture(parts, shade, "plain", "x")
        for parts in SHOP.pictures.values()
        for shade in SHOP.colours.values()
    }
    assert len(drawn) == len(SHOP.pictures) * len(SHOP.colours)


def test_every_category_has_its_picture() -> None:
    assert {str(leaf["picture"]) for leaf in SHOP.categories.values()} <= SHOP.pictures.keys()


async def test_a_product_is_drawn_in_the_colour_asked_for_if_it_comes_in_it(world: World) -> None:
    product = await world.product({("M", "red"): 1, ("M", "teal"): 1})
    async with world.database.read() as session:
        red, teal = [await pictures.of(session, product.id, colour) for colour in ("red", "teal")]
        assert red != teal
        assert await pictures.of(session, product.id) == red
        assert await pictures.of(session, product.id, "<b>") == red
        assert await pictures.of(session, "nothing") is None
