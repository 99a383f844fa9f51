"""Words for the codes of progress: why a state, why a light, in Chinese and English, with the figures in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATES: dict[str, tuple[str, str]] = {
    "actual": ("实绩", "actual"),
    "partial_period": ("非完整时期", "part of a period"),
    "estimate": ("预计或未核", "estimate or unverified"),
    "other_definition": ("口径不同", "other definition"),
    "proxy": ("相关替代指标", "proxy"),
    "none": ("无数据", "no data"),
}

_STATE_BASIS: dict[str, tuple[str, str]] = {
    "outturn": (
        "同口径、完整时期、已读来源的实绩",
        "same definition, a whole period, an outturn read in its source",
    ),
    "estimate": ("数值为预计数，不是实绩", "the value is an estimate, not an outturn"),
    "flash": ("数值为快报数，不是最终核算数", "the value is a flash figure, not the final account"),
    "standing": (
        "数值为通报时的概数或额定值，不是完整时期的实绩",
        "the value is a standing or rated figure, not an outturn",
    ),
    "recalled": (
        "数值凭记忆、未核对原文，不作为实绩",
        "the value is recalled and unverified, so no actual",
    ),
    "derived": (
        "数值由其他数据推算，不作为实绩",
        "the value was derived from other figures, so no actual",
    ),
    "proposal": ("数值为建议值，不作为实绩", "the value is a proposal, so no actual"),
    "part_of_period": ("只有部分时期的数据", "only part of the period is held"),
    "proxy": ("只有变动方向相近或仅含分子的替代指标", "only a proxy or a numerator is held"),
    "part_of": (
        "只覆盖部分地区、名单或构成",
        "covers only a part of the place, the list or the kinds",
    ),
    "other_definition": ("统计口径与目标不同", "its definition differs from the target's"),
    "wider_place": ("数值所属范围大于目标地区", "the value is for a wider place than the target's"),
    "scope": ("统计范围与目标不同", "its statistical scope differs from the target's"),
    "unit": ("计量单位不能换算成目标单位", "its unit does not convert to the target's"),
}

_LIGHT_REASONS: dict[str, tuple[str, str]] = {
    "due_not_reported": (
        "期限{deadline}年已过，未报{deadline}年实绩{shown_zh}",
        "deadline {deadline} has passed and no actual of {deadline} is reported{shown_en}",
    ),
    "no_tolerance": (
        "“左右”的允许偏差未确立，只列差距{gap}，不作判定",
        "no tolerance is established for 左右: the gap is {gap}, no verdict",
    ),
    "met": (
        "{deadline}年实绩{final}，达到目标{goal}",
        "actual of {deadline} is {final}: goal {goal} met",
    ),
    "missed": (
        "{deadline}年实绩{final}，未达到目标{goal}",
        "actual of {deadline} is {final}: goal {goal} missed",
    ),
    "state": (
        "{state_zh}，不作判定：{state_reason_zh}",
        "{state_en}, so no verdict: {state_reason_en}",
    ),
    "met_at_start": (
        "{now_period}实绩{now}已达到目标{goal}；规划开始前即已达标",
        "actual {now} of {now_period} meets the goal {goal}; it was met at the start",
    ),
    "met_now": (
        "{now_period}实绩{now}已达到目标{goal}",
        "actual {now} of {now_period} meets the goal {goal}",
    ),
    "not_held": (
        "应保持在{goal}，{now_period}实绩{now}，未保持",
        "to be held at {goal}; actual of {now_period} is {now}: not held",
    ),
    "outside_tolerance": (
        "{now_period}实绩{now}，超出目标{goal}的允许偏差",
        "actual {now} of {now_period} lies outside the tolerance around {goal}",
    ),
    "did_not_fall": ("最近一期强度未下降", "the intensity did not fall in the latest interval"),
    "behind_progress": (
        "累计降幅{now}，低于进度要求{required}",
        "cut so far {now}, below the progress demanded, {required}",
    ),
    "on_progress": (
        "累计降幅{now}，不低于进度要求{required}",
        "cut so far {now}, at or above the progress demanded, {required}",
    ),
    "no_base": ("没有规划开始前的实绩作基数", "no actual from before the plan to start from"),
    "no_value_since_base": (
        "基数{base_period}之后没有新的实绩",
        "no value since base ({base_period})",
    ),
    "moved_away": (
        "{now_period}实绩{now}，较基数{base}背离目标",
        "actual {now} of {now_period} moved away from the goal (base {base})",
    ),
    "behind_path": (
        "{now_period}实绩{now}，落后于直线进度{required}",
        "actual {now} of {now_period} is behind the straight path ({required})",
    ),
    "on_path": (
        "{now_period}实绩{now}，达到或快于直线进度{required}",
        "actual {now} of {now_period} is on or ahead of the straight path ({required})",
    ),
}


def amount(value: float | None, unit: str | None) -> str:
    """A value with its unit as a reader writes it: up to six figures, no trailing noughts; ``—`` where missing."""
    if value is None:
        return "—"
    text = f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return f"{text}{unit or ''}"


def state_reason(row: Mapping[str, Any]) -> tuple[str, str]:
    """Why a target's evidence has its state (Chinese, English): the reviewed reason where it is about this value, else the rule's."""
    if row.get("reviewed_reason_zh"):
        return row["reviewed_reason_zh"], row.get("reviewed_reason_en") or ""
    if row["state"] == "none":
        return "尚无数据", "no figure held"
    return _STATE_BASIS[row["state_basis"]]


def light_reason(row: Mapping[str, Any]) -> tuple[str, str]:
    """Why a target has its light (Chinese, English), with the figures that decided it."""
    unit = row["unit"]
    zh, en = state_reason(row)
    shown = amount(row.get("latest_value"), row.get("latest_unit"))
    held = row.get("latest_value") is not None
    words = {
        "deadline": row["deadline_year"],
        "goal": amount(row["goal"], unit),
        "gap": amount(row.get("gap"), unit),
        "final": amount(row.get("final_value"), unit),
        "now": amount(row.get("now_value"), unit),
        "now_period": row.get("now_period") or "—",
        "required": amount(row.get("required_now"), unit),
        "base": amount(row.get("base_value"), unit),
        "base_period": row.get("base_period") or "—",
        "state_zh": STATES[row["state"]][0],
        "state_en": STATES[row["state"]][1],
        "state_reason_zh": zh,
        "state_reason_en": en,
        "shown_zh": f"（最近数值：{row.get('latest_period')}，{shown}）"
        if held
        else "，也没有更早的数据",
        "shown_en": f" (latest: {row.get('latest_period')}, {shown})"
        if held
        else ", nor anything earlier",
    }
    zh_form, en_form = _LIGHT_REASONS[row["reason_code"]]
    if row["reason_code"] == "state" and zh in ("无数据", "尚无数据"):
        return "尚无数据，不作判定", "no figure held, so no verdict"
    return zh_form.format(**words), en_form.format(**words)
