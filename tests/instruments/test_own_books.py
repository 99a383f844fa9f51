"""The books of one account say the same of it as the ledger of all accounts does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hengtan import packs
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.market.ledger import AllowanceLedger, entry
from hengtan.instruments.registry import editions

FIRST = date(2024, 1, 1)
FIRMS = ("甲", "乙", "丙")
PACK = PackTables(packs.load("cn").rows("rule_parameters"))


@st.composite
def entries(draw):
    """Entries of three firms, each possible by what is held before it."""
    balances = dict.fromkeys(FIRMS, 0)
    rows = []
    for number in range(draw(st.integers(1, 12))):
        day, firm = FIRST + timedelta(days=number), draw(st.sampled_from(FIRMS))
        kind = draw(st.sampled_from(("issue", "trade", "surrender", "cancel")))
        if kind != "issue" and not balances[firm]:
            kind = "issue"
        most = 1_000 if kind == "issue" else balances[firm]
        tonnes = draw(st.integers(1, most))
        row = {"kind": kind, "day": day, "account": firm, "vintage": 2023, "tonnes": tonnes}
        row |= {"buyer": "", "price": None, "to_vintage": None, "year": 2023}
        balances[firm] += tonnes if kind == "issue" else -tonnes
        if kind == "trade":
            buyer = draw(st.sampled_from([other for other in FIRMS if other != firm]))
            row |= {"buyer": buyer, "price": float(draw(st.integers(1, 99)))}
            balances[buyer] += tonnes
        rows.append(row)
    return rows


@given(entries())
def test_own_books_hold_what_the_ledger_of_all_holds(rows):
    ledger = AllowanceLedger(None)
    for row in rows:
        entry(ledger, row)
    for firm in FIRMS:
        own = [row for row in rows if firm in (row["account"], row["buyer"])]
        if not own:
            continue
        inputs = {"own": firm, "market": "pilot"}
        inputs["rows"] = [{k: v for k, v in row.items() if v is not None} for row in own]
        books = run(editions("ets.ledger"), "ets.ledger", rows[-1]["day"], "", inputs, PACK)
        says = books.outputs
        assert says["held"] == ledger.holdings().get((firm, 2023), 0)
        assert says["paid"] == -ledger.cash().get(firm, 0.0)
        used = says["held"] + says["surrendered"] + says["cancelled"]
        assert says["issued"] + says["net_bought"] == used
