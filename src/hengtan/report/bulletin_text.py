"""The page of text of the monthly bulletin, each sentence with its figures; pure functions from the bulletin's mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def percent(x: float | None, digits: int = 1) -> str:
    """A share in per cent, "—" where it is not known."""
    return "—" if x is None else f"{x * 100:.{digits}f}%"


def moved(x: float | None, up: str = "增长", down: str = "下降", digits: int = 1) -> str:
    """增长3.0%, 下降2.1%, 持平 by the figure as shown, 暂缺 where it is not known."""
    if x is None:
        return "暂缺"
    shown = f"{abs(x) * 100:.{digits}f}"
    return "持平" if float(shown) == 0 else f"{up if x > 0 else down}{shown}%"


def listed(names: Sequence[str], most: int = 8) -> str:
    """甲、乙、丙 and how many there are beyond ``most``."""
    return "、".join(names[:most]) + (f"等{len(names)}个" if len(names) > most else "")


def title_of(b: Mapping[str, Any]) -> str:
    """The title of an issue."""
    return f"{b['region_zh']}{b['period_zh']}能源消费和能耗强度情况通报"


def paragraphs(b: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(heading, text) of the page."""
    made = [
        ("一、总体情况", _whole(b)),
        ("二、区县情况", _districts(b)),
        ("三、变化成因", _causes(b)),
        ("四、重点用能单位", _units(b)),
        ("五、研判预警", _nowcast(b)),
        ("六、数据修订与说明", _revised(b)),
    ]
    return [(heading, text) for heading, text in made if text]


def _whole(b: Mapping[str, Any]) -> str:
    c = b["city"]
    parts = []
    if c["energy"] is not None:
        parts.append(
            f"{b['period_zh']}，全市能源消费总量{c['energy']:,.1f}万吨标准煤，同比{moved(c['energy_growth'])}"
        )
    else:
        parts.append(f"{b['period_zh']}，全市能源消费同比{moved(c['energy_growth'])}")
    parts.append(f"地区生产总值{moved(c['gdp_growth'])}")
    if c["change"] is not None:
        parts.append(f"单位地区生产总值能耗同比{moved(c['change'], '上升', '下降', 2)}")
    text = "，".join(parts) + "。"
    if c["progress"] is not None and c["required"] is not None:
        verb = "达到" if c["progress"] >= c["required"] else "低于"
        text += f"按此走势，年底累计降低{percent(c['progress'], 2)}，{verb}进度要求的{percent(c['required'], 2)}；完成五年目标每年还需降低{percent(c['needed'], 2)}。"
    if c["light"]:
        text += (
            f"强度预警为{c['light_zh']}灯"
            + (f"，总量预警为{c['total_light_zh']}灯" if c["total_light"] else "")
            + "。"
        )
    tail = [
        f"{word}{moved(c[key])}"
        for word, key in (
            ("规上工业能耗", "industry_energy_growth"),
            ("规上工业增加值", "industry_growth"),
            ("全社会用电量", "electricity_growth"),
            ("煤炭消费量", "coal_growth"),
            ("能源活动二氧化碳排放", "co2_growth"),
        )
        if c[key] is not None
    ]
    return text + (f"{'，'.join(tail)}。" if tail else "")


def _districts(b: Mapping[str, Any]) -> str:
    held = [r for r in b["districts"] if r["change"] is not None]
    if not held:
        return ""
    fell = [r for r in held if r["change"] < 0]
    text = f"{len(held)}个区县中，{len(fell)}个单位地区生产总值能耗下降，{len(held) - len(fell)}个上升或持平。"
    best, worst = held[:3], [r for r in reversed(held) if r["rank"] is not None][:3]
    text += (
        "降幅居前的是"
        + "、".join(f"{r['name_zh']}（{moved(r['change'], '上升', '下降', 2)}）" for r in best)
        + "；居后的是"
        + "、".join(f"{r['name_zh']}（{moved(r['change'], '上升', '下降', 2)}）" for r in worst)
        + "。"
    )
    for light, word in ((1, "红灯"), (2, "橙灯"), (3, "绿灯")):
        names = [r["name_zh"] for r in b["districts"] if r["light"] == light]
        text += (
            f"强度{word}{len(names)}个"
            + (f"：{listed(names)}" if names and light < 3 else "")
            + "；"
        )
    text = text.rstrip("；") + "。"
    rises = sorted((r for r in held if r["rank_moved"]), key=lambda r: -r["rank_moved"])
    if rises and rises[0]["rank_moved"] > 0:
        text += (
            f"与上期相比，{rises[0]['name_zh']}上升{rises[0]['rank_moved']}位"
            + (
                f"，{rises[-1]['name_zh']}下降{-rises[-1]['rank_moved']}位"
                if rises[-1]["rank_moved"] < 0
                else ""
            )
            + "。"
        )
    lacking = [r["name_zh"] for r in b["districts"] if r["change"] is None]
    return text + (f"{listed(lacking)}数据不全，未判定。" if lacking else "")


