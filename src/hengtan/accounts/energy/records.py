"""Accounts: enterprise energy records (205-1 type) in canonical units, and each enterprise's year
by product.

Single months, cumulatives from January and whole years are kept apart; a year is taken from the one
kind that reaches furthest.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import (
    book_gap,
    coal_equivalent,
    coefficient_of_heat_value,
    stock_draw,
)
from hengtan.accounts.stated import as_reported, resting_on_weak, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

FLOWS = (
    "purchased",
    "produced",
    "consumed",
    "feedstock",
    "transport",
    "in_power",
    "in_heat",
    "in_other",
    "transformation_out",
    "sold",
)
STOCKS = ("opening", "closing")
UNIT = ("entity", "facility", "product", "year")
COUNTS = ("year", "through", "months", "records", "preference")


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the product",
    cites=("nbs.form205_1",),
    maps={
        "enterprise_energy": Same("_submission", "_row"),
        "unit_factors": Same(unit="unit"),
        "energy_products": Same("product"),
    },
)
def energy_enterprise_amounts(
    enterprise_energy: Table, unit_factors: Table, energy_products: Table
) -> Table:
    """Each record with its quantities in the canonical unit of the product (t, m3, kWh, GJ); a unit
    of another kind gives none and says so.

    ``coefficient`` is the record's own coal-equivalent coefficient, else that of its measured heat
    value, per canonical unit.
    """
    factors = unit_factors.select(
        unit=_.unit, unit_canonical=_.canonical_unit, unit_factor=_.factor
    )
    heat = unit_factors.select(ncv_unit=_.unit, ncv_canonical=_.canonical_unit, ncv_factor=_.factor)
    products = energy_products.select(
        product=_.product,
        canonical_unit=_.canonical_unit,
        group=_.group,
        balance_product=_.balance_product,
    )
    rows = (
        enterprise_energy.pipe(beside, factors, "unit")
        .pipe(beside, products, "product")
        .pipe(beside, heat, "ncv_unit")
    )
    fits = rows.unit_canonical == rows.canonical_unit

    def canonical(name: str) -> Any:
        amount = ibis.ifelse(rows[f"{name}_notation"] == "NO", 0.0, rows[name] * rows.unit_factor)
        return ibis.ifelse(fits, amount, ibis.null("float64"))

    measured = ibis.ifelse(
        rows.ncv_canonical == ("GJ/" + rows.canonical_unit),
        rows.ncv * rows.ncv_factor,
        ibis.null("float64"),
    )
    reported = rows.coefficient / rows.unit_factor
    coefficient_basis = ibis.cases(
        (reported.notnull(), "reported"),
        (measured.notnull(), "measured"),
        else_=ibis.null("string"),
    )
    return rows.select(
        "_submission",
        "_row",
        "place",
        "entity",
        facility=ibis.coalesce(_.facility, ibis.literal("")),
        entity_name=_.entity_name,
        industry=_.industry,
        product=_.product,
        balance_product=_.balance_product,
        group=_.group,
        unit=_.unit,
        canonical_unit=_.canonical_unit,
        period=_.period,
        kind=_.period_kind,
        year=_.period_end.year(),
        month=_.period_end.month(),
        from_january=_.period_start.month() == 1,
        **{name: canonical(name) for name in (*FLOWS, *STOCKS)},
        purchase_value=_.purchase_value,
        measured_ncv=measured,
        coefficient=ibis.coalesce(reported, coefficient_of_heat_value(measured)),
        coefficient_basis=coefficient_basis,
        missing=ibis.ifelse(fits, ibis.null("string"), coded("unit_misfit", rows.unit)),
        _file=_._file,
        _sheet=_._sheet,
        _source_row=_._source_row,
        _submitted_by=_._submitted_by,
        _approved_by=_._approved_by,
        reported=as_reported(rows),
        _demo=_._demo,
    )


@account(
    key=("entity", "facility", "product", "year"),
    unit="canonical unit of the product",
    cites=("nbs.form205_1", "hengtan:year-of-records"),
    maps={"energy_enterprise_counted": Same("entity", "facility", "product", "year")},
)
def energy_enterprise_year(energy_enterprise_counted: Table) -> Table:
    """Each enterprise's year by facility and product, from the kind of record that reaches furthest
    into it; single months that follow a cumulative without a gap are added to it.

    A record in a unit of another kind adds nothing and says so in ``missing``. ``basis`` is year,
    cumulative, joined or months; ``through`` the last month covered, ``months`` how many are held,
    ``gap`` what the books leave open.
    """
    rows = energy_enterprise_counted.filter(
        (_.kind == "year") | (_.kind == "month") | ((_.kind == "cumulative") & _.from_january)
    )
    months = _added_months(rows)
    spans = _latest_spans(rows)
    both = ibis.union(months, spans.select(months.columns), _joined(rows).select(months.columns))
    chosen = first_of(both, UNIT, [_.through.desc(), _.preference]).drop("preference")
    gained = _known(_.purchased) + _known(_.produced) + _known(_.transformation_out)
    return chosen.mutate(
        stock_draw=stock_draw(_.opening, _.closing),
        gap=book_gap(_.opening, gained, _known(_.consumed) + _known(_.sold), _.closing),
    )


def _added_months(rows: Table) -> Table:
    """Years added up from single months."""
    return _typed(
        rows.filter(_.kind == "month")
        .group_by(*UNIT)
        .agg(
            **_carried(),
            **{name: _[name].sum() for name in FLOWS},
            opening=_.opening.argmin(_.month),
            closing=_.closing.argmax(_.month),
            coefficient=_weighted(),
            purchase_value=_.purchase_value.sum(),
            basis=ibis.literal("months"),
            preference=ibis.literal(3),
            through=_.month.nunique(),
            months=_.month.nunique(),
            records=_.count(),
            demo=_._demo.max(),
        )
    )


def _latest_spans(rows: Table) -> Table:
    """Years from the whole year's record, or from the cumulative that reaches furthest."""
    latest_first = [_.month.desc(), _._submission.desc(), _._row.desc()]
    spans = (
        first_of(rows.filter(_.kind != "month"), [*UNIT, "kind"], latest_first)
        .group_by(*UNIT, "kind")
        .agg(
            **_carried(),
            **{name: _[name].max() for name in FLOWS},
            opening=_.opening.max(),
            closing=_.closing.max(),
            coefficient=_.coefficient.max(),
            purchase_value=_.purchase_value.max(),
            through=ibis.ifelse(_.kind.max() == "year", 12, _.month.max()),
            records=ibis.literal(1),
            demo=_._demo.max(),
        )
    )
    return _typed(
        spans.mutate(basis=_.kind, preference=ibis.ifelse(_.kind == "year", 0, 1), months=_.through)
    )


