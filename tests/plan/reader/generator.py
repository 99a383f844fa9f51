"""Sentences of plans that are right by construction: a construction crossed with indicators, units,
verbs, order and punctuation gives a sentence together with its reading.

Readings are lines of ``sentences.yaml``: indicator | operator | value | unit | deadline | base year
| region | modifier. Nothing of the reader is used here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DOCUMENT_YEAR = 2023


@dataclass(frozen=True)
class Sample:
    """A text with the year of its document and the targets that a person reads in it."""

    kind: str
    text: str
    year: int | None
    right: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """An indicator: its unit, how many digits its figures have, whether less is better."""

    name: str
    unit: str
    low: int
    high: int
    less: bool = False


RATES = (
    Named("森林覆盖率", "%", 30, 80),
    Named("再生水利用率", "%", 20, 90),
    Named("农膜回收率", "%", 60, 98),
    Named("绿色建筑占新建建筑比重", "%", 40, 100),
    Named("生活垃圾回收利用率", "%", 20, 60),
    Named("新能源公交车占比", "%", 30, 100),
)
AMOUNTS = (
    Named("光伏装机容量", "万千瓦", 10, 900),
    Named("绿色产业产值", "亿元", 10, 2000),
    Named("污水处理能力", "万吨/日", 2, 90),
    Named("城市绿道里程", "公里", 20, 800),
    Named("新型储能装机规模", "万千瓦", 5, 200),
)
LESS = (
    Named("PM2.5年均浓度", "微克/立方米", 20, 45, less=True),
    Named("单位地区生产总值能耗", "吨标准煤/万元", 1, 3, less=True),
    Named("公共供水管网漏损率", "%", 5, 12, less=True),
)
CUTS = (
    "单位地区生产总值能耗",
    "万元工业增加值用水量",
    "化肥使用量",
    "煤炭消费量",
    "公共机构人均用水量",
)
COUNTED = (
    ("绿色工厂", "家"),
    ("公共充电桩", "个"),
    ("加氢站", "座"),
    ("口袋公园", "个"),
    ("新能源公交车", "辆"),
    ("节水型企业", "家"),
    ("示范园区", "个"),
)
PLACES = ("石桥县", "柳林县", "金沙区", "云溪市", "平湖县", "白杨市")
OWN = ("全市", "全县", "全区", "")


class Writer:
    """Chance with the choices that sentences share."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def of(self, choices):
        return self.chance.choice(choices)

    def figure(self, named: Named) -> str:
        whole = self.chance.randint(named.low, named.high)
        return f"{whole}.{self.chance.randint(1, 9)}" if self.chance.random() < 0.3 else str(whole)

    def share(self) -> str:
        whole = self.chance.randint(2, 30)
        return f"{whole}.{self.chance.randint(1, 9)}" if self.chance.random() < 0.3 else str(whole)

    def year(self) -> int:
        return self.of((2024, 2025, 2026, 2027, 2030))

    def dated(self, year: int) -> str:
        return self.of(
            (
                f"到{year}年,",
                f"到{year}年底,",
                f"{year}年底前,",
                f"{year}年,力争",
                f"到{year}年,{self.of(OWN)}",
            )
        )

    def comma(self) -> str:
        return self.of((",", "，", "；", ";"))

    def stop(self) -> str:
        return self.of(("。", "。", ";"))


def line(name, operator, value, unit, year, base="", region="", modifier="") -> str:
    """A target as a line."""
    parts = [name, operator, value, unit, str(year), str(base), region, modifier]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


LEVEL_VERBS = ("达到", "提高到", "提升至", "提高至", "力争达到", "达")
FLOORS = (("以上", ""), ("", "不低于"), ("", "至少达到"), ("以上", "达到"), ("及以上", "达到"))
CAPS = (
    ("以内", "控制在"),
    ("以下", "下降到"),
    ("", "不超过"),
    ("", "降至"),
    ("", "不高于"),
    ("", "降低到"),
)


