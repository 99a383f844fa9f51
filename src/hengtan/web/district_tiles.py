"""The tiles of districts on the overview: where the pack has a map and targets lie in districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from hengtan.basis.lights import LIGHTS
from hengtan.report.judgement import STANDINGS
from hengtan.report.page.tiles import Tile, short, tile_map
from hengtan.report.view import Row, StatusView
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

FEWEST = 2
"""Districts with targets from which there is something to look at side by side."""


def district_tiles(workspace: Workspace, view: StatusView, lang: str) -> Markup:
    """A square for each district of the map: its most pressing light, and how many of its targets
    are met or on track; empty where the plans do not cover districts.
    """
    positions = {r["place"]: (r["row"], r["column"]) for r in workspace.pack.rows("map_tiles")}
    of_place: dict[str, list[Row]] = {}
    for target in view.targets:
        if target["region_code"] in positions:
            of_place.setdefault(target["region_code"], []).append(target)
    if len(of_place) < FEWEST:
        return Markup("")
    places = workspace.pack.places()
    names = {
        code: short(places[code].name_zh) if lang == "zh" else places[code].name_en or code
        for code in positions
        if code in places
    }
    tiles = [_tile(place, rows) for place, rows in of_place.items()]
    return tile_map(tiles, positions, names, word("tiles.title", lang))


def _tile(place: str, rows: list[Row]) -> Tile:
    worst = LIGHTS[min((row["light"] for row in rows), key=list(LIGHTS).index)]
    good = sum(row["light"] in STANDINGS["on_track"] for row in rows)
    text = f"{good}/{len(rows)}"
    if worst.level is not None:
        return Tile(place, text, light=worst.level)
    return Tile(place, f"{worst.mark} {text}", fill=worst.pale)
