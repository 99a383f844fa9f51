"""The environmental protection tax on a table gives, outlet by outlet, what the case gives; and it
never falls when an emission rises.
"""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.basis.errors import HengtanError
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.registry import rules
from hengtan.instruments.taxes.tables import outlet_tax
from hengtan.instruments.taxes.waste_water import ph_band
from hengtan.packs.arrow import to_arrow

PACK = packs.load("chongqing")
TABLES = PackTables(PACK.rows("rule_parameters"), tables={"pollutants": PACK.rows("pollutants")})
ROWS = {
    medium: [
        r
        for r in PACK.rows("pollutants")
        if r["medium"] == medium and r["class"] in ("air", "water1", "water2")
    ]
    for medium in ("air", "water")
}


def made(medium: str, outlets: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(outlets):
        day = [date(2019, 3, 31), date(2020, 12, 31), date(2021, 1, 1), date(2024, 5, 31)][n % 4]
        for r in rng.choice(len(ROWS[medium]), size=int(rng.integers(1, 9)), replace=False):
            row = ROWS[medium][int(r)]
            share = [None, 0.4, 0.5, 0.65, 0.7, 0.9][int(rng.integers(0, 6))]
            rows.append(
                {
                    "outlet": f"o{n}",
                    "date": day,
                    "region": "500000",
                    "pollutant": row["pollutant"],
                    "amount": float(rng.lognormal(0, 1.5)) * row["equivalent"],
                    "share": share,
                    "compliant": bool(rng.integers(0, 2)),
                }
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("medium", ["air", "water"])
def test_the_table_and_the_case_agree(medium: str) -> None:
    frame = made(medium, 120, 7)
    con = ibis.duckdb.connect()
    emissions = con.create_table("emissions", frame)
    taxes = (
        outlet_tax(
            emissions,
            con.create_table("p", to_arrow(PACK, "pollutants")),
            con.create_table("r", to_arrow(PACK, "rule_parameters")),
            medium,
        )
        .to_pandas()
        .set_index("outlet")
    )
    assert len(taxes) == 120 and (taxes["missing"] == 0).all()
    for outlet, part in frame.groupby("outlet"):
        # a case says of an outlet whether all its readings were within the standard:
        # shares of rows that were not are left out
        inputs = {
            "pollutants": dict(zip(part["pollutant"], part["amount"], strict=True)),
            "shares": {
                p: s
                for p, s, c in zip(part["pollutant"], part["share"], part["compliant"], strict=True)
                if c and not pd.isna(s)
            },
            "compliant": True,
        }
        case = run(
            rules(),
            f"env_tax.{medium}",
            part["date"].iloc[0],
            "500000",
            inputs,
            TABLES,
        )
        assert taxes.loc[outlet, "tax"] == pytest.approx(case.outputs["tax"], rel=1e-12)


AMOUNTS = st.lists(
    st.tuples(st.integers(0, len(ROWS["water"]) - 1), st.floats(0, 1e5)),
    min_size=1,
    max_size=8,
    unique_by=lambda t: t[0],
)


@settings(max_examples=80, deadline=None)
@given(AMOUNTS, st.data())
def test_the_tax_of_an_outlet_never_falls_when_an_emission_rises(amounts, data) -> None:
    """At constant concentration, so that no reduction changes."""

    def tax(values: dict[str, float]) -> float:
        return run(
            rules(),
            "env_tax.water",
            date(2019, 5, 31),
            "500000",
            {"pollutants": values},
            TABLES,
        ).outputs["tax"]

    emitted = {ROWS["water"][i]["pollutant"]: x for i, x in amounts}
    name = data.draw(st.sampled_from(sorted(emitted)))
    assert (
        tax({**emitted, name: emitted[name] + data.draw(st.floats(0, 1e5))}) >= tax(emitted) - 1e-6
    )


@pytest.mark.parametrize(
    ("ph", "row"),
    [
        (0, 1),
        (0.99, 1),
        (1, 2),
        (4.99, 5),
        (5, 6),
        (5.99, 6),
        (6, None),
        (9, None),
        (9.01, 5),
        (10, 5),
        (10.01, 4),
        (13, 2),
        (13.01, 1),
        (14, 1),
    ],
)
def test_ph_bands(ph: float, row: int | None) -> None:
    """附表二注: 5–6 is at least 5 and below 6, 9–10 above 9 and at most 10, the others likewise."""
    bands = {
        r["key"]: r["value"]
        for r in PACK.rows("rule_parameters")
        if r["parameter"] == "env_tax.water.ph_row"
    }
    assert bands.get(ph_band(ph, bands)) == row


@pytest.mark.parametrize("ph", [-0.1, 14.1])
def test_there_is_no_ph_outside_its_scale(ph: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 14"):
        ph_band(ph, ["0-1"])


def test_a_pollutant_is_taxed_by_the_row_in_force_on_the_day() -> None:
    """A row that ended counts no more: 1 kg over 0.95 kg before, over 0.5 kg after, at 3.5 yuan."""
    sulfur = next(r for r in PACK.rows("pollutants") if r["name_zh"] == "二氧化硫")
    old = {**sulfur, "valid_to": date(2024, 3, 31)}
    new = {**sulfur, "valid_from": date(2024, 4, 1), "equivalent": 0.5}

    def tax(day: date, *rows) -> float:
        tables = PackTables(PACK.rows("rule_parameters"), tables={"pollutants": rows})
        inputs = {"pollutants": {"二氧化硫": 1}}
        return run(rules(), "env_tax.air", day, "500000", inputs, tables).outputs["tax"]

    assert tax(date(2024, 3, 31), old, new) == pytest.approx(3.5 / 0.95)
    assert tax(date(2024, 4, 1), old, new) == pytest.approx(3.5 / 0.5)
    with pytest.raises(HengtanError, match="税目里没有“二氧化硫”"):
        tax(date(2024, 4, 1), old)
