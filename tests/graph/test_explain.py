"""Explanations of the invented accounts: the tree, its ends, and the proof that the explained rows make the row again."""

from datetime import date

import ibis
import pytest
from ibis import _
from ibis.expr.types import Table

from hengtan.basis.errors import NoSuchRow, UnknownAccount
from hengtan.graph import Graph, Same, account
from hengtan.graph.reproduce import reproduce


def with_marks(table, pack, confidence=None):
    """Provenance as pack tables have it."""
    marked = table.mutate(_pack=ibis.literal(pack), _file=ibis.literal(f"{pack}/rows.csv"), _row=ibis.row_number() + 2)
    return marked.mutate(confidence=confidence) if confidence is not None else marked


@pytest.fixture
def marked(graph):
    energy, factors = graph.table("energy"), graph.table("factors")
    stated = ibis.ifelse(_.fuel == "gas", "recalled", "read")
    return graph.with_overrides(energy=with_marks(energy, "firms", ibis.literal("derived")), factors=with_marks(factors, "factors", stated))


def test_the_tree_follows_the_maps(marked):
    made = marked.explain("balance", {"firm": "B"})
    assert (made.name, made.kind, made.key, made.unit, made.cites) == ("balance", "account", {"firm": "B"}, "t CO2", ("invented:sum",))
    assert made.values["value"] == pytest.approx(2.4) and made.formula.startswith("Emissions of a firm")
    assert [(part.name, part.key.get("fuel")) for part in made.inputs] == [("emissions", "coal"), ("emissions", "peat"), ("burned", "coal"), ("burned", "peat")]
    ends = {(leaf.name, leaf.origin["_file"], leaf.origin["_row"]) for leaf in made.leaves()}
    assert {row for name, _, row in ends if name == "factors"} == {2, 3}, "both factors of coal, none of gas"
    assert {file for name, file, _ in ends} == {"firms/rows.csv", "factors/rows.csv"}


@pytest.mark.parametrize(("firm", "worst"), [("A", "recalled"), ("B", "derived")])
def test_the_worst_confidence_is_carried(marked, firm, worst):
    # A burns gas, whose factor is recalled; B does not, its amounts are derived
    made = marked.explain("balance", {"firm": firm})
    assert made.confidence == worst == made.as_dict()["confidence"]


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
    held, made = reproduce(graph, "balance", {"firm": firm}, deep=deep)
    assert made == held


@pytest.mark.parametrize("deep", [False, True])
def test_a_map_that_is_too_narrow_is_found_out(invented, graph, deep):
    @account(key=("firm",), unit="t", cites=(), maps={"burned": Same("firm", date="latest")})
    def narrow(burned: Table) -> Table:
        """A sum over all days that claims to rest on the latest day."""
        return burned.group_by("firm").agg(total=_.amount.sum(), latest=_.date.max())

    narrow.__module__ = invented.__name__
    invented.narrow = narrow
    other = Graph([invented], graph._tables, {"share": 1.0})
    held, made = reproduce(other, "narrow", {"firm": "A"}, deep=deep)
    assert held["total"] == 35.0 and made["total"] == 5.0


def test_a_missing_value_pairs_with_a_missing_value(invented):
    @account(key=("n",), unit=None, cites=(), maps={"left": Same("n", "scope")})
    def scoped(left: Table) -> Table:
        """Rows as they are."""
        return left

    scoped.__module__ = invented.__name__
    invented.scoped = scoped
    tables = {"left": ibis.memtable({"n": [1, 1], "scope": ["city", None]}), "energy": None, "factors": None}
    made = Graph([invented], tables).explain("scoped", {"n": 1, "scope": None})
    assert [part.values["scope"] for part in made.inputs] == [None]
