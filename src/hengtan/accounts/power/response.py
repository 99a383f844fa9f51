"""Accounts: demand response by event and account - baseline, what was delivered and paid, and how
far baselines lie from the meter on days without a call.

The rule of the baseline is the place's own (``local_parameters``); until it is set nothing is
reckoned, and the rows say which parameters lack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.power.baselines import Meter, NoBaseline, accuracy, baseline
from hengtan.accounts.power.formulas import paid_power
from hengtan.accounts.power.rule_of_place import Local, local_rule
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.basis.cite import worst
from hengtan.basis.working_days import WorkingDays
from hengtan.graph import Same, account, kernel
from hengtan.graph.codes import coded

CITES = ("hengtan:rule_parameters",)
OF_EVENT = ("place", "event", "grid_account")
LOOK_BACK = 120
"""Days before an event whose hours are taken along; no rule may look further back."""
METERED = {"MW": 1e3, "kWh": 1.0}
"""A canonical unit of power, or of energy in the hour, in kW."""
Row = dict[str, Any]


@account(
    key=("place", "series", "day", "hour"),
    unit="kW",
    cites=CITES,
    maps={
        "hourly_series": Same("place", "series", "day", "hour"),
        "response_events": Same("place", "series"),
        "unit_factors": "all",
    },
)
def response_meter_hours(
    hourly_series: Table, response_events: Table, unit_factors: Table
) -> Table:
    """Mean power of the meters of events, from 120 days before the first to the last. [kW]

    Quarters of an hour are added where they are energy and averaged where they are power.
    """
    spans = response_events.group_by("place", "series").agg(first=_.day.min(), last=_.day.max())
    rows = hourly_series.inner_join(spans, ["place", "series"])
    begins = rows["first"] - ibis.interval(days=LOOK_BACK)
    rows = rows.filter((rows.day >= begins) & (rows.day <= rows["last"]) & rows.value.notnull())
    factors = unit_factors.select("unit", "canonical_unit", scale="factor")
    known = rows.inner_join(factors.filter(_.canonical_unit.isin(list(METERED))), "unit")
    kilowatts = ibis.cases(
        *((known.canonical_unit == unit, factor) for unit, factor in METERED.items()), else_=1.0
    )
    known = known.mutate(
        power=known.value * known.scale * kilowatts,
        is_energy=known.canonical_unit == "kWh",
        sure=as_reported(known),
    )
    hours = known.group_by("place", "series", "day", hour=_.hour.cast("int64")).agg(
        added=_.power.sum(),
        mean=_.power.mean(),
        is_energy=_.is_energy.any(),
        confidence=worst_in(_.sure),
        demo=_._demo.any(),
    )
    return hours.select(
        "place",
        "series",
        "day",
        "hour",
        power=ibis.ifelse(hours.is_energy, hours.added, hours["mean"]),
        confidence=_.confidence,
        demo=_.demo,
    )


@kernel(
    key=(*OF_EVENT, "hour"),
    unit="kW",
    cites=CITES,
    maps={
        "response_events": Same("place"),
        "response_meter_hours": Same("place", "series"),
        "local_parameters": "all",
        "place_within": Same("place"),
        "public_holidays": "all",
    },
    limit=3_000_000,
)
def response_baselines(
    response_events: pa.Table,
    response_meter_hours: pa.Table,
    local_parameters: pa.Table,
    place_within: pa.Table,
    public_holidays: pa.Table,
) -> pa.Table:
    """Each hour of each event: baseline, meter, what was delivered and the power that is paid.

    Days similar to that of the event are worked days beside worked days and others beside others;
    days on which the account was called are out. ``missing`` says what lacks: parameters of the
    local rule, similar days, hours of the meter.
    """
    events = response_events.to_pylist()
    meters = _meters(events, response_meter_hours.to_pylist(), public_holidays.to_pylist())
    rules = _Rules(local_parameters.to_pylist(), place_within.to_pylist())
    rows = [line for event in events for line in _event_rows(event, meters, rules)]
    return kernel_table(
        rows,
        "place:text event:text grid_account:text series:text hour:whole called baseline metered"
        " delivered paid price documents:text confidence:text missing:text demo:flag",
    )


@account(
    key=OF_EVENT,
    unit="CNY",
    cites=CITES,
    maps={"response_baselines": Same(*OF_EVENT)},
)
def response_settlements(response_baselines: Table) -> Table:
    """Each event and account: mean power delivered, its share of the call, energy and payment.

    An event with an hour that could not be reckoned has neither energy nor payment.
    """
    rows = response_baselines.mutate(pay=_.paid * _.price, lacks=_.missing.notnull())
    sums = rows.group_by(*OF_EVENT).agg(
        hours=_.count().cast("int64"),
        called=_.called.mean(),
        delivered=_.delivered.mean(),
        energy=_.delivered.sum(),
        payment=_.pay.sum(),
        lacks=_.lacks.any(),
        documents=_.documents.min(),
        confidence=worst_in(_.confidence),
        missing=_.missing.min(),
        demo=_.demo.any(),
    )
    number = ibis.null("float64")
    whole = {
        name: ibis.ifelse(sums.lacks, number, sums[name])
        for name in ("delivered", "energy", "payment")
    }
    return sums.mutate(
        **whole, reached=ibis.ifelse(sums.lacks, number, sums.delivered / sums.called)
    ).drop("lacks")


@kernel(
    key=("place", "series"),
    unit="kW",
    cites=CITES,
    maps={
        "response_events": Same("place"),
        "response_meter_hours": Same("place", "series"),
        "local_parameters": "all",
        "place_within": Same("place"),
        "public_holidays": "all",
    },
    limit=3_000_000,
)
def response_accuracy(
    response_events: pa.Table,
    response_meter_hours: pa.Table,
    local_parameters: pa.Table,
    place_within: pa.Table,
    public_holidays: pa.Table,
) -> pa.Table:
    """How far the baseline of the local rule lies from the meter in the hours of events on days
    without a call: days tried, mean error and root mean square error.
    """
    events = response_events.to_pylist()
    meters = _meters(events, response_meter_hours.to_pylist(), public_holidays.to_pylist())
    rules = _Rules(local_parameters.to_pylist(), place_within.to_pylist())
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for event in events:
        groups[event["place"], event["series"]].append(event)
    rows = [_accuracy_row(key, own, meters, rules) for key, own in sorted(groups.items())]
    return kernel_table(
        rows,
        "place:text series:text days:whole mean_load bias error confidence:text missing:text"
        " demo:flag",
    )


@dataclass(frozen=True)
class _Metered:
    """A meter, and how sure its hours are."""

    meter: Meter
    confidence: str | None
    demo: bool


class _Rules:
    """The rules of places by day."""

    def __init__(self, reported: list[Row], within: list[Row]) -> None:
        self.reported = reported
        self.reach: dict[str, list[str]] = defaultdict(list)
        for row in within:
            self.reach[row["place"]].append(row["within"])

    def of(self, event: Row) -> tuple[Local | None, list[str]]:
        """The rule for an event, or what lacks of it."""
        place = event["place"]
        wider = [other for other in self.reach[place] if other != place]
        wider.sort(key=lambda other: -len(self.reach[other]))
        return local_rule(self.reported, [place, *wider], event["day"])


def _meters(
    events: list[Row], hours: list[Row], holidays: list[Row]
) -> Mapping[tuple[str, str], _Metered]:
    """The meters by place and series."""
    calendar = WorkingDays.from_rows(holidays)
    called: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for event in events:
        called[event["place"], event["series"]].add(event["day"])
    days: dict[tuple[str, str], dict[Any, dict[int, float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    sure: dict[tuple[str, str], list[str]] = defaultdict(list)
    demo: dict[tuple[str, str], bool] = defaultdict(bool)
    for row in hours:
        key = row["place"], row["series"]
        days[key][row["day"]][row["hour"]] = row["power"]
        sure[key].append(row["confidence"])
        demo[key] |= row["demo"]
    return {
        key: _Metered(
            Meter(days[key], frozenset(on), calendar.is_worked), worst(sure[key]), demo[key]
        )
        for key, on in called.items()
    }


def _event_rows(
    event: Row, meters: Mapping[tuple[str, str], _Metered], rules: _Rules
) -> Iterator[Row]:
    """The hours of an event."""
    metered = meters[event["place"], event["series"]]
    hours = range(event["first_hour"], event["last_hour"] + 1)
    head = {name: event[name] for name in (*OF_EVENT, "series", "called", "price")}
    sure = worst([metered.confidence, event["confidence"] or "unverified"])
    head |= {"confidence": sure, "demo": metered.demo or event["_demo"]}
    local, lacking = rules.of(event)
    if local is None:
        why = coded("response_rule_not_set", event["place"], "、".join(lacking))
        yield from ({**head, "hour": hour, "missing": why} for hour in hours)
        return
    head["documents"] = local.documents
    try:
        expected = baseline(metered.meter, event["day"], hours, local.rule)
    except NoBaseline as error:
        why = coded(error.code, *error.arguments)
        yield from ({**head, "hour": hour, "missing": why} for hour in hours)
        return
    today = metered.meter.days.get(event["day"], {})
    for hour in hours:
        if hour not in today:
            why = coded("hour_not_metered", event["day"], hour)
            yield {**head, "hour": hour, "baseline": expected[hour], "missing": why}
        else:
            yield {**head, "hour": hour, **_reckoned(event, expected[hour], today[hour], local)}


def _reckoned(event: Row, expected: float, metered: float, local: Local) -> Row:
    """Delivered and paid power of an hour."""
    delivered = expected - metered if event["kind"] == "cut" else metered - expected
    cap = event["cap"] if event["cap"] is not None else event["called"] * local.pay_cap
    reached = delivered >= local.pay_floor * event["called"]
    return {
        "baseline": expected,
        "metered": metered,
        "delivered": delivered,
        "paid": paid_power(delivered, cap) if reached else 0.0,
    }


def _accuracy_row(
    key: tuple[str, str],
    events: list[Row],
    meters: Mapping[tuple[str, str], _Metered],
    rules: _Rules,
) -> Row:
    """The accuracy of a meter by the rule on the day of its last event."""
    metered = meters[key]
    head: Row = {"place": key[0], "series": key[1], "confidence": metered.confidence}
    head |= {"demo": metered.demo or any(event["_demo"] for event in events)}
    local, lacking = rules.of(max(events, key=lambda event: event["day"]))
    if local is None:
        return head | {"missing": coded("response_rule_not_set", key[0], "、".join(lacking))}
    spans = (range(event["first_hour"], event["last_hour"] + 1) for event in events)
    hours = sorted({hour for span in spans for hour in span})
    tried = accuracy(metered.meter, hours, local.rule)
    if tried is None:
        return head | {"days": 0, "missing": coded("no_day_to_try", key[1])}
    return head | vars(tried)
