"""Explanations of the invented accounts: the tree, its ends, and the proof that the explained rows
make the row again.
"""

import json
import types
from datetime import date

import ibis
import pytest
from ibis import _
from ibis.expr.types import Table

from hengtan.basis.errors import NoSuchRow, UnknownAccount
from hengtan.graph import Graph, InForce, Same, account
from hengtan.graph import explain as explaining
from hengtan.graph.explanation import Explanation, told_once
from hengtan.graph.reproduce import reproduce
from hengtan.report.page.tree import arrange
from hengtan.report.provenance import row_of_number


def with_marks(table, pack, confidence=None):
    """Provenance as pack tables have it."""
    marked = table.mutate(
        _pack=ibis.literal(pack), _file=ibis.literal(f"{pack}/rows.csv"), _row=ibis.row_number() + 2
    )
    return marked.mutate(confidence=confidence) if confidence is not None else marked


@pytest.fixture
def marked(graph):
    energy, factors = graph.table("energy"), graph.table("factors")
    stated = ibis.ifelse(_.fuel == "gas", "recalled", "read")
    return graph.with_overrides(
        energy=with_marks(energy, "firms", ibis.literal("derived")),
        factors=with_marks(factors, "factors", stated),
    )


def test_the_tree_follows_the_maps(marked):
    result = marked.explain("balance", {"firm": "B"})
    assert (result.name, result.kind, result.key, result.unit, result.cites) == (
        "balance",
        "account",
        {"firm": "B"},
        "t CO2",
        ("invented:sum",),
    )
    assert result.values["value"] == pytest.approx(2.4) and result.formula.startswith(
        "Emissions of a firm"
    )
    assert [(part.name, part.key.get("fuel")) for part in result.inputs] == [
        ("emissions", "coal"),
        ("emissions", "peat"),
        ("burned", "coal"),
        ("burned", "peat"),
    ]
    ends = {(leaf.name, leaf.origin["_file"], leaf.origin["_row"]) for leaf in result.leaves()}
    assert {row for name, _, row in ends if name == "factors"} == {3}, (
        "the factor of coal in force on that day, no earlier one, none of gas"
    )
    assert {file for name, file, _ in ends} == {"firms/rows.csv", "factors/rows.csv"}


@pytest.mark.parametrize(("firm", "worst"), [("A", "recalled"), ("B", "derived")])
def test_the_worst_confidence_is_carried(marked, firm, worst):
    # A burns gas, whose factor is recalled; B does not, its amounts are derived
    result = marked.explain("balance", {"firm": firm})
    assert result.confidence == worst == result.as_dict()["confidence"]


@pytest.mark.parametrize("key", [{"firm": "C"}, {"firm": None}, {"firm": ""}])
def test_a_missing_key_is_refused(marked, key):
    with pytest.raises(NoSuchRow):
        marked.explain("balance", key)


def test_an_unknown_column_or_account_is_refused(marked):
    with pytest.raises(NoSuchRow, match="firm"):
        marked.explain("balance", {"company": "A"})
    with pytest.raises(UnknownAccount, match="balance"):
        marked.explain("balanse", {"firm": "A"})


def test_keys_may_be_text_or_typed(marked):
    typed = marked.explain("emissions", {"firm": "A", "fuel": "gas", "date": date(2021, 6, 30)})
    text = marked.explain("emissions", {"firm": "A", "fuel": "gas", "date": "2021-06-30"})
    assert typed == text and typed.values["value"] == 10.0


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("firm", ["A", "B"])
def test_the_explained_rows_make_the_row_again(graph, firm, deep):
    rows, result = reproduce(graph, "balance", {"firm": firm}, deep=deep)
    assert result == rows


@pytest.mark.parametrize("deep", [False, True])
def test_a_map_that_is_too_narrow_is_found_out(invented, graph, deep):
    @account(key=("firm",), unit="t", cites=(), maps={"burned": Same("firm", date="latest")})
    def narrow(burned: Table) -> Table:
        """A sum over all days that claims to rest on the latest day."""
        return burned.group_by("firm").agg(total=_.amount.sum(), latest=_.date.max())

    narrow.__module__ = invented.__name__
    invented.narrow = narrow
    other = Graph([invented], graph._tables, {"share": 1.0})
    rows, result = reproduce(other, "narrow", {"firm": "A"}, deep=deep)
    assert rows["total"] == 35.0 and result["total"] == 5.0