def level(w: Writer) -> Sample:
    """A level that is reached, held below, or about."""
    year, named = w.year(), w.of(RATES + AMOUNTS + LESS)
    value = w.figure(named)
    if named.less:
        suffix, verb = w.of(CAPS)
        operator = "<="
    elif w.chance.random() < 0.3:
        suffix, verb, operator = "左右", w.of(LEVEL_VERBS), "approx"
    else:
        suffix, verb = w.of((*FLOORS, *(("", v) for v in LEVEL_VERBS)))
        operator = ">="
    text = f"{w.dated(year)}{named.name}{verb}{value}{named.unit}{suffix}{w.stop()}"
    return Sample(
        "level", text, DOCUMENT_YEAR, (line(named.name, operator, value, named.unit, year),)
    )


def base_apart(w: Writer) -> Sample:
    """A base phrase before, behind or apart, that holds for a list."""
    year, base = w.year(), w.of((2019, 2020, 2022))
    names = w.chance.sample(CUTS, 2)
    values = [w.share(), w.share()]
    hedge, modifier = w.of((("", ""), ("以上", "at_least"), ("左右", "approx")))
    verb = w.of(("下降", "降低", "减少"))
    said = f"{names[0]}{verb}{values[0]}%,{names[1]}{verb}{values[1]}%{hedge}。"
    lead = w.of(
        (
            f"到{year}年,与{base}年相比,",
            f"{year}年与{base}年相比,",
            f"以{base}年为基准,到{year}年,",
            f"到{year}年,相比{base}年,",
            f"到{year}年,较{base}年,",
            f"与{base}年相比,到{year}年底,",
        )
    )
    right = (
        line(names[0], "decrease_by", values[0], "%", year, base),
        line(names[1], "decrease_by", values[1], "%", year, base, "", modifier),
    )
    return Sample("base apart", lead + said, DOCUMENT_YEAR, right)


def growth(w: Writer) -> Sample:
    """Growth from a base, a doubling among it."""
    year, base, named = w.year(), w.of((2020, 2022)), w.of(AMOUNTS)
    phrase = w.of((f"比{base}年", f"较{base}年", f"相比{base}年"))
    times, value = w.of((("翻一番", "100"), ("翻两番", "300"), ("", w.share())))
    said = times or f"{w.of(('增长', '提高', '增加'))}{value}%"
    text = f"{w.dated(year)}{named.name}{phrase}{said}{w.stop()}"
    return Sample(
        "growth", text, DOCUMENT_YEAR, (line(named.name, "increase_by", value, "%", year, base),)
    )


def noun_behind(w: Writer) -> Sample:
    """The noun behind the figure, with verbs that name nothing."""
    year, (noun, unit) = w.year(), w.of(COUNTED)
    value = str(w.chance.randint(3, 900))
    sign, suffix = w.of((("", ""), ("不少于", ""), ("", "以上")))
    verb = w.of(
        (
            "建成",
            "培育",
            "打造",
            "建设",
            "布局",
            "提供",
            "接入",
            "带动",
            "遴选",
            "支持",
            "引导",
            "组织",
        )
    )
    text = f"{w.dated(year)}{verb}{sign}{value}{unit}{suffix}{noun}{w.stop()}"
    return Sample("noun behind", text, DOCUMENT_YEAR, (line(noun, ">=", value, unit, year),))


def added(w: Writer) -> Sample:
    """新增 and the like, for a list."""
    year, deed = w.year(), w.of(("新增", "新建"))
    (first, unit1), (second, unit2) = w.chance.sample(COUNTED, 2)
    values = [str(w.chance.randint(3, 900)) for _ in range(2)]
    text = (
        f"{w.dated(year)}{deed}{first}{values[0]}{unit1},{deed}{second}{values[1]}{unit2}{w.stop()}"
    )
    right = (
        line(deed + first, ">=", values[0], unit1, year),
        line(deed + second, ">=", values[1], unit2, year),
    )
    return Sample("added", text, DOCUMENT_YEAR, right)


def regions(w: Writer) -> Sample:
    """A total, then places that take up its indicator."""
    year, named = w.year(), w.of(RATES)
    places = w.chance.sample(PLACES, 3)
    values = [w.figure(named) for _ in range(3)]
    verb = w.of(("达到", "提高到"))
    joined = "、".join(places[:2])
    text = (
        f"到{year}年,全市{named.name}{verb}{values[0]}%{w.of(('。其中,', ',其中', ';其中,'))}"
        f"{joined}{w.of(('', '均'))}达到{values[1]}%{w.comma()}{places[2]}达到{values[2]}%。"
    )
    right = (
        line(named.name, ">=", values[0], "%", year),
        line(named.name, ">=", values[1], "%", year, "", joined),
        line(named.name, ">=", values[2], "%", year, "", places[2]),
    )
    return Sample("regions", text, DOCUMENT_YEAR, right)


