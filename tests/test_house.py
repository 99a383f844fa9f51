"""The house as the code says it: no circles, all rooms in the picture, names that say something.

Lengths of lines, complexity and numbers of parameters are ruff's (E501, C901, PLR0913), floors are
import-linter's.
"""

import ast
import itertools
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from house import FORMULA_FILES, Source, bindings, parameter_names, public_functions
from house_imports import circles, floors, import_graph, room_of

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "hengtan"
VAGUE = {"found", "made", "held", "one", "told", "given"}
LONGEST_FILE = 450
LONGEST_LINE_OF_A_TEMPLATE = 120


def part_of(path):
    """``room`` of a file of the house, ``tests/room`` of a test, ``benchmarks`` and the like."""
    top, *rest = path.relative_to(ROOT).parts
    if top == "src":
        return rest[1] if len(rest) > 2 else "hengtan"
    return f"tests/{rest[0]}" if top == "tests" and len(rest) > 1 else top


FILES = [
    path
    for folder in ("src", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
PARTS = sorted({part_of(path) for path in FILES})


@cache
def sources_of(part):
    """The files of a part, read once for all that is asked of them."""
    return [Source.read(path) for path in FILES if part_of(path) == part]


@pytest.mark.parametrize("part", PARTS)
def test_names_say_what_a_thing_is(part):
    vague = [
        f"{source.path.relative_to(ROOT)}:{line} {name}"
        for source in sources_of(part)
        for name, line in (*bindings(source.tree), *parameter_names(source.tree))
        if name in VAGUE
    ]
    assert not vague


@pytest.mark.parametrize("part", PARTS)
def test_a_file_of_the_house_is_short_enough_to_read(part):
    too_long = [
        f"{source.path.relative_to(ROOT)}: {len(source.lines)} lines"
        for source in sources_of(part)
        if PACKAGE in source.path.parents and len(source.lines) > LONGEST_FILE
    ]
    assert not too_long


TEMPLATES = sorted(PACKAGE.rglob("*.html"))
ROOMS_WITH_TEMPLATES = sorted({path.parent for path in TEMPLATES})


@pytest.mark.parametrize("folder", ROOMS_WITH_TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_templates_are_laid_out_an_idea_a_line(folder):
    too_long = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in TEMPLATES
        if path.parent == folder
        for number in lines_too_long(path.read_text(encoding="utf-8"))
    ]
    assert not too_long


def lines_too_long(template):
    """Numbers of the lines that are longer than a line is seen at once, and could be broken."""
    return [
        number
        for number, line in enumerate(template.splitlines(), 1)
        if columns(line) > LONGEST_LINE_OF_A_TEMPLATE and not is_one_piece(line.strip())
    ]


def columns(line):
    """How wide a line is on a screen; a Chinese character is two columns."""
    return len(line) + sum(unicodedata.east_asian_width(c) in "WF" for c in line)


def is_one_piece(text):
    """A word or address without a space, or one sentence of a tag of Django, which has no lines."""
    return not re.search(r"\s", text) or bool(re.fullmatch(r'\{% say "[^"]*" "[^"]*" %\}', text))


def test_a_template_that_is_not_laid_out_is_seen():
    cell = '<td class="num">{{ figure }}</td>'
    address = f"https://example.org/{'a' * LONGEST_LINE_OF_A_TEMPLATE}"
    sentence = f'{{% say "{"再试" * 40}" "Again" %}}'
    template = "\n".join([cell, cell * 4, address, f"  {sentence}", f"<p>{sentence}</p>"])
    assert lines_too_long(template) == [2, 5]


@pytest.mark.parametrize("for_types", [False, True])
def test_modules_import_each_other_in_no_circle(for_types):
    """Neither at run time nor counting imports that only a type checker sees."""
    assert circles(import_graph(PACKAGE, for_types=for_types)) == []


def test_circles_are_found_where_there_are_some(tmp_path):
    """A hand-made package: a → b → a inside a function, c only for the type checker."""
    house = tmp_path / "hengtan"
    house.mkdir()
    (house / "__init__.py").write_text("")
    (house / "a.py").write_text("from hengtan import b\n")
    (house / "b.py").write_text("def late():\n    from .a import name\n    return name\n")
    (house / "c.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hengtan.d import D\n"
    )
    (house / "d.py").write_text("import hengtan.c\n")
    ring_of_b, ring_of_d = ["hengtan.a", "hengtan.b"], ["hengtan.c", "hengtan.d"]
    assert circles(import_graph(house)) == [ring_of_b]
    assert circles(import_graph(house, for_types=True)) == [ring_of_b, ring_of_d]


def test_every_room_is_a_floor_and_stands_in_the_picture():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {room for floor in floors(ROOT / "pyproject.toml") for room in floor} == rooms
    picture = (ROOT / "docs" / "house.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'data-room="(\w+)"', picture)
    wanted = [room for floor in floors(ROOT / "pyproject.toml") for room in floor]
    assert drawn == wanted, "python benchmarks/house.py --picture docs/house.svg"


def test_no_import_leads_upward():
    """Also where it stands in a function or is only for types; import-linter says the same.

    A file beside the rooms (``version``) is on no floor.
    """
    level = {r: n for n, floor in enumerate(floors(ROOT / "pyproject.toml")) for r in floor}
    upward = [
        f"{module} → {other}"
        for module, imported in import_graph(PACKAGE, for_types=True).items()
        for other in imported
        if {room_of(module), room_of(other)} <= set(level)
        and level[room_of(other)] < level[room_of(module)]
    ]
    assert not upward


PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page):
    """``room/file.py`` in backticks, seen from the house or from the project."""
    paths = re.findall(r"`([a-z_]+/[\w/]+\.(?:py|yaml|csv))`", page.read_text(encoding="utf-8"))
    gone = [p for p in paths if not any((base / p).exists() for base in (ROOT, PACKAGE))]
    assert not gone


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_file_of_formulas_stands_in_the_method_reference():
    methods = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    files = (path for name in FORMULA_FILES for path in PACKAGE.rglob(name))
    modules = (".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in files)
    assert not [module for module in modules if f"::: {module}\n" not in methods]


FORMULAS = [path for path in FILES if path.name in FORMULA_FILES and PACKAGE in path.parents]


@pytest.mark.parametrize("path", FORMULAS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_formula_says_units_and_sources(path):
    """numpydoc: every parameter and the result with its unit in brackets, and where it is from."""
    functions = list(public_functions(Source.read(path).tree))
    assert functions
    assert not {f.name: lacking for f in functions if (lacking := what_is_not_said(f))}


def what_is_not_said(function):
    """The parts of a formula's docstring that are not as numpydoc and this house want them."""
    blocks = docstring_blocks(function)
    lacking = sorted({"Parameters", "Returns", "References"} - set(blocks))
    described = described_parameters(blocks.get("Parameters", []))
    arguments = function.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    lacking += sorted(names ^ set(described))
    lacking += [name for name, text in described.items() if not has_unit(text)]
    return lacking if has_unit(" ".join(blocks.get("Returns", []))) else [*lacking, "Returns"]


def has_unit(text):
    """Whether a unit stands in brackets."""
    return bool(re.search(r"\[[^\]]+\]", text))


def test_what_a_formula_does_not_say_is_seen():
    silent = ast.parse("""
def tax(price, rate):
    \"\"\"Tax.

    Parameters
    ----------
    price : numeric
        Price [CNY]

    Returns
    -------
    numeric
        Tax
    \"\"\"
""").body[0]
    assert what_is_not_said(silent) == ["References", "rate", "Returns"]


def docstring_blocks(function):
    """Lines of a numpydoc docstring by the title they stand under."""
    lines = (ast.get_docstring(function) or "").splitlines()
    blocks, title = {}, ""
    for line, below in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        if line and set(below.strip()) == {"-"}:
            title = line.strip()
        elif set(line.strip()) != {"-"}:
            blocks.setdefault(title, []).append(line)
    return blocks


def described_parameters(lines):
    """Name → what is said of it; ``a, b : numeric`` describes both."""
    described, names = {}, []
    for line in lines:
        if line and not line[0].isspace():
            names = [name.strip(" *") for name in line.partition(":")[0].split(",")]
            described |= dict.fromkeys(names, "")
        else:
            described |= {name: f"{described[name]} {line}" for name in names}
    return described