def test_a_missing_value_pairs_with_a_missing_value(invented):
    @account(key=("n",), unit=None, cites=(), maps={"left": Same("n", "scope")})
    def scoped(left: Table) -> Table:
        """Rows as they are."""
        return left

    scoped.__module__ = invented.__name__
    invented.scoped = scoped
    tables = {
        "left": ibis.memtable({"n": [1, 1], "scope": ["city", None]}),
        "energy": None,
        "factors": None,
    }
    result = Graph([invented], tables).explain("scoped", {"n": 1, "scope": None})
    assert [part.values["scope"] for part in result.inputs] == [None]


def test_rows_without_marks_are_told_apart(graph):
    # A burned three lots, so three rows of the ledger stand at the ends
    ends = {
        (leaf.values["fuel"], leaf.values["date"], leaf.values["amount"])
        for leaf in graph.explain("balance", {"firm": "A"}).leaves()
        if leaf.name == "energy"
    }
    assert ends == {
        ("coal", date(2020, 12, 31), 10.0),
        ("coal", date(2021, 1, 1), 20.0),
        ("gas", date(2021, 6, 30), 5.0),
    }


@pytest.mark.parametrize("firm", ["A", "B"])
def test_the_options_a_row_was_made_with_are_told(graph, firm):
    result = graph.with_overrides(share=0.5).explain("balance", {"firm": firm})
    assert (
        result.options == result.as_dict()["options"] == {"share": 0.5}
        and "选项：share=0.5" in result.text()
    )
    assert next(part.options for part in result.inputs if part.name == "emissions") == {}


def test_of_a_key_in_part_the_first_row_is_explained_and_the_others_are_counted(graph):
    result = graph.explain("emissions", {"firm": "A"})
    assert result.key == {
        "firm": "A",
        "fuel": "coal",
        "date": date(2020, 12, 31),
    } and result.more == {"emissions": 2}
    assert "另有 2 行 emissions 未列" in result.text()
    assert graph.explain("emissions", result.key).more == {}


def test_an_account_that_was_replaced_is_a_row_as_given(graph):
    inputs = ibis.memtable(
        {"firm": ["B"], "fuel": ["coal"], "date": [date(2021, 6, 30)], "value": [7.0]}
    )
    result = graph.with_overrides(emissions=inputs).explain("balance", {"firm": "B"})
    (row,) = (part for part in result.inputs if part.name == "emissions")
    assert (row.kind, row.inputs, row.cites, row.values["value"], row.key["fuel"]) == (
        "table",
        (),
        (),
        7.0,
        "coal",
    )


def parts(count, last):
    """Rows of one firm, all read but the last."""
    stated = ["read"] * (count - 1) + [last]
    return ibis.memtable(
        {
            "firm": ["A"] * count,
            "part": list(range(count)),
            "value": [1.0] * count,
            "confidence": stated,
        }
    )


def summed(how):
    """An account over an account over a table ``parts``."""

    @account(key=("firm", "part"), unit="t", cites=(), maps={"parts": Same("firm", "part")})
    def lots(parts: Table) -> Table:
        """Lots as they are; they state no confidence of their own."""
        return parts.drop("confidence")

    @account(key=("firm",), unit="t", cites=(), maps={"lots": how})
    def total(lots: Table) -> Table:
        """Their sum."""
        return lots.group_by("firm").agg(value=_.value.sum())

    module = types.ModuleType("summed_accounts")
    for function in (lots, total):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    return module


@pytest.mark.parametrize("followed", [2_000, 3])
@pytest.mark.parametrize("how", [Same("firm"), "all"])
@pytest.mark.parametrize("last", ["read", "derived", "recalled"])
def test_the_worst_confidence_counts_rows_that_are_not_shown(monkeypatch, how, last, followed):
    monkeypatch.setattr(explaining, "FOLLOWED_UNSEEN", followed)
    result = Graph([summed(how)], {"parts": parts(30, last)}).explain(
        "total", {"firm": "A"}, shown=5
    )
    assert result.more == {"lots": 30 if how == "all" else 25}
    assert result.confidence == result.as_dict()["confidence"] == last