def share_subject(w: Writer) -> Sample:
    """A share of things that do something."""
    year = w.year()
    what = w.of(("行政村", "乡镇", "农户", "省级园区", "既有小区", "规模养殖场"))
    does = w.of(
        (
            "完成生活污水治理",
            "建成垃圾中转站",
            "使用卫生厕所",
            "通过循环化改造验收",
            "完成雨污分流",
            "开展清洁生产审核",
        )
    )
    value = str(w.chance.randint(20, 95))
    figure = w.of((f"{value}%以上的", f"超过{value}%的", f"不少于{value}%的", f"{value}%的"))
    text = f"到{year}年,{figure}{what}{does}{w.stop()}"
    return Sample(
        "share", text, DOCUMENT_YEAR, (line(f"{does}的{what}比例", ">=", value, "%", year),)
    )


def from_present(w: Writer) -> Sample:
    """由目前的A增加到B."""
    year, named = w.year(), w.of(RATES + AMOUNTS)
    now, value = w.figure(named), w.figure(named)
    lead = w.of(("由目前的", "从目前的", "由现在的", "从现有的", "由", "从当前的"))
    verb = w.of(("提高到", "增加到", "提升至", "扩大到", "提高至"))
    text = f"{w.dated(year)}{named.name}{lead}{now}{named.unit}{verb}{value}{named.unit}{w.stop()}"
    return Sample(
        "from present", text, DOCUMENT_YEAR, (line(named.name, ">=", value, named.unit, year),)
    )


def distributed(w: Writer) -> Sample:
    """分别 and a shared tail; a list of rates with one figure."""
    year = w.year()
    if w.chance.random() < 0.5:
        items = w.chance.sample(("化学需氧量", "氨氮", "氮氧化物", "挥发性有机物"), w.of((2, 3)))
        values = [str(w.chance.randint(20, 900)) for _ in items]
        said = "、".join(items) + "重点工程减排量" + w.of(("分别达到", "分别完成", "依次达到"))
        text = w.dated(year) + said + "、".join(f"{v}吨" for v in values) + w.stop()
        pairs = zip(items, values, strict=True)
        right = tuple(line(f"{i}重点工程减排量", ">=", v, "吨", year) for i, v in pairs)
        return Sample("distributed", text, DOCUMENT_YEAR, right)
    names = w.chance.sample(
        ("秸秆综合利用率", "农膜回收率", "畜禽粪污资源化利用率", "生活污水处理率"), 2
    )
    value = str(w.chance.randint(50, 98))
    text = f"{w.dated(year)}{'、'.join(names)}{w.of(('均', '都', ''))}达到{value}%以上{w.stop()}"
    return Sample(
        "distributed", text, DOCUMENT_YEAR, tuple(line(n, ">=", value, "%", year) for n in names)
    )


def years_apart(w: Writer) -> Sample:
    """One name, several years."""
    named = w.of(RATES + AMOUNTS)
    first, second = sorted(w.chance.sample((2025, 2026, 2027, 2028, 2030), 2))
    a, b = w.figure(named), w.figure(named)
    text = w.of(
        (
            f"{named.name}{first}年、{second}年分别达到{a}{named.unit}、{b}{named.unit}。",
            f"到{first}年、{second}年,{named.name}分别达到{a}{named.unit}、{b}{named.unit}。",
            f"到{first}年,{named.name}达到{a}{named.unit},到{second}年达到{b}{named.unit}。",
            f"{named.name}{first}年达到{a}{named.unit},{second}年达到{b}{named.unit}。",
        )
    )
    right = (
        line(named.name, ">=", a, named.unit, first),
        line(named.name, ">=", b, named.unit, second),
    )
    return Sample("years", text, DOCUMENT_YEAR, right)


