"""Accounts of registries (名录): the terms of their entries in one unit, and what counts on a day
and in each year.

A row of the form is one term of an entry: granted, withdrawn or expired; a renewal is another term.
What counts is said by the registry: entries or quantity, in force on a day or granted in a period,
how long a title is valid.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside, first_of


@account(
    key=("_submission", "_row"),
    unit="the registry's unit",
    cites=("hengtan:registries",),
    maps={
        "registry_entries": Same("registry", "place", "title", "level"),
        "registries": Same(registry_id="registry"),
        "unit_factors": "all",
    },
)
def plan_registry_terms(registry_entries: Table, registries: Table, unit_factors: Table) -> Table:
    """Each term of each entry with the first day it no longer counts, and its quantity in the
    registry's own unit.

    A row that only withdraws (no day of grant) ends the terms granted before it; a row without any
    day gives way to a dated one of the same entry. ``ends`` is the day after which nothing counts:
    withdrawn, expired as entered, or the end of the term of validity that the registry states. A
    quantity without a unit is in the registry's unit; one in a unit of another kind is missing and
    says so.
    """
    own = registries.select(
        registry=_.registry_id,
        counts=_.counts,
        counting=_.counting,
        valid_years=_.valid_years,
        own_unit=_.unit,
    )
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    own = beside(
        own,
        factors.rename(own_unit="unit", own_canonical="canonical_unit", own_factor="factor"),
        "own_unit",
    )
    rows = beside(registry_entries, own, "registry")
    rows = rows.mutate(unit=ibis.coalesce(_.unit, _.own_unit))
    rows = beside(rows, factors, "unit")
    fits = rows.canonical_unit == rows.own_canonical
    rows = rows.mutate(
        quantity_in_own=ibis.ifelse(fits, rows.quantity * rows.factor / rows.own_factor, None),
        missing=ibis.cases(
            (rows.quantity.notnull() & ~fits.fill_null(False), "registry_unit"),
            ((rows.counts == "quantity") & rows.quantity.isnull(), "registry_quantity"),
        ),
    )
    return _terms(rows).select(
        "_submission",
        "_row",
        "registry",
        "place",
        "title",
        "level",
        "counts",
        "counting",
        "granted",
        "ends",
        "missing",
        unit=_.own_unit,
        quantity=_.quantity_in_own,
        confidence=as_reported(rows),
        demo=_._demo,
    )


def _terms(rows: Table) -> Table:
    """The rows that are terms, each with the day it ends."""
    entry = ["registry", "place", "title", "level_key"]
    rows = rows.mutate(
        level_key=ibis.coalesce(_.level, ibis.literal("")),
        not_valid_from=_not_valid_from(rows),
        only_withdraws=_.granted.isnull() & _.withdrawn.notnull(),
    )
    dated = rows.filter(_.granted.notnull()).group_by(entry).agg(dated_terms=_.count())
    rows = beside(rows, dated, entry)
    apart = rows.filter(_.only_withdraws).select(*entry, withdrawn_apart=_.withdrawn)
    pairs = rows.filter(_.granted.notnull()).select("_submission", "_row", "granted", *entry)
    pairs = pairs.inner_join(apart, entry).filter(_.withdrawn_apart >= _.granted)
    first_apart = pairs.group_by("_submission", "_row").agg(withdrawn_apart=_.withdrawn_apart.min())
    rows = beside(rows, first_apart, ["_submission", "_row"])
    undated_flow = rows.only_withdraws & (rows.counting == "granted_in_period")
    is_term = rows.granted.notnull() | (rows.dated_terms.isnull() & ~undated_flow)
    last = [
        ibis.coalesce(d, NEVER) for d in (rows.withdrawn, rows.withdrawn_apart, rows.not_valid_from)
    ]
    return rows.filter(is_term).mutate(ends=ibis.least(*last).nullif(NEVER))


NEVER = ibis.date(9999, 12, 31)


def _not_valid_from(rows: Table) -> ibis.Value:
    """The first day on which a title is no longer valid: the day after ``expires``, else granted
    plus the years of its term.

    A term granted on 29 February runs out on 28 February.
    """
    leap_day = (rows.granted.month() == 2) & (rows.granted.day() == 29)
    anniversary = ibis.date(
        rows.granted.year() + rows.valid_years,
        rows.granted.month(),
        ibis.ifelse(leap_day, 28, rows.granted.day()),
    )
    stated = (rows.expires.cast("timestamp") + ibis.interval(days=1)).date()
    computed = ibis.ifelse(rows.valid_years.notnull() & rows.granted.notnull(), anniversary, None)
    return ibis.coalesce(stated, computed)


def in_force_on(terms: Table, day: ibis.Value) -> ibis.Value:
    """Whether a term counts on a day: granted by then (or undated), and not ended by then."""
    granted = terms.granted.isnull() | (terms.granted <= day)
    return granted & (terms.ends.isnull() | (terms.ends > day))


@account(
    key=("registry", "place", "level"),
    unit="entries, or the registry's unit",
    cites=("hengtan:registries",),
    maps={"plan_registry_terms": Same("registry", "place", "level")},
)
def plan_registry_counts(plan_registry_terms: Table, judged_on: ibis.Value) -> Table:
    """Entries of each registry, place and level that count on a day, and their summed quantity;
    levels are never added.

    A list in force counts the entries with a term in force that day, each once; a list of additions
    counts every term granted by then. ``incomplete`` is the number of counted terms whose quantity
    is missing.
    """
    terms = plan_registry_terms
    added = (terms.counting == "granted_in_period") & (
        terms.granted.isnull() | (terms.granted <= judged_on)
    )
    counted = terms.filter(added | ((terms.counting == "in_force") & in_force_on(terms, judged_on)))
    latest = first_of(
        counted.filter(_.counting == "in_force"),
        ["registry", "place", "level", "title"],
        [_.granted.desc(), _._submission.desc(), _._row.desc()],
    )
    once = latest.union(counted.filter(_.counting != "in_force"))
    return once.group_by("registry", "place", "level").agg(
        entries=_.count(),
        quantity=_.quantity.sum(),
        unit=_.unit.max(),
        incomplete=_.missing.notnull().sum(),
        latest_granted=_.granted.max(),
    )


@account(
    key=("registry", "place", "year"),
    unit="entries, or the registry's unit",
    cites=("hengtan:registries",),
    maps={
        "plan_registry_terms": Same("registry"),
        "registries": Same(registry_id="registry"),
        "place_within": Same(within="place"),
        "calendar_years": Same("year"),
    },
)
def plan_registry_years(
    plan_registry_terms: Table,
    registries: Table,
    place_within: Table,
    calendar_years: Table,
    judged_on: ibis.Value,
) -> Table:
    """Of each registry and place, with what lies in it: what is in force at the end of each year,
    and what was granted in it.

    Only entries of the levels that the registry's indicator counts (``indicator_levels``; all where
    it states none); an entry on several lists counts once. The year of the day judged ends on that
    day. A year without entries counts zero, from the year the registry is kept since
    (``kept_since``, else its first grant).
    """
    stated = registries.select(
        registry=_.registry_id, levels_counted=_.indicator_levels, kept_since=_.kept_since
    )
    terms = _of_levels(beside(plan_registry_terms, stated, "registry")).rename(entry_place="place")
    within = place_within.select(entry_place=_.place, place=_.within)
    terms = terms.inner_join(within, "entry_place")
    spans = terms.group_by("registry", "place").agg(
        first=ibis.coalesce(
            _.kept_since.min(), _.granted.year().min().cast("int64"), judged_on.year().cast("int64")
        ),
        counting=_.counting.max(),
        counts=_.counts.max(),
        unit=_.unit.max(),
    )
    years = spans.cross_join(calendar_years.select("year"))
    years = years.filter((_.year >= _.first) & (_.year <= judged_on.year())).drop("first")
    years = years.mutate(day=ibis.least(ibis.date(_.year.cast("int32"), 12, 31), judged_on))
    dated = years.select("registry", "place", "year", "day")
    carried = [
        "registry",
        "place",
        "entry_place",
        "title",
        "granted",
        "ends",
        "quantity",
        "missing",
    ]
    pairs = dated.inner_join(
        terms.select(*carried, "_submission", "_row", "confidence", "demo"), ["registry", "place"]
    )
    standing = first_of(
        pairs.filter(in_force_on(pairs, pairs.day)),
        ["registry", "place", "year", "entry_place", "title"],
        [_.granted.desc(), _._submission.desc(), _._row.desc()],
    )
    added = pairs.filter((pairs.granted.year() == pairs.year) & (pairs.granted <= pairs.day))
    rows = beside(years, _sums(standing, "in_force"), ["registry", "place", "year"])
    rows = beside(rows, _sums(added, "granted"), ["registry", "place", "year"])
    counted = [f"{part}_{what}" for what in ("in_force", "granted") for part in PARTS]
    zero = {
        name: ibis.coalesce(rows[name], ibis.literal(0))
        for name in counted
        if "quantity" not in name
    }
    amounts = {
        f"quantity_{what}": ibis.ifelse(
            rows[f"entries_{what}"].isnull(), 0.0, rows[f"quantity_{what}"]
        )
        for what in ("in_force", "granted")
    }
    return rows.mutate(**amounts, **zero)


PARTS = ("entries", "quantity", "incomplete", "demo_rows")


def _sums(terms: Table, what: str) -> Table:
    return terms.group_by("registry", "place", "year").agg(
        **{
            f"entries_{what}": terms.count(),
            f"quantity_{what}": terms.quantity.sum(),
            f"incomplete_{what}": terms.missing.notnull().sum(),
            f"demo_rows_{what}": terms.demo.sum(),
            f"confidence_{what}": worst_in(terms.confidence),
        }
    )


def _of_levels(terms: Table) -> Table:
    """The terms of the levels that the registry's indicator counts; all where it states none."""
    listed = ibis.literal(";") + terms.levels_counted + ";"
    own = ibis.literal(";") + terms.level + ";"
    return terms.filter(terms.levels_counted.isnull() | listed.contains(own).fill_null(False))
