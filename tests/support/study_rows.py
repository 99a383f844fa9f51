"""Rows of the forms of a study, as the ledger would hold them, with the blanks filled in."""

MEASURE = {
    "carrier": None,
    "to_carrier": None,
    "ratio": None,
    "filler": None,
    "start_year": 2025,
    "ramp_years": 4,
    "ceiling": None,
    "coverage": None,
    "capital": None,
    "running": None,
    "life": None,
    "discount_rate": None,
    "conflicts": None,
    "clause": None,
    "targets": None,
    "effect_mark": "assumed",
    "ramp_mark": "assumed",
}


def measure(code, driver, sectors, effect, **more):
    """A row of ``measure_effects`` of Chongqing; effect in percent."""
    own = {"measure": code, "title": f"措施{code}", "driver": driver, "sectors": sectors}
    return MEASURE | own | {"place": "500000", "effect": effect} | more


def growth(driver, sectors, first_year, percent, **more):
    """A row of ``pathway_drivers`` of Chongqing; percent a year."""
    return {
        "place": "500000",
        "sectors": sectors,
        "driver": driver,
        "first_year": first_year,
        "growth": percent,
        "level": None,
        "level_unit": None,
        "indicator": None,
        "carrier": None,
        "mark": "assumed",
        "source_title": None,
    } | more
