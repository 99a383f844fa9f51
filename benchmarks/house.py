"""Figures of the house: how long its lines are, what its names say, how its modules hang together.

    python benchmarks/house.py [--rev REV ...] [--write] [--picture docs/house.svg]

Measures this checkout and, with ``--rev``, other revisions beside it (unpacked by ``git archive``).
``--write`` keeps the figures in docs/house.json; the table printed is Markdown. Complexity and
numbers of parameters are counted by ruff (C901, PLR0913), everything else from the source text.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from house_imports import PACKAGE, circles, import_graph

ROOT = Path(__file__).resolve().parent.parent
VAGUE = frozenset({"found", "made", "held", "one", "told", "given"})
COMPLEXITY, PARAMETERS, LONG_FILE = 12, 8, 400
FORMULA_SECTIONS = ("Parameters", "Returns", "References")
FORMULA_FILES = ("formulas.py", "rates.py")
RUFF = (
    "--isolated",
    "--select=C901,PLR0913",
    f"--config=lint.mccabe.max-complexity={COMPLEXITY}",
    f"--config=lint.pylint.max-args={PARAMETERS}",
    "--output-format=json",
    "--exit-zero",
    "--no-cache",
)

Figures = dict[str, float]


@dataclass(frozen=True)
class Source:
    """One Python file: its path, its lines and its syntax tree."""

    path: Path
    lines: list[str]
    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Source:
        text = path.read_text(encoding="utf-8")
        return cls(path, text.splitlines(), ast.parse(text))


def measure(root: Path) -> dict[str, Figures]:
    """Figures of a checkout, by part: ``src`` and ``tests``."""
    return {part: _figures(root, part) for part in ("src", "tests")}


def _figures(root: Path, part: str) -> Figures:
    files = [Source.read(path) for path in sorted((root / part).rglob("*.py"))]
    figures = lengths(files) | names(files) | _ruff(root / part)
    if part == "src":
        figures |= _formulas(files) | _circles(root / part / PACKAGE)
    return figures


def lengths(files: list[Source]) -> Figures:
    """Files and lines, the share and number of long ones, the longest. [characters]

    ``over_100_columns`` counts a Chinese character as two columns, as E501 of ruff does.
    """
    lines = [line for file in files for line in file.lines]
    size = Counter({limit: sum(len(line) > limit for line in lines) for limit in (100, 120, 200)})
    return {
        "files": len(files),
        "lines": len(lines),
        "files_over_400_lines": sum(len(file.lines) > LONG_FILE for file in files),
        "longest_file": max(len(file.lines) for file in files),
        "over_100_columns": sum(columns(line) > 100 for line in lines),
        "over_100": size[100],
        "over_120": size[120],
        "over_120_percent": round(100 * size[120] / len(lines), 2),
        "over_200": size[200],
        "longest_line": max(map(len, lines)),
    }


def columns(line: str) -> int:
    """Columns a line takes in a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def names(files: list[Source]) -> Figures:
    """What names say: one-letter ones in 1,000 lines, vague ones, mappings of anything.

    Names that are bound count once a binding: by assignment, loop, comprehension or ``with``;
    ``one_letter_parameters`` and ``vague_parameters`` are those of functions and lambdas.
    """
    lines = sum(len(file.lines) for file in files)
    bound = Counter(name for file in files for name, _ in bindings(file.tree))
    parameters = Counter(name for file in files for name, _ in parameter_names(file.tree))
    return {
        "one_letter_names": _one_letter(bound),
        "one_letter_names_in_1000_lines": round(1000 * _one_letter(bound) / lines, 1),
        "one_letter_parameters": _one_letter(parameters),
        "vague_names": sum(bound[name] for name in VAGUE),
        "vague_parameters": sum(parameters[name] for name in VAGUE),
        "dict_str_any": sum(line.count("dict[str, Any]") for f in files for line in f.lines),
    }


def bindings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a value is bound to, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def parameter_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every parameter of a function or lambda, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg, node.lineno


def _one_letter(count: Counter[str]) -> int:
    return sum(times for name, times in count.items() if len(name) == 1 and name != "_")


def _formulas(files: list[Source]) -> Figures:
    """Formula functions, and those whose docstring has Parameters, Returns and References."""
    functions = [
        node for file in files if is_formula_file(file.path) for node in public_functions(file.tree)
    ]
    return {
        "formulas": len(functions),
        "formulas_with_parameters": sum("Parameters" in sections(node) for node in functions),
        "formulas_in_full": sum(sections(node) >= set(FORMULA_SECTIONS) for node in functions),
    }


def is_formula_file(path: Path) -> bool:
    """Whether a file holds formulas; every public function in it is one."""
    return path.name in FORMULA_FILES


def public_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions of a module that do not begin with an underscore."""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return [node for node in functions if not node.name.startswith("_")]


def sections(function: ast.FunctionDef) -> set[str]:
    """Titles of a numpydoc docstring that are underlined."""
    lines = (ast.get_docstring(function) or "").splitlines()
    return {title.strip() for title, rule in pairwise(lines) if rule and set(rule.strip()) == {"-"}}


def _circles(package: Path) -> Figures:
    """Circles of modules as they run, and with what only a type checker imports."""
    return {
        "circles": len(circles(import_graph(package))),
        "circles_with_type_checking": len(circles(import_graph(package, for_types=True))),
    }


def _ruff(folder: Path) -> Figures:
    """Functions beyond the limits of complexity and of parameters, as ruff counts them."""
    beside = Path(sys.executable).with_name("ruff")
    command = str(beside) if beside.exists() else shutil.which("ruff")
    if not command:
        raise SystemExit("ruff is not installed: pip install ruff")
    done = subprocess.run(
        [command, "check", *RUFF, str(folder)], capture_output=True, text=True, check=True
    )
    count = Counter(finding["code"] for finding in json.loads(done.stdout))
    return {"complexity_over_12": count["C901"], "parameters_over_8": count["PLR0913"]}


def unpacked(revision: str, folder: Path) -> Path:
    """The source and tests of a revision, unpacked into a folder."""
    archive = subprocess.run(
        ["git", "archive", revision, "src", "tests"], cwd=ROOT, capture_output=True, check=True
    )
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def table(figures: dict[str, dict[str, Figures]]) -> str:
    """A Markdown table: a figure a row, a revision and a part of it a column."""
    heads = [f"{revision} {part}" for revision, parts in figures.items() for part in parts]
    cells = [values for parts in figures.values() for values in parts.values()]
    lines = ["| figure | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for name in dict.fromkeys(name for values in cells for name in values):
        row = (f"{values[name]:,}" if name in values else "" for values in cells)
        lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def compare(revisions: Iterable[str]) -> dict[str, dict[str, Figures]]:
    """Figures of some revisions, in the order asked for, and last of this checkout."""
    figures = {}
    for revision in revisions:
        with tempfile.TemporaryDirectory() as folder:
            figures[revision] = measure(unpacked(revision, Path(folder)))
    return figures | {"now": measure(ROOT)}


def main() -> None:
    """Measure, print, and keep or draw where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rev", action="append", default=[], metavar="REV")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/house.json")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw the house instead")
    arguments = parser.parse_args()
    if arguments.picture:
        from house_picture import draw

        arguments.picture.write_text(draw(ROOT), encoding="utf-8")
        return
    figures = compare(arguments.rev)
    print(table(figures))
    if arguments.write:
        text = json.dumps(figures, indent=1) + "\n"
        (ROOT / "docs" / "house.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