def test_a_table_behind_many_rows_is_counted_once(monkeypatch):
    """Thirty lots that each rest on the whole of a table of two rates: the table is counted once,
    and every lot says two more rows.
    """

    @account(key=("part",), unit="t", cites=(), maps={"parts": Same("part"), "rates": "all"})
    def lots(parts: Table, rates: Table) -> Table:
        """Lots times all rates."""
        factor = rates.agg(factor=_.rate.sum())
        joined = parts.drop("confidence").cross_join(factor)
        return joined.select("firm", "part", value=joined.value * joined.factor)

    @account(key=("firm",), unit="t", cites=(), maps={"lots": Same("firm")})
    def total(lots: Table) -> Table:
        """Their sum."""
        return lots.group_by("firm").agg(value=_.value.sum())

    module = types.ModuleType("lots_with_rates")
    for function in (lots, total):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    rates = ibis.memtable({"rate": [2.0, 3.0]})
    counted = []
    count = explaining._count
    monkeypatch.setattr(
        explaining, "_count", lambda table: counted.append(table.columns) or count(table)
    )
    sources = {"parts": parts(30, "read"), "rates": rates}
    result = Graph([module], sources).explain("total", {"firm": "A"}, shown=30)
    assert len(result.inputs) == 30 and {lot.more["rates"] for lot in result.inputs} == {2}
    assert counted.count(("rate",)) == 1


def test_a_part_that_many_ways_lead_to_is_one_mapping():
    """Twelve steps that each rest twice on the one below: 4,096 ways to one row of the ledger. As
    JSON each step below the highest stands twice, and the row below the lowest.
    """
    origin = {"_submission": "S1", "_file": "表.xlsx", "_row": 3}
    tree = Explanation("values", "ledger", {"part": 1}, {"value": 1.0}, origin=origin)
    for step in range(12):
        tree = Explanation(f"step_{step}", "account", {"step": step}, {}, inputs=(tree, tree))
    as_dict = tree.as_dict()
    first, second = as_dict["inputs"]
    assert first is second
    written = told_once(as_dict)
    assert json.dumps(written).count('"name"') == 1 + 11 * 2 + 2
    first, second = written["inputs"]
    assert len(first["inputs"]) == 2 and (second["inputs"], second["again"]) == ([], True)
    arranged = arrange(as_dict)
    assert [child.name for child in arranged.children] == ["step_10"]
    assert arranged.above == {"step_10": 1}
    assert row_of_number(as_dict)["_row"] == 3


def test_json_has_no_nan():
    @account(key=("firm",), unit="t", cites=(), maps={"parts": Same("firm")})
    def broken(parts: Table) -> Table:
        """Nought over nought, and what is too large."""
        return parts.group_by("firm").agg(
            lost=_.value.sum() * float("nan"),
            large=_.value.sum() * float("inf"),
            fine=_.value.sum(),
            days=ibis.array([ibis.date(2021, 1, 2)]),
        )

    module = types.ModuleType("broken_accounts")
    broken.__module__ = module.__name__
    module.broken = broken
    said = json.loads(
        json.dumps(
            Graph([module], {"parts": parts(3, "read")}).explain("broken", {"firm": "A"}).as_dict(),
            allow_nan=False,
        )
    )
    assert said["values"] == {"lost": None, "large": None, "fine": 3.0, "days": ["2021-01-02"]}


def priced(how):
    @account(key=("fuel",), unit="yuan", cites=(), maps={"sold": Same("fuel"), "prices": how})
    def priced(sold: Table, prices: Table, judged_on: date) -> Table:
        """What was sold at the price in force on the day judged."""
        return sold

    module = types.ModuleType("priced_accounts")
    priced.__module__ = module.__name__
    module.priced = priced
    return module


PRICES = [
    ("coal", None, date(2021, 3, 31), 1.0),
    ("coal", date(2021, 4, 1), date(2021, 4, 30), 2.0),
    ("coal", date(2021, 6, 1), None, 3.0),
    (None, None, None, 4.0),
]


@pytest.mark.parametrize("made_of", [lambda day: day, lambda day: day.isoformat(), ibis.literal])
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 3, 31), [1.0]),
        (date(2021, 4, 1), [2.0]),
        (date(2021, 4, 30), [2.0]),
        (date(2021, 5, 15), []),
        (date(2030, 1, 1), [3.0]),
    ],
)
def test_the_row_in_force_on_a_day_that_is_an_option(day, expected, made_of):
    columns = {"fuel": "string", "valid_from": "date", "valid_to": "date", "price": "float64"}
    prices = ibis.memtable([dict(zip(columns, row, strict=True)) for row in PRICES], schema=columns)
    sold = ibis.memtable({"fuel": ["coal", None]}, schema={"fuel": "string"})
    graph = Graph(
        [priced(InForce("fuel", day="judged_on"))],
        {"sold": sold, "prices": prices},
        {"judged_on": made_of(day)},
    )
    assert [
        part.values["price"]
        for part in graph.explain("priced", {"fuel": "coal"}).inputs
        if part.name == "prices"
    ] == expected
    assert [
        part for part in graph.explain("priced", {"fuel": None}).inputs if part.name == "prices"
    ] == [], "a missing value meets nothing"