def _causes(b: Mapping[str, Any]) -> str:
    w = b["causes"]
    if not w:
        return "各区县能源消费或地区生产总值数据不全，本期不作成因分解。"
    words = [
        f"{name}{'拉动' if w[key] >= 0 else '减少'}{abs(w[key]):,.1f}万吨标准煤"
        for name, key in (
            ("经济规模扩大", "activity"),
            ("区县结构变化", "structure"),
            ("能耗强度变化", "intensity"),
        )
    ]
    change = w["change"]
    whose = f"除{listed(w['left_out'])}外，各区县" if w["left_out"] else "各区县"
    text = f"{whose}能源消费合计比上年同期{'增加' if change >= 0 else '减少'}{abs(change):,.1f}万吨标准煤，其中{'，'.join(words)}（对数平均分解，三项之和等于总变化）。"
    rows = w["by_place"]
    if rows and rows[0]["intensity"] < 0:
        text += f"强度下降贡献最大的是{rows[0]['name_zh']}（{rows[0]['intensity']:,.1f}万吨标准煤）"
        text += (
            f"，强度上升影响最大的是{rows[-1]['name_zh']}（{rows[-1]['intensity']:+,.1f}万吨标准煤）。"
            if rows[-1]["intensity"] > 0
            else "。"
        )
    return text


def _units(b: Mapping[str, Any]) -> str:
    rows = b["units"]
    if not rows:
        return ""
    return (
        f"报送的{rows[0]['of']}户重点用能单位中，{len(rows)}户超出年度用能计划的时序进度，超出最多的是"
        + "、".join(f"{r['name']}（{r['place_zh']}，超{percent(r['over'])}）" for r in rows[:3])
        + "。"
    )


def _nowcast(b: Mapping[str, Any]) -> str:
    n = b["nowcast"]
    if not n["rows"]:
        return (
            f"本期各区县能源数据齐全，无须推算；近{n['errors']}次按电、煤、工业推算能源增速的平均误差为{n['mean_error'] * 100:.1f}个百分点。"
            if n["mean_error"] is not None
            else ""
        )
    text = (
        "能源数据未出的区县按用电、用煤和工业增速推算："
        + "；".join(
            f"{r['name_zh']}能源消费{moved(r['growth'])}（误差±{r['error'] * 100:.1f}个百分点）"
            if r["error"] is not None
            else f"{r['name_zh']}能源消费{moved(r['growth'])}（误差尚不可估）"
            for r in n["rows"]
        )
        + "。"
    )
    warned = [r["name_zh"] for r in n["rows"] if r["warned"]]
    if n["rule"]:
        rate = n["rule"]["false"] / n["rule"]["warned"]
        low, high = n["rule"]["false_interval"]
        text += f"强度不降的可能性达到{percent(n['rule']['threshold'], 0)}即预警（回溯{n['rule']['cases']}例：预警{n['rule']['warned']}次，误报{n['rule']['false']}次，误报率{percent(rate, 0)}，95%区间{percent(low, 0)}—{percent(high, 0)}；实际红灯{n['rule']['reds']}次，预报出{n['rule']['hit']}次）。"
        text += f"本期对{listed(warned)}预警。" if warned else "本期无预警。"
    else:
        text += "可回溯的红灯太少，定不出误报率有保证的预警线，不作预警。"
    return text


def _revised(b: Mapping[str, Any]) -> str:
    parts = []
    if b["previous"]:
        rows = b["revised"]
        if rows:
            shown = "；".join(
                f"{r['name_zh']}{r['period_zh']}{r['field_zh']}由{_value(r['old'], r['share'])}改为{_value(r['new'], r['share'])}"
                for r in rows[:4]
            )
            parts.append(
                f"上期（{b['previous']['period_zh']}）之后修订{len(rows)}项：{shown}{'等' if len(rows) > 4 else ''}，详见附表。"
            )
        else:
            parts.append(f"上期（{b['previous']['period_zh']}）数据无修订。")
    if b["stand_in"]:
        parts.append(
            f"{listed(b['stand_in']['places'])}本期没有地区生产总值增速，用{b['stand_in']['period']}的增速代替。"
        )
    parts.append(
        "强度灯按发改办环资〔2021〕629号：不降为红，降而未达进度为橙，达到为绿；总量灯的分级界线没有公开，按本项目建议值。"
    )
    return "".join(parts)


def _value(value: float | None, share: bool) -> str:
    return "空" if value is None else f"{value * 100:.1f}%" if share else f"{value:,.2f}"