def _joined(rows: Table) -> Table:
    """Years from the cumulative that reaches furthest and the single months right after it."""
    spans = first_of(
        rows.filter(_.kind == "cumulative"),
        list(UNIT),
        [_.month.desc(), _._submission.desc(), _._row.desc()],
    )
    ends = spans.select(*UNIT, reached=_.month)
    run = ibis.window(group_by=list(UNIT), order_by="month")
    later = (
        first_of(
            rows.filter(_.kind == "month").inner_join(ends, list(UNIT)).filter(_.month > _.reached),
            [*UNIT, "month"],
            [_._submission.desc(), _._row.desc()],
        )
        .mutate(place_in_run=ibis.row_number().over(run) + 1)
        .filter(_.month - _.reached == _.place_in_run)
        .drop("place_in_run")
    )
    first = spans.semi_join(later, list(UNIT)).mutate(reached=_.month)
    parts = ibis.union(first, later.select(first.columns))
    return _typed(
        parts.group_by(*UNIT).agg(
            **_carried(),
            **{name: _[name].sum() for name in FLOWS},
            opening=_.opening.argmin(_.month),
            closing=_.closing.argmax(_.month),
            coefficient=_weighted(),
            purchase_value=_.purchase_value.sum(),
            basis=ibis.literal("joined"),
            preference=ibis.literal(2),
            through=_.month.max(),
            months=_.month.max(),
            records=_.count(),
            demo=_._demo.max(),
        )
    )


