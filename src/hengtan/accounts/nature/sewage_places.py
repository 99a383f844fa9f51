"""Account: sewage of places by year: collection by BOD5, treatment, sludge, power, plants and
network together.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import unit_price
from hengtan.accounts.nature.formulas_sewage import collection_rate, share_percent
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

PLACE = ("place", "year")
MONTHS = 12
FULL = 100.0


@account(
    key=PLACE,
    unit="m³; t; %; mg/L; kWh/m³",
    cites=("hengtan:sewage-network",),
    maps={
        "sewage_work_years": Same("year"),
        "sewage_works": "all",
        "sewage_place_years": Same("place"),
        "water_parameters": "all",
        "place_within": Same(within="place"),
    },
)
def sewage_rates(
    sewage_work_years: Table,
    sewage_works: Table,
    sewage_place_years: Table,
    water_parameters: Table,
    place_within: Table,
) -> Table:
    """Sewage of each place and year over its works, with what lies in it: BOD5 collected over BOD5
    made by people (集中收集率), treated over discharged (处理率), sludge treated harmlessly over
    sludge made, power by cubic metre.

    Rates stand where all works in use report all twelve months of what they need, else ``missing``
    says how many fall short. BOD5 a person makes is that of the place where it states one, else a
    recalled parameter. Rates above 100 % are kept and told in ``reason``.
    """
    within = place_within.select("place", within="within")
    sums = _works(sewage_work_years, sewage_works, within)
    people = sewage_place_years.select(
        "place",
        "people",
        "discharged",
        own_bod="bod_per_person",
        year=_.period_end.year().cast("int64"),
        day=_.period_end,
        days=_.period_end.delta(_.period_start, unit="day") + 1,
        of_people=as_reported(sewage_place_years),
        people_demo=_._demo,
    )
    people = with_parameters(people, water_parameters, {"sewage.bod_per_person": "usual_bod"})
    rows = beside(sums, people, list(PLACE))
    per_person = ibis.coalesce(rows.own_bod, rows.usual_bod)
    rows = rows.mutate(
        bod_per_person=per_person,
        usual=rows.own_bod.isnull() & rows.usual_bod.notnull(),
        treated_whole=_whole(rows.treated, rows.treated_short),
        bod_whole=_whole(rows.bod_collected, rows.bod_short),
        sludge_made_whole=_whole(rows.sludge_made, rows.sludge_short),
        sludge_harmless_whole=_whole(rows.sludge_harmless, rows.sludge_short),
    )
    rows = rows.mutate(
        collection_rate=collection_rate(
            rows.bod_whole, rows.people, rows.bod_per_person, rows.days
        ),
        treatment_rate=share_percent(rows.treated_whole, rows.discharged),
        sludge_rate=share_percent(rows.sludge_harmless_whole, rows.sludge_made_whole),
    )
    above = (rows.collection_rate > FULL) | (rows.treatment_rate > FULL) | (rows.sludge_rate > FULL)
    rests_on_recalled = rows.usual & rows.collection_rate.notnull()
    return rows.mutate(
        reason=ibis.ifelse(above, "sewage_rate_above_100", ibis.null("string")),
        missing=ibis.cases(
            (rows.works_short > 0, coded("sewage_works_short", rows.works_short)),
            (rows.people.isnull() & rows.discharged.isnull(), "sewage_people_lacking"),
        ),
        confidence=worst_of(rows.of_works, rows.of_people),
        collection_confidence=worst_of(
            rows.of_works,
            rows.of_people,
            ibis.ifelse(rests_on_recalled, "recalled", ibis.null("string")),
        ),
        demo=rows.works_demo | rows.people_demo.fill_null(False),
    ).drop(
        *("own_bod", "usual_bod", "usual", "day", "days", "of_works", "of_people"),
        *("works_demo", "people_demo", "treated_short", "bod_short", "sludge_short"),
    )


@account(
    key=PLACE,
    unit="%",
    cites=("hengtan:sewage-network",),
    maps={"sewage_rates": Same(*PLACE)},
)
def sewage_collection(sewage_rates: Table) -> Table:
    """The collection rate of each place and year with how sure it is: recalled where the BOD5 that
    a person makes was not stated by the place.
    """
    rows = sewage_rates.filter(_.collection_rate.notnull())
    recalled = (rows.collection_confidence == "recalled").cast("float64")
    return rows.select(
        *("place", "year", "collection_rate", "bod_per_person", "people"),
        collected=rows.bod_whole,
        recalled_share=recalled,
        confidence="collection_confidence",
        reason="reason",
        demo="demo",
    )


def _works(years: Table, works: Table, within: Table) -> Table:
    """Sums over the works of each place, and how many works in use fall short of what each sum
    needs.
    """
    pairs = works.select("works", "place", "opened", "closed", "design_load").cross_join(
        years.select("year").distinct()
    )
    first = ibis.date(pairs.year.cast("int32"), 1, 1)
    last = ibis.date(pairs.year.cast("int32"), 12, 31)
    in_use = pairs.filter(
        (pairs.opened.isnull() | (pairs.opened <= last))
        & (pairs.closed.isnull() | (pairs.closed >= first))
    )
    wanted = _months_in_use(in_use)
    figures = years.drop("place", "works_name", "missing", "load_share")
    rows = beside(wanted, figures, ["works", "year"])
    placed = rows.inner_join(within, "place")
    sums = placed.group_by("year", place=_.within).agg(
        works=_.count(),
        inflow=_.inflow.sum(),
        treated=_.treated.sum(),
        bod_collected=_.bod_collected.sum(),
        inflow_with_bod=_.inflow_with_bod.sum(),
        power=_.power.sum(),
        sludge_made=_.sludge_made.sum(),
        sludge_harmless=_.sludge_harmless.sum(),
        months_over=_.months_over.sum().cast("int64"),
        works_short=_.count(where=_.months.fill_null(0) < _.months_wanted),
        treated_short=_.count(where=_.months_treated.fill_null(0) < _.months_wanted),
        bod_short=_.count(where=_.months_bod.fill_null(0) < _.months_wanted),
        sludge_short=_.count(where=_.months_sludge.fill_null(0) < _.months_wanted),
        of_works=worst_in(_.confidence),
        works_demo=_.demo.any(),
    )
    return sums.mutate(
        bod_in=unit_price(sums.bod_collected * 1e6, sums.inflow_with_bod),
        power_by_volume=unit_price(sums.power, sums.treated),
    ).drop("inflow_with_bod")


def _months_in_use(in_use: Table) -> Table:
    """Works and years with how many months of the year they were in use."""
    opened_now = in_use.opened.year() == in_use.year
    closed_now = in_use.closed.year() == in_use.year
    before = ibis.ifelse(opened_now.fill_null(False), in_use.opened.month() - 1, 0)
    after = ibis.ifelse(closed_now.fill_null(False), MONTHS - in_use.closed.month(), 0)
    return in_use.select("works", "place", "year", months_wanted=MONTHS - before - after)


def _whole(total: ibis.Value, short: ibis.Value) -> ibis.Value:
    """A sum where no works fall short, else missing."""
    return ibis.ifelse(short == 0, total, ibis.null("float64"))
