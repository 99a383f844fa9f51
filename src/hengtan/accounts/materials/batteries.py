"""Accounts: traction batteries by the codes on them, from the car to second life and recycling, and
how many of those that retired a place recovered.

The shape of a code is data of a pack (``battery_code_shapes``); it has no check digit, so a code
that is well formed may still be misread.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.formulas import rate
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

EVENTS = ("installed", "retired", "recovered", "second_life", "recycled")
LAW = ("GB/T 34014-2017",)
FIRST, SECOND = "first", "second_life"


@account(
    key=("code",),
    unit="kg",
    cites=LAW,
    maps={"battery_events": Same("code"), "battery_code_shapes": "all"},
)
def battery_traces(battery_events: Table, battery_code_shapes: Table) -> Table:
    """Each battery by its code: the first day of each event, the place and kind of the last one,
    and what does not fit.

    ``shape``: whether the code is that of a battery (``first``) or of a second-life product;
    ``reason`` names a code of neither shape, a product without its first code, recycling of what
    nobody recovered, and what retired before it was installed.
    """
    events = battery_events.mutate(told=as_reported(battery_events), code=_.code.strip().upper())
    days = {f"{event}_on": _.day.min(where=_.event == event) for event in EVENTS}
    codes = events.group_by("code").agg(
        **days,
        place=_.place.argmax(_.day),
        last_event=_.event.argmax(_.day),
        last_day=_.day.max(),
        mass=_.mass.max(),
        first_code=_.first_code.max(),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    shapes = {
        name: battery_code_shapes.filter(_.shape == name).pattern.max().as_scalar()
        for name in (FIRST, SECOND)
    }
    shape = ibis.cases(*((codes.code.re_search(pattern), name) for name, pattern in shapes.items()))
    rows = codes.mutate(shape=shape, retired_year=codes.retired_on.year().cast("int64"))
    is_late = (rows.retired_on < rows.installed_on).fill_null(False)
    return rows.mutate(
        reason=ibis.cases(
            (rows.shape.isnull(), coded("battery_code_shape", rows.code.length())),
            ((rows.shape == SECOND) & rows.first_code.isnull(), "battery_without_first_code"),
            (rows.recycled_on.notnull() & rows.recovered_on.isnull(), "battery_not_recovered"),
            (is_late, "battery_retired_first"),
        )
    )


@account(
    key=("place", "year"),
    unit="batteries",
    cites=LAW,
    maps={"battery_traces": Same(retired_year="year"), "place_within": Same(within="place")},
)
def battery_trace_years(battery_traces: Table, place_within: Table) -> Table:
    """Batteries that retired in a year in a place and all within it, and what became of them up to
    now: recovered, for second life, recycled, or nowhere after they retired.

    ``recovery_rate`` is recovered over retired; ``doubtful`` counts codes with a ``reason``.
    """
    within = place_within.select("place", at="within")
    retired = battery_traces.filter(_.retired_on.notnull()).inner_join(within, "place")
    years = retired.group_by(_["at"], year=_.retired_year).agg(
        retired=_.count(),
        recovered=_.recovered_on.count(),
        second_life=_.second_life_on.count(),
        recycled=_.recycled_on.count(),
        doubtful=_.reason.count(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    years = years.rename(place="at")
    lost = years.retired - years.recovered
    return years.mutate(
        not_recovered=lost,
        recovery_rate=rate(years.recovered, years.retired),
        reason=ibis.ifelse(lost > 0, coded("batteries_not_recovered", lost), ibis.null("string")),
    )
