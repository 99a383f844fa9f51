"""The import graph of the house and its circles, read from the source without importing anything.

An import counts wherever it stands, inside a function too; one under ``if TYPE_CHECKING`` only on
request. ``from package import name`` leads to the module ``package.name`` where there is one.
Circles are the strongly connected components of the graph (R. Tarjan, 1972).
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "hengtan"
Graph = dict[str, set[str]]


def sources(package: Path) -> dict[str, Path]:
    """Dotted name of every module of a package folder → its file."""
    modules = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return modules


def import_graph(package: Path, *, for_types: bool = False) -> Graph:
    """Module → modules of its package that it imports; ``for_types``: TYPE_CHECKING ones too."""
    modules = sources(package)
    graph: Graph = {}
    for name, file in modules.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        home = name if file.name == "__init__.py" else name.rpartition(".")[0]
        named = {target for node in imports(tree, for_types) for target in targets(node, home)}
        graph[name] = {_module_of(target, modules) for target in named} - {"", name}
    return graph


def imports(tree: ast.AST, for_types: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements anywhere below a node; those only a type checker sees where asked for."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not for_types and _type_checking(node):
            continue
        else:
            yield from imports(node, for_types)


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def targets(node: ast.Import | ast.ImportFrom, home: str) -> list[str]:
    """What a statement names, in full; ``home`` is the package that relative dots start from."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        above = home.split(".")[: len(home.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    return [f"{base}.{alias.name}" for alias in node.names]


def _module_of(target: str, modules: dict[str, Path]) -> str:
    """The module a name lives in: itself, or the longest beginning that is one."""
    while target and target not in modules:
        target = target.rpartition(".")[0]
    return target


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules that import each other, each sorted; a house without circles gives none."""
    sys.setrecursionlimit(max(10_000, sys.getrecursionlimit()))
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            position = stack.index(module)
            group = sorted(stack[position:])
            del stack[position:]
            if len(group) > 1:
                groups.append(group)

    for module in sorted(graph):
        if module not in order:
            visit(module)
    return sorted(groups)


def room_of(module: str) -> str:
    """The room a module stands in; ``""`` for the package itself."""
    return module.split(".")[1] if "." in module else ""


def between_rooms(graph: Graph) -> Counter[tuple[str, str]]:
    """How many imports of a module lead from one room to another, by (from, to)."""
    return Counter(
        (room_of(module), room_of(other))
        for module, imported in graph.items()
        for other in imported
        if room_of(module) and room_of(other) and room_of(module) != room_of(other)
    )


def floors(pyproject: Path) -> list[list[str]]:
    """Rooms floor by floor from the top, as the layers contract of import-linter states them."""
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    return [[room.strip() for room in layer.split(":")] for layer in layers]