def year_behind(w: Writer) -> Sample:
    """All that stood before is due by the year at the end."""
    year = w.year()
    (first, unit1), (second, unit2) = w.chance.sample(COUNTED, 2)
    values = [str(w.chance.randint(3, 900)) for _ in range(2)]
    behind = w.of(
        (
            f",以上任务{year}年底前全部完成。",
            f",{year}年底前全部完成。",
            f",到{year}年全部建成。",
        )
    )
    deed = w.of(("建设", "新建", "改造"))
    kept = "" if deed == "建设" else deed
    text = f"{deed}{first}{values[0]}{unit1}、{second}{values[1]}{unit2}{behind}"
    names = (kept + first, kept + second) if unit1 == unit2 else (kept + first, second)
    right = tuple(
        line(n, ">=", v, u, year) for n, v, u in zip(names, values, (unit1, unit2), strict=True)
    )
    return Sample("year behind", text, DOCUMENT_YEAR, right)


def ranges(w: Writer) -> Sample:
    """3—5家."""
    year, (noun, unit) = w.year(), w.of(COUNTED)
    low = w.chance.randint(2, 40)
    high = low + w.chance.randint(1, 40)
    dash = w.of(("—", "-", "~", "至"))
    text = f"{w.dated(year)}培育{noun}{low}{dash}{high}{unit}{w.stop()}"
    parts = [noun, "range", f"{low}~{high}", unit, str(year)]
    return Sample("range", text, DOCUMENT_YEAR, (" | ".join(parts),))


def numerals(w: Writer) -> Sample:
    """Chinese numerals, blanks and full-width digits."""
    year, (noun, unit) = w.year(), w.of(COUNTED)
    said, value = w.of(
        (
            ("八百", "800"),
            ("一千二百", "1200"),
            ("三十", "30"),
            ("十二", "12"),
            ("两万五千", "25000"),
            ("１２０", "120"),
            ("1,200", "1200"),
        )
    )
    blank = w.of(("", " "))
    text = f"{w.dated(year)}建成{noun}{blank}{said}{blank}{unit}{w.stop()}"
    return Sample("numerals", text, DOCUMENT_YEAR, (line(noun, ">=", value, unit, year),))


def same_period(w: Writer) -> Sample:
    """同比 of a year to come."""
    year, named = DOCUMENT_YEAR + 1, w.of(AMOUNTS)
    value, rate = w.figure(named), w.share()
    text = f"{year}年,{named.name}达到{value}{named.unit},同比增长{rate}%。"
    right = (
        line(named.name, ">=", value, named.unit, year),
        line(named.name, "increase_by", rate, "%", year, year - 1),
    )
    return Sample("same period", text, DOCUMENT_YEAR, right)


def result(w: Writer) -> Sample:
    """What has been: no target."""
    named, value = w.of(RATES + AMOUNTS), w.share()
    said = w.figure(named)
    year = DOCUMENT_YEAR - w.of((1, 2))
    text = w.of(
        (
            f"{year}年,全市{named.name}达到{said}{named.unit},同比提高{value}个百分点。",
            f"截至{year}年底,全市{named.name}达到{said}{named.unit}。",
            f"1—9月,全市{named.name}达到{said}{named.unit},完成全年目标的{value}%。",
            f"今年前三季度,{named.name}{said}{named.unit},同比增长{value}%。",
            f"“十三五”以来,全市{named.name}由{value}{named.unit}提高到{said}{named.unit}。",
            f"目前,全市{named.name}已达到{said}{named.unit}。",
            f"4月18日,全市{named.name}达到{said}{named.unit}。",
        )
    )
    return Sample("result", text, DOCUMENT_YEAR, ())


def then_aim(w: Writer) -> Sample:
    """A result, then an aim of the same indicator."""
    year, named = w.year(), w.of(RATES + AMOUNTS)
    now, value = w.figure(named), w.figure(named)
    text = (
        f"截至{DOCUMENT_YEAR - 1}年底,全市{named.name}为{now}{named.unit}{w.of((',', '。', ';'))}"
        f"到{year}年,{named.name}{w.of(('达到', '提高到'))}{value}{named.unit}。"
    )
    return Sample(
        "result then aim", text, DOCUMENT_YEAR, (line(named.name, ">=", value, named.unit, year),)
    )


