"""The graph of accounts as SVG: layers from sources to results, ordered to cross little; no outside
program.

An arrow over several layers has a place of its own in each layer between, so that it never runs
behind a box.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable
from html import escape
from itertools import pairwise

from hengtan.basis.words import Words
from hengtan.graph.account import Accounts
from hengtan.graph.explanation import first_paragraph

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 210, 46, 90, 18, 24
COLOURS = {
    "account": ("#0f5132", "#e3f2e8"),
    "ledger": ("#7a4b00", "#fff3d6"),
    "pack": ("#1d3f72", "#e5eefb"),
}
KINDS = ("pack", "ledger", "account")
FONT = "system-ui, &quot;Noto Sans CJK SC&quot;, &quot;Microsoft YaHei&quot;, sans-serif"
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>'
)


def draw(
    graph: Accounts, title_of: Callable[[str], str] = lambda name: "", language: str = "zh"
) -> str:
    """An SVG picture of the accounts and the tables they use: each with its title (``title_of``, ""
    where it has none) and its name. In English, accounts carry the first paragraph of their
    docstring.
    """
    accounts = graph.accounts()
    used = {table for about in accounts.values() for table in about.tables} | set(accounts)
    inputs = {name: list(accounts[name].tables) if name in accounts else [] for name in used}
    layers, edges, routes = _routed(_layers(inputs), inputs)
    at = _placed(_ordered(layers, edges), edges)
    width = MARGIN * 2 + len(layers) * (BOX_WIDTH + GAP_X) - GAP_X
    height = round(MARGIN + max(y + _tall(name) for name, (_, y) in at.items()))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img" aria-label="{_word("label", language)}"'
        f' font-family="{FONT}">',
        TIP,
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_legend(language),
    ]
    parts += [_arrow([at[stop] for stop in route]) for route in routes]
    for name in inputs:
        kind = _kind(graph, name)
        note = _word(kind, language)
        if kind == "account" and language == "en":
            note = first_paragraph(accounts[name].doc)
        parts.append(_box(name, title_of(name), note, kind, *at[name]))
    return "".join([*parts, "</svg>"])


def _kind(graph: Accounts, name: str) -> str:
    if name in graph.accounts():
        return "account"
    return "ledger" if "_submission" in graph.table(name).columns else "pack"


def _word(code: str, language: str) -> str:
    return Words.of("hengtan.graph").say(f"draw.{code}", language)


def _arrow(stops: list[tuple[float, float]]) -> str:
    """A curve from the right of the first box to the left of the last, level through the stops
    between.
    """
    middle = BOX_HEIGHT / 2
    x, y = stops[0][0] + BOX_WIDTH, stops[0][1] + middle
    path = f"M{x:g} {y:g}"
    for n, (left, top) in enumerate(stops[1:], 2):
        last = n == len(stops)
        end_x, end_y = left - (2 if last else 0), top + (middle if last else 0)
        bend = (end_x - x) / 2
        path += f" C{x + bend:g} {y:g} {end_x - bend:g} {end_y:g} {end_x:g} {end_y:g}" + (
            "" if last else f" H{left + BOX_WIDTH:g}"
        )
        x, y = left + BOX_WIDTH, end_y
    return f'<path d="{path}" fill="none" stroke="#94a3b8" marker-end="url(#tip)"/>'


def _box(name: str, title: str, note: str, kind: str, x: float, y: float) -> str:
    ink, paper = COLOURS[kind]
    head, line = escape(_fitting(title or name, 26)), escape(_fitting(name if title else note, 34))
    return (
        f"<g><title>{escape(name)}: {escape(note)}</title>"
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"'
        f' fill="{paper}" stroke="{ink}"/>'
        f'<text x="{x + 10}" y="{y + 20}" font-size="13" font-weight="600" fill="{ink}">'
        f"{head}</text>"
        f'<text x="{x + 10}" y="{y + 37}" font-size="10.5" fill="#475569">{line}</text></g>'
    )


def _fitting(text: str, width: int) -> str:
    """Text cut to a width in Latin letters; a Chinese character takes two."""
    taken = 0
    for place, letter in enumerate(text):
        taken += 2 if ord(letter) > 0x2E7F else 1
        if taken > width:
            return text[: place - 1] + "…"
    return text


def _legend(language: str) -> list[str]:
    shown = []
    for place, kind in enumerate(KINDS):
        ink, paper = COLOURS[kind]
        x = MARGIN + place * 130
        shown.append(
            f'<rect x="{x}" y="{MARGIN - 12}" width="14" height="14" rx="3"'
            f' fill="{paper}" stroke="{ink}"/>'
            f'<text x="{x + 20}" y="{MARGIN}" font-size="12" fill="#334155">'
            f"{_word(kind, language)}</text>"
        )
    return shown


def _layers(inputs: dict[str, list[str]]) -> list[list[str]]:
    """Each name one layer right of its rightmost input; sources stand just left of what first uses
    them.
    """
    depth: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((of(s) for s in inputs[name]), default=-1)
        return depth[name]

    for name in inputs:
        of(name)
    for name in inputs:
        users = [depth[u] for u, sources in inputs.items() if name in sources]
        if not inputs[name] and users:
            depth[name] = min(users) - 1
    levels = range(max(depth.values()) + 1)
    return [sorted(name for name, at in depth.items() if at == level) for level in levels]


Stop = str | tuple[str, str, int]
"""A box by its name, or the place in a layer where an arrow passes: source, user, layer."""


def _routed(
    layers: list[list[str]], inputs: dict[str, list[str]]
) -> tuple[list[list[Stop]], dict[Stop, list[Stop]], list[list[Stop]]]:
    """Layers with the places where long arrows pass, the neighbours to the left of each stop, and
    the stops of each arrow.
    """
    depth = {name: level for level, layer in enumerate(layers) for name in layer}
    stops: list[list[Stop]] = [list(layer) for layer in layers]
    edges: dict[Stop, list[Stop]] = {name: [] for name in depth}
    routes: list[list[Stop]] = []
    for user, sources in sorted(inputs.items()):
        for source in sources:
            passed = range(depth[source] + 1, depth[user])
            between: list[Stop] = [(source, user, level) for level in passed]
            route: list[Stop] = [source, *between, user]
            routes.append(route)
            for level, stop in enumerate(between, depth[source] + 1):
                stops[level].append(stop)
            for left, right in pairwise(route):
                edges.setdefault(right, []).append(left)
    return stops, edges, routes


def _users(edges: dict[Stop, list[Stop]]) -> dict[Stop, list[Stop]]:
    users: dict[Stop, list[Stop]] = {stop: [] for stop in edges}
    for right, lefts in edges.items():
        for left in lefts:
            users[left].append(right)
    return users


def _ordered(
    layers: list[list[Stop]], edges: dict[Stop, list[Stop]], sweeps: int = 24
) -> list[list[Stop]]:
    """Barycentre ordering, forth and back; the order with the fewest crossings is kept."""
    users = _users(edges)
    best, fewest = layers, _crossings(layers, edges)
    for sweep in range(sweeps):
        forth = sweep % 2 == 0
        neighbours = edges if forth else users
        layers = [list(layer) for layer in layers]
        for i in range(len(layers)) if forth else reversed(range(len(layers))):
            rank = {n: k / max(len(layer) - 1, 1) for layer in layers for k, n in enumerate(layer)}
            weight = {stop: _mean_rank(stop, neighbours[stop], rank) for stop in layers[i]}
            layers[i].sort(key=lambda n, w=weight: (w[n], str(n)))  # type: ignore[misc]
        crossings = _crossings(layers, edges)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _mean_rank(stop: Stop, neighbours: list[Stop], rank: dict[Stop, float]) -> float:
    """The barycentre of a stop's neighbours; its own place where it has none."""
    near = neighbours or [stop]
    return sum(rank[neighbour] for neighbour in near) / len(near)


