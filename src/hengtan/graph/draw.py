"""The graph of accounts as SVG: layers from sources to results, ordered to cross little; no outside program."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hengtan.graph.graph import Graph

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 210, 46, 90, 18, 24
COLOURS = {"account": ("#0f5132", "#e3f2e8"), "ledger": ("#7a4b00", "#fff3d6"), "pack": ("#1d3f72", "#e5eefb")}
LEGEND = {"pack": "数据包 pack", "ledger": "台账 ledger", "account": "账户 account"}


def draw(graph: Graph) -> str:
    """An SVG picture of the accounts and the tables they use; accounts carry the first line of their docstring."""
    accounts = graph.accounts()
    used = {t for a in accounts.values() for t in a.tables} | set(accounts)
    inputs = {name: list(accounts[name].tables) if name in accounts else [] for name in used}
    layers = _ordered(_layers(inputs), inputs)
    at = {
        name: (MARGIN + x * (BOX_WIDTH + GAP_X), MARGIN + 30 + y * (BOX_HEIGHT + GAP_Y)) for x, layer in enumerate(layers) for y, name in enumerate(layer)
    }
    width = MARGIN * 2 + len(layers) * (BOX_WIDTH + GAP_X) - GAP_X
    height = MARGIN * 2 + 30 + max(map(len, layers)) * (BOX_HEIGHT + GAP_Y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="账户关系图"'
        ' font-family="system-ui, &quot;Noto Sans CJK SC&quot;, &quot;Microsoft YaHei&quot;, sans-serif">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>', *_legend(),
    ]
    for name, sources in sorted(inputs.items()):
        for source in sources:
            (x1, y1), (x2, y2) = at[source], at[name]
            start, end = (x1 + BOX_WIDTH, y1 + BOX_HEIGHT / 2), (x2 - 2, y2 + BOX_HEIGHT / 2)
            bend = (end[0] - start[0]) / 2
            parts.append(
                f'<path d="M{start[0]} {start[1]} C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}" fill="none" stroke="#94a3b8" marker-end="url(#tip)"/>'
            )
    for name, (x, y) in at.items():
        kind = "account" if name in accounts else "ledger" if "_submission" in graph.table(name).columns else "pack"
        note = accounts[name].doc.splitlines()[0] if name in accounts else LEGEND[kind]
        parts.append(_box(name, note, kind, x, y))
    return "".join([*parts, "</svg>"])


def _box(name: str, note: str, kind: str, x: float, y: float) -> str:
    ink, paper = COLOURS[kind]
    short = note if len(note) <= 34 else note[:33] + "…"
    return (
        f'<g><title>{escape(name)}: {escape(note)}</title><rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" fill="{paper}" stroke="{ink}"/>'
        f'<text x="{x + 10}" y="{y + 20}" font-size="13" font-weight="600" fill="{ink}">{escape(name)}</text>'
        f'<text x="{x + 10}" y="{y + 37}" font-size="10.5" fill="#475569">{escape(short)}</text></g>'
    )


def _legend() -> list[str]:
    shown = []
    for n, (kind, text) in enumerate(LEGEND.items()):
        ink, paper = COLOURS[kind]
        x = MARGIN + n * 130
        shown.append(f'<rect x="{x}" y="{MARGIN - 12}" width="14" height="14" rx="3" fill="{paper}" stroke="{ink}"/><text x="{x + 20}" y="{MARGIN}" font-size="12" fill="#334155">{text}</text>')
    return shown


def _layers(inputs: dict[str, list[str]]) -> list[list[str]]:
    """Each name one layer right of its rightmost input; sources stand just left of what first uses them."""
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
    return [sorted(n for n, d in depth.items() if d == level) for level in range(max(depth.values()) + 1)]


def _ordered(layers: list[list[str]], inputs: dict[str, list[str]], sweeps: int = 8) -> list[list[str]]:
    """Barycentre ordering, forth and back, so that arrows cross little."""
    users: dict[str, list[str]] = {n: [u for u, s in inputs.items() if n in s] for n in inputs}
    for sweep in range(sweeps):
        rank = {n: i for layer in layers for i, n in enumerate(layer)}
        neighbours = inputs if sweep % 2 == 0 else users
        for i, layer in enumerate(layers):
            weight = {n: sum(rank[m] for m in neighbours[n]) / len(neighbours[n]) if neighbours[n] else rank[n] for n in layer}
            layers[i] = sorted(layer, key=lambda n, w=weight: (w[n], n))  # type: ignore[misc]
    return layers