def bullets(w: Writer) -> Sample:
    """Items behind bullets."""
    year, mark = w.year(), w.of("■●◆•")
    some = w.chance.sample(RATES, 3)
    values = [w.figure(named) for named in some]
    between = w.of((" ", "\n"))
    items = between.join(
        f"{mark}{n.name}{w.of(('达到', '不低于'))}{v}%" for n, v in zip(some, values, strict=True)
    )
    text = f"到{year}年主要目标:{between}{items}"
    right = tuple(line(n.name, ">=", v, "%", year) for n, v in zip(some, values, strict=True))
    return Sample("bullets", text, DOCUMENT_YEAR, right)


def size_in_name(w: Writer) -> Sample:
    """A size in the name of what is counted."""
    year, count, size = w.year(), str(w.chance.randint(3, 90)), w.of((1, 5, 10, 50, 100))
    name, unit = w.of(
        (
            (f"营业收入超{size}亿元企业", "家"),
            (f"主营收入过{size}亿元企业", "家"),
            (f"床位{size}0张以上的养老机构", "家"),
            (f"日处理能力{size}万吨以上的污水厂", "座"),
        )
    )
    text = f"到{year}年,{name}达到{count}{unit}{w.stop()}"
    return Sample("size in name", text, DOCUMENT_YEAR, (line(name, ">=", count, unit, year),))


def table(w: Writer) -> Sample:
    """A table of figures: header on one line or two, with or without signs, units in a column or
    behind the name; a cell without a sign takes the direction of its indicator."""
    base, year = 2022, w.of((2025, 2027, 2030))
    later = year + w.of((0, 3))
    years = [year] if later == year else [year, later]
    some = w.chance.sample(RATES + AMOUNTS + LESS, 3)
    in_brackets, two_lines = w.chance.random() < 0.3, w.chance.random() < 0.4
    rows, right = [], []
    for named in some:
        cells = [w.figure(named)]
        for due in years:
            value = w.figure(named)
            sign, suffix, operator = w.of(
                (("", "", "<="), ("≤", "", "<="), ("", "以内", "<="), ("不高于", "", "<="))
                if named.less
                else (("", "", ">="), ("≥", "", ">="), ("", "以上", ">="), ("", "左右", "approx"))
            )
            cells.append(f"{sign}{value}{suffix}")
            right.append(line(named.name, operator, value, named.unit, due))
        name = f"{named.name}({named.unit})" if in_brackets else named.name
        unit = [] if in_brackets else [named.unit]
        rows.append([name, *unit, *cells, w.of(("约束性", "预期性"))])
    unit = [] if in_brackets else ["单位"]
    if two_lines:
        first = ["指标", *unit, f"{base}年", "目标值", *[""] * (len(years) - 1), "属性"]
        second = ["", *[""] * len(unit), "", *(f"{y}年" for y in years), ""]
        header = [first, second]
    else:
        goal = w.of(("{}年", "{}年目标", "{}年目标值"))
        header = [["指标", *unit, f"{base}年", *(goal.format(y) for y in years), "属性"]]
    text = "\n".join("| " + " | ".join(row) + " |" for row in (*header, *rows))
    return Sample("table", text, DOCUMENT_YEAR, tuple(right))


def task_sheet(w: Writer) -> Sample:
    """A table of tasks whose figures are due with their row."""
    rows, right = [], []
    for n in range(1, 4):
        year, (noun, unit) = w.of((2024, 2025, 2026)), COUNTED[n]
        count = str(w.chance.randint(3, 900))
        deed = w.of(("新建", "建成"))
        when = w.of((f"{year}年6月底前", f"{year}年12月", f"{year}年底", f"{year}年9月底"))
        rows.append(
            [
                str(n),
                f"{deed}{noun}{count}{unit}",
                "市能源局",
                "市财政局、各县(市、区)人民政府",
                when,
            ]
        )
        kept = deed if deed == "新建" else ""
        right.append(line(kept + noun, ">=", count, unit, year))
    title = w.of(("重点任务", "工作任务", "任务"))
    header = [
        "序号",
        title,
        "牵头单位",
        w.of(("责任单位", "配合单位")),
        w.of(("完成时限", "完成时间")),
    ]
    text = "\n".join("| " + " | ".join(row) + " |" for row in (header, *rows))
    return Sample("tasks", text, DOCUMENT_YEAR, tuple(right))