def _typed(rows: Table) -> Table:
    """Counts and years as whole numbers of one size, so that tables go together."""
    return rows.mutate(**{name: rows[name].cast("int64") for name in COUNTS})


@account(
    key=("entity", "facility", "product", "year"),
    unit="tce",
    cites=("GB/T 2589-2020",),
    maps={
        "energy_enterprise_year": Same("entity", "facility", "product", "year"),
        "energy_factors": Same("product"),
        "energy_products": Same("product"),
    },
)
def energy_enterprise_tce(
    energy_enterprise_year: Table,
    energy_factors: Table,
    energy_products: Table,
    coal_equivalent_set: str = "nbs_form205",
) -> Table:
    """Consumption and output of each enterprise and product in coal equivalent (当量值, power at
    the calorific coefficient).

    The coefficient is the record's own (采用折标系数, or measured heat value), else the named
    set's; where the set gives a range only, it is missing.
    """
    of_set = energy_factors.filter(_.factor_set == coal_equivalent_set).select(
        product=_.product, set_coefficient=_.tce_coef, set_confidence=_.confidence
    )
    named = energy_products.select("product", "name_zh", "name_en")
    rows = energy_enterprise_year.pipe(beside, of_set, "product").pipe(beside, named, "product")
    coefficient_from = ibis.cases(
        (rows.coefficient.notnull(), "record"),
        (rows.set_coefficient.notnull(), coal_equivalent_set),
        else_=ibis.null("string"),
    )
    rows = rows.mutate(
        misfit=_.missing.notnull(),
        used_coefficient=ibis.coalesce(_.coefficient, _.set_coefficient),
        coefficient_from=coefficient_from,
        confidence=worst_of(
            _.reported, ibis.ifelse(_.coefficient.isnull(), _.set_confidence, ibis.null("string"))
        ),
    )
    unread = rows.misfit & rows.consumed.isnull()
    spent = ibis.ifelse(unread, ibis.null("float64"), _known(_.consumed))
    put_out = _known(_.transformation_out)
    rows = rows.mutate(
        consumed_tce=coal_equivalent(spent, _.used_coefficient),
        made_tce=coal_equivalent(put_out, _.used_coefficient),
        feedstock_tce=coal_equivalent(_known(_.feedstock), _.used_coefficient),
    )
    moves = (spent != 0) | (put_out + _known(_.produced) != 0)
    lacks_coefficient = _.used_coefficient.isnull() & moves
    no_coefficient = coded("no_coefficient", rows.name_zh, rows.name_en)
    return rows.mutate(
        recalled_tce=resting_on_weak(_.consumed_tce, _.confidence),
        coal_equivalent_set=ibis.literal(coal_equivalent_set),
        convention=ibis.literal("calorific"),
        missing=ibis.coalesce(
            _.missing,
            ibis.ifelse(lacks_coefficient, no_coefficient, ibis.null("string")),
            _.parts_code,
        ),
    ).drop("parts_code", "name_zh", "name_en")


def _carried() -> dict[str, Any]:
    return {
        "place": _.place.max(),
        "entity_name": _.entity_name.max(),
        "industry": _.industry.max(),
        "balance_product": _.balance_product.max(),
        "group": _.group.max(),
        "canonical_unit": _.canonical_unit.max(),
        "parts_code": _.parts_code.max(),
        "missing": _.missing.max(),
        "reported": worst_in(_.reported),
    }


def _weighted() -> Any:
    """The coefficient of a year: that of each month weighted by what was consumed; months without
    one are passed over.
    """
    weight = ibis.ifelse(_.coefficient.notnull(), _.consumed, ibis.null("float64"))
    return ibis.coalesce(
        (_.coefficient * weight).sum() / weight.sum().nullif(0), _.coefficient.max()
    )


def _known(amount: Any) -> Any:
    """An amount, zero where none is reported: a blank column of the form is no flow."""
    return ibis.coalesce(amount, ibis.literal(0.0))
