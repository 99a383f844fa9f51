"""A map of equal squares placed by direction: a district's name, a mark and a figure in each, as
inline SVG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from hengtan.basis.lights import of_level
from hengtan.report.words import word

SIDE, GAP = 76, 6
"""Side of a square and the gap between two, in pixels."""
INK, OUTLINE = "#1f2933", "#c5ced6"
PALE_TINT, FULL_TINT = 243, (46, 134, 150)
"""Grey from which a tint starts and the colour (red, green, blue) it goes to."""


@dataclass(frozen=True)
class Tile:
    """What stands in the square of a place: a figure, and a light (1 red – 3 green) or a fill of
    its own.
    """

    place: str
    text: str
    light: int = 0
    fill: str = ""


def tile_map(
    tiles: Sequence[Tile],
    positions: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    label: str,
) -> Markup:
    """The map; squares without a figure are pale. Empty where no place has a position.

    ``positions``: row and column of each place; ``names``: what stands in each square.
    """
    if not positions:
        return Markup("")
    by_place = {tile.place: tile for tile in tiles}
    squares = [
        _square(position, names.get(place, place), by_place.get(place))
        for place, position in sorted(positions.items(), key=lambda item: item[1])
    ]
    step = SIDE + GAP
    height = (1 + max(row for row, _ in positions.values())) * step - GAP
    width = (1 + max(column for _, column in positions.values())) * step - GAP
    return Markup(
        f'<svg class="tiles" viewBox="-2 -2 {width + 4} {height + 4}" width="{width}" role="img"'
        f' aria-label="{escape(label)}" font-family="inherit">{"".join(squares)}</svg>'
    )


def _square(position: tuple[int, int], name: str, tile: Tile | None) -> str:
    """One square with its title for the pointer."""
    row, column = position
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    light = of_level(tile.light if tile else 0)
    judged = tile is not None and not tile.fill
    fill = tile.fill if tile and tile.fill else light.pale
    outline, colour = (light.ink, light.ink) if judged else (OUTLINE, INK)
    mark = f"{light.mark} " if judged else ""
    shown, text = escape(name), escape(tile.text if tile else "")
    middle = x + SIDE / 2
    return (
        f'<g><title>{shown} {text}</title><rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}"'
        f' rx="6" fill="{fill}" stroke="{outline}"/>'
        f'<text x="{middle}" y="{y + 30}" text-anchor="middle" font-size="14" fill="{INK}">{shown}'
        f'</text><text x="{middle}" y="{y + 54}" text-anchor="middle" font-size="13"'
        f' fill="{colour}">{mark}{text}</text></g>'
    )


def shade(value: float, low: float, high: float) -> str:
    """A tint of the house's colour by where a value lies."""
    share = 0.0 if high <= low else (value - low) / (high - low)
    depth = 0.12 + 0.62 * share
    mix = [round(PALE_TINT + (full - PALE_TINT) * depth) for full in FULL_TINT]
    return "#{:02x}{:02x}{:02x}".format(*mix)


def short(name: str) -> str:
    """A district's name as it fits in a square: without its suffix and what precedes it."""
    for tail in word("place.tails").split("、"):
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            name = name[: -len(tail)]
            break
    return name[-4:] if len(name) > 4 else name