def points(w: Writer) -> Sample:
    """A change in percentage points is one, with its base."""
    year, named, base = w.year(), w.of(RATES), w.of((2020, 2022))
    value = w.share()
    verb, operator = w.of(
        (("提高", "increase_by"), ("上升", "increase_by"), ("下降", "decrease_by"))
    )
    text = f"{w.dated(year)}{named.name}{w.of(('比', '较'))}{base}年{verb}{value}个百分点{w.stop()}"
    right = line(named.name, operator, value, "个百分点", year, base)
    return Sample("points", text, DOCUMENT_YEAR, (right,))


def shares_in_a_row(w: Writer) -> Sample:
    """Shares of several things with one predicate: 90%的大型矿山、80%的中型矿山达到标准."""
    year, number = w.year(), w.of((2, 2, 3))
    what = w.chance.sample(
        ("行政村", "乡镇", "大型企业", "中小企业", "省级园区", "在产大型矿山", "规模养殖场"), number
    )
    does = w.of(("完成生活污水治理", "开展清洁生产审核", "达到绿色标准", "通过节水验收"))
    values = [str(w.chance.randint(20, 95)) for _ in what]
    shares = [
        f"{value}%{w.of(('', '', '以上'))}的{each}"
        for value, each in zip(values, what, strict=True)
    ]
    said = "、".join(shares[:-1]) + w.of(("、", "和", "以及")) + shares[-1]
    text = f"到{year}年,{w.of(OWN)}{said}{w.of(('', '均', '全部', '要'))}{does}{w.stop()}"
    pairs = zip(what, values, strict=True)
    right = tuple(line(f"{does}的{each}比例", ">=", v, "%", year) for each, v in pairs)
    return Sample("shares in a row", text, DOCUMENT_YEAR, right)


def names_before_a_colon(w: Writer) -> Sample:
    """Names in a list, long or short, before a colon, and their figures behind it."""
    year = w.year()
    rates = w.chance.sample(RATES, w.of((2, 3, 5, 6)))
    values = [w.figure(rate) for rate in rates]
    names = "、".join(rate.name for rate in rates[:-1]) + w.of(("、", "和")) + rates[-1].name
    verb = w.of(("", "分别为", "分别达到", "依次达到"))
    figures = "、".join(f"{value}%" for value in values)
    text = f"到{year}年,{w.of(OWN)}{names}{verb}{w.of((':', '：'))}{figures}{w.stop()}"
    pairs = zip(rates, values, strict=True)
    right = tuple(line(rate.name, ">=", value, "%", year) for rate, value in pairs)
    return Sample("names before a colon", text, DOCUMENT_YEAR, right)


def shared_behind(w: Writer) -> Sample:
    """What stands behind the last of several things that have rates: 公共机构、居民小区分类率."""
    year = w.year()
    things = w.chance.sample(
        ("公共机构", "工业企业", "居民小区", "工业厂房", "产业园区"), w.of((2, 3))
    )
    shared = w.of(("垃圾分类覆盖率", "屋顶光伏覆盖率", "节水器具普及率"))
    values = [str(w.chance.randint(30, 98)) for _ in things]
    names = "、".join(things[:-1]) + w.of(("、", "和")) + things[-1] + shared
    said = f"{names}分别达到{'、'.join(f'{value}%' for value in values)}"
    if w.chance.random() < 0.4:
        values = values[:1] * len(things)
        said = f"{names}均达到{values[0]}%"
    text = w.dated(year) + said + w.stop()
    pairs = zip(things, values, strict=True)
    right = tuple(line(thing + shared, ">=", value, "%", year) for thing, value in pairs)
    return Sample("shared behind", text, DOCUMENT_YEAR, right)


CONSTRUCTIONS: tuple[Callable[[Writer], Sample], ...] = (
    level,
    base_apart,
    growth,
    noun_behind,
    added,
    regions,
    share_subject,
    from_present,
    distributed,
    years_apart,
    year_behind,
    ranges,
    numerals,
    same_period,
    result,
    then_aim,
    bullets,
    size_in_name,
    table,
    task_sheet,
    points,
    shares_in_a_row,
    names_before_a_colon,
    shared_behind,
)


def samples(number: int, seed: int = 20261129) -> Iterator[Sample]:
    """So many samples, each construction in turn."""
    writer = Writer(seed)
    for n in range(number):
        yield CONSTRUCTIONS[n % len(CONSTRUCTIONS)](writer)
