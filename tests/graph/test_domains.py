"""Domains of accounts: found by their folder alone, and what a new one brings without a list
elsewhere.
"""

import importlib
import sys
import textwrap

import pytest

import hengtan.accounts
from hengtan.basis.errors import HengtanError
from hengtan.basis.words import _read
from hengtan.graph import said
from hengtan.graph.domains import domain_of, domains, options, sections
from hengtan.graph.said import all_words, said_table, say_missing
from hengtan.workspace.asof import AsOf
from hengtan.workspace.options import read_options
from hengtan.workspace.tables import digest_of_code, unit_factors

TOY = {
    "__init__.py": "",
    "domain.py": """
        from hengtan.graph.domains import Domain, Option, Section

        DOMAIN = Domain(
            name="toy",
            package="hengtan.accounts.toy",
            accounts=("meadows",),
            options=(
                Option("toy_season", choices=("dry", "wet")),
                Option("toy_share", number=float),
            ),
            unit_columns=(("industries", "name_zh"),),
            sections=(Section.of("toy_meadows", "year place grass/10 missing", chart="lines"),),
            places_of=("toy_meadows",),
        )
    """,
    "growing.py": '''
        """A kernel of its own module."""


        def grown(number):
            return 40.0 + number
    ''',
    "meadows.py": '''
        import ibis
        import pyarrow as pa
        from ibis.expr.types import Table

        from hengtan.accounts.toy.growing import grown
        from hengtan.graph import Same, account, kernel
        from hengtan.graph.codes import coded


        @kernel(key=("place", "year"), unit="t", cites=("toy.book",), maps={"places": "all"})
        def toy_grass(places: pa.Table) -> pa.Table:
            """Grass of a place, by a kernel."""
            return pa.table({"place": ["500156"], "year": [2024], "grass": [grown(2)]})


        @account(
            key=("place", "year"),
            unit="t",
            cites=("toy.book",),
            maps={"toy_grass": Same("place", "year")},
        )
        def toy_meadows(toy_grass: Table, toy_season: str = "dry") -> Table:
            """Meadows of a place."""
            return toy_grass.mutate(
                season=ibis.literal(toy_season), missing=coded("toy_no_hay", toy_grass.year)
            )
    ''',
    "words.yaml": """
        table.toy_meadows: [草地, Meadows]
        section.toy_meadows: [草地产草量, Grass of meadows]
        column.grass: [产草, grass]
        toy_no_hay: ["{0} 年没有干草", "no hay in {0}"]
        cite.toy.book: [草地手册, The book of meadows]
    """,
}


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A domain ``toy`` beside energy and carbon: a folder, and nothing else."""
    folder = tmp_path / "more" / "toy"
    folder.mkdir(parents=True)
    for name, text in TOY.items():
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    monkeypatch.setattr(
        hengtan.accounts, "__path__", [*hengtan.accounts.__path__, str(folder.parent)]
    )
    importlib.invalidate_caches()
    said.forget()
    yield folder
    for name in [name for name in sys.modules if name.startswith("hengtan.accounts.toy")]:
        del sys.modules[name]
    monkeypatch.undo()
    said.forget()
    _read.cache_clear()


def test_the_domains_of_the_house_are_found_by_their_folders():
    named = ["carbon", "case_files", "casework", "energy", "materials", "nature", "plan", "power"]
    named += ["tariffs"]
    assert [domain.name for domain in domains()] == named
    assert domain_of("carbon_totals").name == "carbon" and domain_of("plan_progress").name == "plan"
    assert domain_of("indicator_values") is None and domain_of("places") is None


def test_every_account_and_section_has_a_title():
    words = all_words()
    titled = [domain for domain in domains() if domain.name != "plan"]
    assert [n for d in titled for n in d.names() if f"table.{n}" not in words] == []
    with_table = [section for section in sections() if section.columns]
    assert [s.account for s in with_table if f"section.{s.account}" not in words] == []
    assert {s.account for s in sections()} <= {n for d in domains() for n in d.names()}


def test_every_option_of_an_account_is_declared_by_a_domain():
    functions = [
        vars(module)[name]
        for domain in domains()
        for module in domain.modules()
        for name in domain.names()
        if name in vars(module)
    ]
    used = {option for function in functions for option in function.account.options}
    assert used - {"judged_on", "values_to"} == set(options())


def test_a_new_domain_is_a_folder(toy, workspace):
    as_of = AsOf.of()
    (row,) = workspace.execute("toy_meadows", as_of).to_pylist()
    assert (row["place"], row["grass"], row["season"]) == ("500156", 42.0, "dry")
    assert said_table("toy_meadows", workspace.table("toy_meadows"))["missing"].to_pylist() == [
        "2024 年没有干草"
    ]
    assert say_missing(row["missing"], "en") == "no hay in 2024"


def test_its_option_is_accepted_and_refused_with_what_it_may_be(toy, workspace):
    assert read_options(workspace.pack, {"toy_season": "wet", "toy_share": "0.5"}) == {
        "toy_season": "wet",
        "toy_share": 0.5,
    }
    (row,) = workspace.table("toy_meadows", options={"toy_season": "wet"}).to_pylist()
    assert row["season"] == "wet"
    with pytest.raises(HengtanError, match="dry、wet"):
        read_options(workspace.pack, {"toy_season": "cold"})
    with pytest.raises(HengtanError, match="toy_season"):
        read_options(workspace.pack, {"no_such": "1"})


def test_its_page_section_its_title_and_its_chart_appear(toy, workspace):
    from hengtan.desk.accounts import accounts_view
    from hengtan.report.page.account_charts import figures
    from hengtan.report.page.accounts import tables
    from hengtan.report.words import word

    view = accounts_view(workspace, place="500156")
    (table,) = [table for table in tables(view, "zh") if table["name"] == "toy_meadows"]
    assert table["title"] == "草地产草量" and table["headings"][:1] == ["年份"]
    assert table["rows"] == [["2024", "500156", "4.20", "2024 年没有干草"]]
    assert "产草" in table["headings"] and word("table.toy_meadows", "en") == "Meadows"
    assert [figure["data"][0]["y"] for figure in figures(view, "zh")] == [[4.2]]
    assert "toy_season" in view["options"]


def test_an_edit_of_its_kernel_is_another_version_of_the_code(toy):
    before = digest_of_code(domains())
    (toy / "growing.py").write_text("def grown(number):\n    return 50.0 + number\n")
    assert digest_of_code(domains()) != before


def test_what_it_cites_is_said_in_words(toy, workspace):
    tree = workspace.explain("toy_meadows", {"place": "500156", "year": 2024})
    assert tree.cites == ("草地手册",) and tree.values["missing"] == "2024 年没有干草"
    assert tree.values["missing_codes"] == "toy_no_hay|2024" and "Meadows of a place" in tree.text()


def test_its_units_are_converted(toy, workspace, monkeypatch):
    rows = {"industries": [{"name_zh": "公顷"}, {"name_zh": None}]}
    pack_rows = type(workspace.pack).rows
    monkeypatch.setattr(
        type(workspace.pack), "rows", lambda pack, name: rows.get(name) or pack_rows(pack, name)
    )
    assert "公顷" in unit_factors(workspace)["unit"].to_pylist()


def test_a_code_with_two_meanings_is_refused(toy):
    words = toy / "words.yaml"
    words.write_text(words.read_text(encoding="utf-8") + "unmoved: [另一个, another]\n", "utf-8")
    _read.cache_clear()
    said.forget()
    with pytest.raises(HengtanError, match="unmoved"):
        all_words()