def _crossings(layers: list[list[Stop]], edges: dict[Stop, list[Stop]]) -> int:
    """How often lines between neighbouring layers cross: the inversions of their right ends, where
    lines are sorted by their left ends.
    """
    rank = {n: k for layer in layers for k, n in enumerate(layer)}
    count = 0
    for layer in layers:
        lines = sorted((rank[left], rank[right]) for right in layer for left in edges[right])
        above: list[int] = []
        for _, right in lines:
            count += len(above) - bisect_right(above, right)
            insort(above, right)
    return count


def _tall(stop: Stop) -> float:
    return BOX_HEIGHT if isinstance(stop, str) else 0


def _placed(
    layers: list[list[Stop]], edges: dict[Stop, list[Stop]]
) -> dict[Stop, tuple[float, float]]:
    """Left upper corners: each stop as near the middle of its neighbours as the order and the gaps
    of its layer allow.
    """
    users, top = _users(edges), MARGIN + 30
    middle: dict[Stop, float] = {}
    for layer in layers:
        y = float(top)
        for stop in layer:
            middle[stop], y = y + _tall(stop) / 2, y + _tall(stop) + GAP_Y
    for sweep in range(12):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            near = {
                stop: (edges[stop] if sweep % 2 == 0 else users[stop]) or [stop] for stop in layer
            }
            wanted = [sum(middle[m] for m in near[stop]) / len(near[stop]) for stop in layer]
            downward, upward = list(wanted), list(wanted)
            for i in range(1, len(layer)):
                downward[i] = max(downward[i], downward[i - 1] + _apart(layer[i - 1], layer[i]))
            for i in reversed(range(len(layer) - 1)):
                upward[i] = min(upward[i], upward[i + 1] - _apart(layer[i], layer[i + 1]))
            for stop, low, high in zip(layer, upward, downward, strict=True):
                middle[stop] = (low + high) / 2
    lift = min(middle[stop] - _tall(stop) / 2 for stop in middle) - top
    return {
        stop: (MARGIN + x * (BOX_WIDTH + GAP_X), round(middle[stop] - _tall(stop) / 2 - lift, 1))
        for x, layer in enumerate(layers)
        for stop in layer
    }


def _apart(upper: Stop, lower: Stop) -> float:
    """Least distance between the middles of two neighbours in a layer."""
    return (_tall(upper) + _tall(lower)) / 2 + GAP_Y
