"""Accounts: taxes as filed beside what the records give, by payer and period, and by round of
matching.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

CASE_FILES = "hengtan:case_files"
TOLERANCE = "tax.data_match.tolerance"
PERCENT = 100.0
TAX = "tax"
RULED = "ruled"


@account(
    key=("entity", "tax", "period"),
    unit="CNY",
    cites=(CASE_FILES,),
    maps={
        "case_env_tax_payer_verdicts": Same("entity", "period"),
        "case_water_intake_verdicts": Same("entity", "period"),
        "case_resource_site_verdicts": Same("entity", "period"),
    },
)
def taxes_computed(
    case_env_tax_payer_verdicts: Table,
    case_water_intake_verdicts: Table,
    case_resource_site_verdicts: Table,
) -> Table:
    """Tax of each payer and period as the case files work it out, all of its intakes and sites
    together; missing, with ``unreached`` of them, where a verdict could not be reached.
    """
    verdicts = [
        table.filter((_.output == TAX) | (_.state != RULED)).select(
            "entity",
            "place",
            "period",
            "value",
            "confidence",
            "demo",
            tax=ibis.literal(tax),
            unreached=(_.state != RULED).cast("int64"),
        )
        for tax, table in (
            ("env", case_env_tax_payer_verdicts),
            ("water", case_water_intake_verdicts),
            ("resource", case_resource_site_verdicts),
        )
    ]
    sums = (
        ibis.union(*verdicts)
        .group_by("entity", "tax", "period")
        .agg(
            place=_.place.min(),
            reached=_.value.sum(),
            unreached=_.unreached.sum(),
            confidence=worst_in(_.confidence),
            demo=_.demo.any(),
        )
    )
    whole = ibis.ifelse(sums.unreached == 0, sums.reached, ibis.null("float64"))
    return sums.mutate(computed_tax=whole).drop("reached")


@account(
    key=("match", "entity"),
    unit="CNY",
    cites=(CASE_FILES, "hengtan:rule_parameters"),
    maps={
        "tax_matches": Same("match"),
        "taxes_computed": Same("entity"),
        "tax_returns": Same("entity"),
        "tax_leads": Same("match", "entity"),
        "place_within": "all",
        "payer_places": Same("entity"),
        "rule_parameters": "all",
    },
)
def tax_differences(
    tax_matches: Table,
    taxes_computed: Table,
    tax_returns: Table,
    tax_leads: Table,
    place_within: Table,
    payer_places: Table,
    rule_parameters: Table,
) -> Table:
    """The payers of a round of matching with tax filed and tax worked out, their difference and
    what it is: only filed, only worked out, not worked out yet, beyond the tolerance or within it.

    ``handed``: the day it was handed over as a lead.
    """
    default = rule_parameters.filter(_.parameter == TOLERANCE).agg(usual=_.value.max())
    rounds = tax_matches.select(
        "match", "place", "tax", "period", "tolerance", of_match=as_reported(tax_matches)
    ).cross_join(default)
    within = place_within.select(payer_place="place", place="within")
    payers = rounds.inner_join(within, "place").inner_join(payer_places, "payer_place")
    key = ["entity", "tax", "period"]
    filed = tax_returns.select(
        *key, "declared", of_return=as_reported(tax_returns), filed_demo=tax_returns._demo
    )
    computed = taxes_computed.select(
        *key, "computed_tax", "unreached", of_records="confidence", computed_demo="demo"
    )
    rows = beside(beside(payers, filed, key), computed, key)
    rows = rows.filter(rows.declared.notnull() | rows.unreached.notnull())
    leads = tax_leads.select("match", "entity", "handed", "replied", "outcome", "recovered")
    rows = beside(rows, leads, ["match", "entity"])
    allowed = ibis.coalesce(rows.tolerance / PERCENT, rows.usual) * rows.computed_tax
    difference = rows.declared - rows.computed_tax
    return rows.select(
        "match",
        "entity",
        "payer_name",
        "tax",
        "period",
        "declared",
        "computed_tax",
        "handed",
        "replied",
        "outcome",
        "recovered",
        payer=rows.payer_name + "（" + rows.entity + "）",
        difference=difference,
        finding=ibis.cases(
            (rows.unreached.isnull(), "filed_only"),
            (rows.unreached > 0, "not_computed"),
            (rows.declared.isnull(), "records_only"),
            (difference.abs() > allowed, "differs"),
            else_="agrees",
        ),
        has_filed=ibis.ifelse(rows.declared.notnull(), "yes", "no"),
        has_computed=ibis.ifelse(rows.computed_tax.notnull(), "yes", "no"),
        confidence=worst_of(rows.of_match, rows.of_return, rows.of_records),
        demo=rows.filed_demo.fill_null(False) | rows.computed_demo.fill_null(False),
    )


@account(
    key=("entity",),
    unit=None,
    cites=(CASE_FILES,),
    maps={
        "env_tax_payers": Same("entity"),
        "water_intakes": Same("entity"),
        "resource_sites": Same("entity"),
    },
)
def payer_places(env_tax_payers: Table, water_intakes: Table, resource_sites: Table) -> Table:
    """Where payers are and what they are called, by the records of any of their taxes."""
    places = [
        table.select("entity", "place", payer_name=name)
        for table, name in (
            (env_tax_payers, "payer_name"),
            (water_intakes, "user_name"),
            (resource_sites, "site_name"),
        )
    ]
    return (
        ibis.union(*places)
        .group_by("entity")
        .agg(payer_place=_.place.min(), payer_name=_.payer_name.min())
    )
