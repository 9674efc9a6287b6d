"""Pictures of products, drawn: an SVG from the kind of thing, its colour and its pattern."""

from __future__ import annotations

import colorsys
import zlib
from collections.abc import Mapping, Sequence
from html import escape

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.shop.models import Product, Variant
from actions.shop.reference import Reference

Part = Mapping[str, str]  # paint and d
PAINTS = {"metal": "#c9a45c", "wood": "#b98d62", "paper": "#fbfaf7"}
PATTERNS = {
    "striped": '<path d="M0 3 H12" stroke="{ink}" stroke-width="3"/>',
    "checked": '<path d="M0 6 H12 M6 0 V12" stroke="{ink}" stroke-width="2"/>',
    "dotted": '<circle cx="6" cy="6" r="2" fill="{ink}"/>',
    "floral": '<path d="M6 2 Q8 5 6 6 Q4 5 6 2 M10 6 Q7 8 6 6 Q7 4 10 6 M6 10 Q4 7 6 6 Q8 7 6 10 '
    'M2 6 Q5 4 6 6 Q5 8 2 6" fill="{ink}"/>',
}


def picture(parts: Sequence[Part], shade: str, pattern: str, title: str) -> str:
    """An SVG of 400 × 400 units. Pure: the same arguments draw the same picture.

    ``shade`` is a colour as #rrggbb, ``title`` any text (escaped here). No script, no reference outside.
    """
    tints = {"main": shade, "dark": _tint(shade, 0.74), "light": _tint(shade, 1.28), **PAINTS}
    ink = _tint(shade, 0.82) if _lightness(shade) > 0.5 else _tint(shade, 1.35)
    turn = zlib.crc32(title.encode("utf-8", "replace")) % 40  # a little of its own for each product
    ground, glow = _ground(shade, turn)
    outline = _tint(shade, 0.55) if _lightness(shade) > 0.25 else "#8d8f98"
    body = "".join(_part(part, tints, outline, pattern in PATTERNS) for part in parts)
    tile = PATTERNS.get(pattern, "").format(ink=ink)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="400" height="400" role="img">'
        f"<title>{escape(title)}</title>"
        f'<defs><radialGradient id="g" cx="50%" cy="40%" r="75%"><stop offset="0" stop-color="{glow}"/>'
        f'<stop offset="1" stop-color="{ground}"/></radialGradient>'
        f'<pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn - 20})">{tile}</pattern></defs>'
        '<rect width="200" height="200" fill="url(#g)"/>'
        '<ellipse cx="100" cy="178" rx="62" ry="7" fill="#000" opacity=".10"/>'
        f'<g stroke-linejoin="round" stroke-linecap="round">{body}</g></svg>'
    )


def _part(part: Part, tints: Mapping[str, str], outline: str, patterned: bool) -> str:
    shape = escape(part["d"])
    if part["paint"] == "line":
        return f'<path d="{shape}" fill="none" stroke="{outline}" stroke-width="2" opacity=".55"/>'
    paint = tints[part["paint"]]
    drawn = f'<path d="{shape}" fill="{paint}" fill-rule="evenodd" stroke="{outline}" stroke-width="1.5"/>'
    if patterned and part["paint"] == "main":
        drawn += f'<path d="{shape}" fill="url(#p)" opacity=".6"/>'
    return drawn


async def of(session: AsyncSession, product_id: str, colour: str | None = None) -> str | None:
    """The picture of a product, in a colour it comes in (default: its first); None without the product."""
    product = await session.get(Product, product_id)
    if product is None:
        return None
    colours = await session.scalars(
        select(Variant.colour).where(Variant.product_id == product_id).distinct().order_by(Variant.colour)
    )
    comes_in = list(colours)
    return draw(product, colour if colour in comes_in else comes_in[0] if comes_in else "grey")


def draw(product: Product, colour: str, reference: Reference | None = None) -> str:
    """The picture of ``product`` in ``colour``."""
    reference = reference or Reference.load()
    leaf = reference.categories.get(product.category) or {}
    return picture(
        reference.pictures.get(str(leaf.get("picture")), reference.pictures["bag"]),
        reference.colours.get(colour, "#9aa0a8"),
        str(product.attributes.get("pattern", "plain")),
        f"{product.name}, {colour}",
    )


def _rgb(shade: str) -> tuple[float, float, float]:
    return int(shade[1:3], 16) / 255, int(shade[3:5], 16) / 255, int(shade[5:7], 16) / 255


def _lightness(shade: str) -> float:
    return colorsys.rgb_to_hls(*_rgb(shade))[1]


def _tint(shade: str, times: float) -> str:
    """Lighter (above 1) or darker (below)."""
    hue, light, colour = colorsys.rgb_to_hls(*_rgb(shade))
    return _hex(colorsys.hls_to_rgb(hue, min(0.96, max(0.06, light * times)), colour))


def _ground(shade: str, turn: int) -> tuple[str, str]:
    """A pale background away from the product's hue, and its lighter middle."""
    hue, light, _ = colorsys.rgb_to_hls(*_rgb(shade))
    other = (hue + 0.42 + turn / 400) % 1
    depth = 0.80 if light > 0.8 else 0.88
    return _hex(colorsys.hls_to_rgb(other, depth, 0.35)), _hex(colorsys.hls_to_rgb(other, 0.96, 0.4))


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
