"""The page of text of the monthly bulletin, each sentence with its figures; pure functions from the
bulletin's mapping.

The sentences stand in ``words/bulletin_text.yaml``; the page, the Word document, the workbook and
the terminal show
the same paragraphs. Names of places and periods are as the data hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.basis.lights import of_level
from hengtan.basis.period import Period
from hengtan.report.numerals import percent
from hengtan.report.official import numeral
from hengtan.report.words import joined, word

Bulletin = Mapping[str, Any]
Row = Mapping[str, Any]
LEVELS = (1, 2, 3)
"""Red, orange, green: the levels of the barometer."""
GREEN = 3
CAUSES = ("activity", "structure", "intensity")
OTHER_GROWTHS = (
    "industry_energy_growth",
    "industry_growth",
    "electricity_growth",
    "coal_growth",
    "co2_growth",
)
MOST_NAMES, MOST_REVISIONS, EXTREMES = 8, 4, 3


def moved(change: float | None, kind: str = "growth", digits: int = 1, lang: str = "zh") -> str:
    """增长3.0%, 下降2.1%, 持平 by the figure as shown, 暂缺 where it is not known.

    ``kind``: ``growth`` of an amount, or ``level`` of a ratio (上升, 下降).
    """
    if change is None:
        return word("bulletin.moved.unknown", lang)
    size = f"{abs(change) * 100:.{digits}f}"
    if float(size) == 0:
        return word("bulletin.moved.flat", lang)
    return word(f"bulletin.moved.{kind}.{'up' if change > 0 else 'down'}", lang, share=f"{size}%")


def listed(names: Sequence[str], most: int = MOST_NAMES, lang: str = "zh") -> str:
    """甲、乙、丙 and how many there are beyond ``most``."""
    first = joined(names[:most], lang)
    if len(names) <= most:
        return first
    return word("bulletin.text.and_more", lang, names=first, count=len(names))


def light_word(level: int | None, lang: str = "zh") -> str:
    """红, 橙, 绿 for a level of the barometer; empty where nothing was judged."""
    return of_level(level).colour(lang) if level else ""


def title_of(bulletin: Bulletin, lang: str = "zh") -> str:
    """The title of an issue."""
    return word("bulletin.title", lang, region=bulletin["region_zh"], period=bulletin["period_zh"])


def paragraphs(bulletin: Bulletin, lang: str = "zh") -> list[tuple[str, str]]:
    """(heading, text) of the page, numbered through; subjects without anything to say are left
    out.
    """
    subjects = {
        "whole": _whole,
        "districts": _districts,
        "causes": _causes,
        "units": _units,
        "nowcast": _nowcast,
        "revised": _revised,
    }
    texts = {subject: say(bulletin, lang) for subject, say in subjects.items()}
    spoken = [(subject, text) for subject, text in texts.items() if text]
    return [
        (_heading(subject, number, lang), text)
        for number, (subject, text) in enumerate(spoken, start=1)
    ]


def _heading(subject: str, number: int, lang: str) -> str:
    title = word(f"bulletin.heading.{subject}", lang)
    return word("official.heading", lang, number=numeral(number, lang), title=title)


def _cumulative(month: str) -> str:
    """January to a month (2025-06) as ``period_zh`` has it."""
    year, last = month.split("-")
    return Period.parse(f"{year}-01..{last}").zh()


def _say(sentence: str, lang: str, **figures: Any) -> str:
    return word(f"bulletin.text.{sentence}", lang, **figures)


def _whole(bulletin: Bulletin, lang: str) -> str:
    """The whole region: energy, GDP, intensity, progress, lights, the other growth rates."""
    city = bulletin["city"]
    return _totals(bulletin, lang) + _progress(city, lang) + _lights(city, lang) + _rest(city, lang)


def _totals(bulletin: Bulletin, lang: str) -> str:
    city, period = bulletin["city"], bulletin["period_zh"]
    growth = moved(city["energy_growth"], lang=lang)
    if city["energy"] is None:
        energy = _say("energy_growth", lang, period=period, growth=growth)
    else:
        amount = f"{city['energy']:,.1f}"
        energy = _say("energy", lang, period=period, energy=amount, growth=growth)
    parts = [energy, _say("gdp", lang, growth=moved(city["gdp_growth"], lang=lang))]
    if city["change"] is not None:
        change = moved(city["change"], "level", 2, lang)
        parts.append(_say("intensity", lang, change=change))
    return _sentence(parts, lang)


def _sentence(parts: Sequence[str], lang: str) -> str:
    return _say("comma", lang).join(parts) + _say("stop", lang) if parts else ""


def _progress(city: Row, lang: str) -> str:
    progress, required = city["progress"], city["required"]
    if progress is None or required is None:
        return ""
    return _say(
        "progress_met" if progress >= required else "progress_below",
        lang,
        progress=percent(progress, 2),
        required=percent(required, 2),
        needed=percent(city["needed"], 2),
    )


def _lights(city: Row, lang: str) -> str:
    if not city["light"]:
        return ""
    light = light_word(city["light"], lang)
    if not city["total_light"]:
        return _say("light", lang, light=light)
    return _say("two_lights", lang, light=light, total=light_word(city["total_light"], lang))


def _rest(city: Row, lang: str) -> str:
    known = [name for name in OTHER_GROWTHS if city[name] is not None]
    return _sentence(
        [_say(name, lang, growth=moved(city[name], lang=lang)) for name in known], lang
    )


def _districts(bulletin: Bulletin, lang: str) -> str:
    """Districts: how many fell and rose, the first and the last, the lights, who moved, who lacks
    figures.
    """
    rows = bulletin["districts"]
    judged = [row for row in rows if row["change"] is not None]
    if not judged:
        return ""
    fell = sum(row["change"] < 0 for row in judged)
    last = [row for row in reversed(judged) if row["rank"] is not None]
    lacking = [row["name_zh"] for row in rows if row["change"] is None]
    sentences = [
        _say("districts", lang, districts=len(judged), fell=fell, rose=len(judged) - fell),
        _say(
            "best_and_worst",
            lang,
            best=_with_changes(judged[:EXTREMES], lang),
            worst=_with_changes(last[:EXTREMES], lang),
        ),
        _lights_of(rows, lang),
        _rank_moves(judged, lang),
        _say("lacking", lang, names=listed(lacking, lang=lang)) if lacking else "",
    ]
    return "".join(sentences)


def _with_changes(rows: Sequence[Row], lang: str) -> str:
    return joined(
        (
            _say(
                "named_change",
                lang,
                name=row["name_zh"],
                change=moved(row["change"], "level", 2, lang),
            )
            for row in rows
        ),
        lang,
    )


def _lights_of(rows: Sequence[Row], lang: str) -> str:
    """How many districts stand at each light; those that are not green by name."""
    counts = []
    for level in LEVELS:
        names = [row["name_zh"] for row in rows if row["light"] == level]
        counts.append(
            _say(
                "light_names" if names and level < GREEN else "light_count",
                lang,
                light=of_level(level).title(lang),
                count=len(names),
                names=listed(names, lang=lang),
            )
        )
    return word("list.clause", lang).join(counts) + _say("stop", lang)


def _rank_moves(rows: Sequence[Row], lang: str) -> str:
    """Who rose and who fell most since the last issue, where anyone rose."""
    movers = sorted((row for row in rows if row["rank_moved"]), key=lambda row: -row["rank_moved"])
    if not movers or movers[0]["rank_moved"] <= 0:
        return ""
    first, last = movers[0], movers[-1]
    return _say(
        "rank_rose_and_fell" if last["rank_moved"] < 0 else "rank_rose",
        lang,
        first=first["name_zh"],
        up=first["rank_moved"],
        last=last["name_zh"],
        down=-last["rank_moved"],
    )


def _causes(bulletin: Bulletin, lang: str) -> str:
    """What the change of energy is made of."""
    causes = bulletin["causes"]
    if not causes:
        return _say("no_causes", lang)
    names = listed(causes["left_out"], lang=lang)
    whose = _say("districts_but" if names else "all_districts", lang, names=names)
    parts = [
        _say(
            f"cause.{cause}.{'up' if causes[cause] >= 0 else 'down'}",
            lang,
            amount=f"{abs(causes[cause]):,.1f}",
        )
        for cause in CAUSES
    ]
    change = causes["change"]
    text = _say(
        "change_rose" if change >= 0 else "change_fell",
        lang,
        whose=whose,
        change=f"{abs(change):,.1f}",
        causes=_say("comma", lang).join(parts),
    )
    return text + _intensity_of(causes["by_place"], lang)


def _intensity_of(rows: Sequence[Row], lang: str) -> str:
    """Whose intensity saved and added most; ``rows`` in order of what they added."""
    if not rows or rows[0]["intensity"] >= 0:
        return ""
    best, worst = rows[0], rows[-1]
    return _say(
        "best_and_worst_intensity" if worst["intensity"] > 0 else "best_intensity",
        lang,
        best=best["name_zh"],
        saved=f"{best['intensity']:,.1f}",
        worst=worst["name_zh"],
        added=f"{worst['intensity']:+,.1f}",
    )


def _units(bulletin: Bulletin, lang: str) -> str:
    """Key energy users ahead of their yearly plan."""
    rows = bulletin["units"]
    if not rows:
        return ""
    first = [
        _say("unit", lang, name=row["name"], place=row["place_zh"], over=percent(row["over"]))
        for row in rows[:EXTREMES]
    ]
    return _say("units", lang, reported=rows[0]["of"], over=len(rows), units=joined(first, lang))


def _points(share: float) -> str:
    """A share as percentage points."""
    return f"{share * 100:.1f}"


def _nowcast(bulletin: Bulletin, lang: str) -> str:
    """Districts whose energy is not out yet, estimated, and the warnings that follow."""
    nowcast = bulletin["nowcast"]
    rows = nowcast["rows"]
    if not rows:
        if nowcast["mean_error"] is None:
            return ""
        past = {"count": nowcast["errors"], "error": _points(nowcast["mean_error"])}
        silent = sum(_is_silent(row) for row in bulletin["districts"])
        if silent:
            return _say("not_estimated", lang, number=silent, **past)
        return _say("all_reported", lang, **past)
    estimates = word("list.clause", lang).join(_estimate(row, lang) for row in rows)
    text = _say("estimated", lang, districts=estimates)
    if not nowcast["rule"]:
        return text + _say("no_warning_rule", lang)
    warned = [row["name_zh"] for row in rows if row["warned"]]
    names = listed(warned, lang=lang)
    warning = _say("warned", lang, names=names) if warned else _say("none_warned", lang)
    return text + _warning_rule(nowcast["rule"], lang) + warning


def _is_silent(row: Row) -> bool:
    """Whether a district has handed in nothing of its energy."""
    return all(row.get(column) is None for column in ("energy", "energy_growth", "change"))


def _estimate(row: Row, lang: str) -> str:
    error = row["error"]
    return _say(
        "estimate_without_error" if error is None else "estimate",
        lang,
        name=row["name_zh"],
        growth=moved(row["growth"], lang=lang),
        error="" if error is None else _points(error),
    )


def _warning_rule(rule: Row, lang: str) -> str:
    """From what probability a warning is given, and how such warnings did in the past."""
    low, high = rule["false_interval"]
    return _say(
        "warning_rule",
        lang,
        threshold=percent(rule["threshold"], 0),
        cases=rule["cases"],
        warned=rule["warned"],
        false=rule["false"],
        rate=percent(rule["false"] / rule["warned"], 0),
        low=percent(low, 0),
        high=percent(high, 0),
        reds=rule["reds"],
        hit=rule["hit"],
    )


def _revised(bulletin: Bulletin, lang: str) -> str:
    """What was revised since the last issue, what stands in for what, and the law of the lights."""
    stand_in = bulletin["stand_in"]
    sentences = [_revisions(bulletin, lang)]
    if stand_in:
        names = listed(stand_in["places"], lang=lang)
        period = _cumulative(stand_in["period"])
        sentences.append(_say("stand_in", lang, names=names, period=period))
    alone = [row["name_zh"] for row in bulletin.get("sources", ()) if row.get("self_approved")]
    if alone:
        sentences.append(_say("self_approved", lang, names=listed(alone, lang=lang)))
    return "".join([*sentences, _say("law", lang)])


def _revisions(bulletin: Bulletin, lang: str) -> str:
    previous, rows = bulletin["previous"], bulletin["revised"]
    if not previous:
        return ""
    period = previous["period_zh"]
    if not rows:
        return _say("not_revised", lang, period=period)
    changes = word("list.clause", lang).join(_revision(row, lang) for row in rows[:MOST_REVISIONS])
    if len(rows) > MOST_REVISIONS:
        changes = _say("revised_more", lang, changes=changes)
    return _say("revised", lang, period=period, count=len(rows), changes=changes)


def _revision(row: Row, lang: str) -> str:
    return _say(
        "revision",
        lang,
        name=row["name_zh"],
        period=row["period_zh"],
        field=row["field_zh"],
        before=revised_value(row["old"], row["share"], lang),
        after=revised_value(row["new"], row["share"], lang),
    )


def revised_value(value: float | None, share: bool, lang: str = "zh") -> str:
    """A figure before or after its revision; 空 where there was none."""
    if value is None:
        return _say("empty", lang)
    return percent(value) if share else f"{value:,.2f}"
