"""Names of indicators: cleaned, regions taken off, completed from lists, heads, tails and what was said before."""

from __future__ import annotations

import re
from dataclasses import replace

from hengtan.plan.reader.carried import Found, Group, State
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.vocabulary import Vocabulary

LONG = 18
"""Characters beyond which a name holds more than the name: what it is done for, by whom, a remark in brackets."""


def shortened(name: str, v: Vocabulary) -> str:
    """A long name from its last deed on (``实施重点工程完成节能改造面积``), without remarks in brackets; a short one as it is."""
    name = re.sub(r"\([^()]{5,}\)", "", name)
    own = v.any_of(v.words["regions"]["own"])
    name = re.sub(rf"^.*[^占在居按为较比](?:{own})(?=[^的]{{4,}}$)", "", name)
    if len(name) <= LONG:
        return name
    name = re.sub(r"^.*、.*等(?=(?:重点|主要)[^、]{6,}$)", "", name)
    name = re.sub(r"^.*(?:确保|力争|推动|促进|带动|实现)(?=[^的、]{4,}$)", "", name)
    if len(name) <= LONG:
        return name
    plain, kept = v.any_of(v.words["deeds"]["plain"]), v.any_of(v.words["deeds"]["kept"])
    found = list(
        re.finditer(
            rf"(?<=.[^和及与或、])(?!{v.any_of(v.words['not_deeds'])})(?:(?P<plain>{plain})|(?P<kept>{kept}))(?=[^的、]{{4,}}$)",
            name,
        )
    )
    if not found:
        return name
    return name[found[-1].end() :] if found[-1].group("plain") else name[found[-1].start() :]


def without_adverbs(before: list[Token], v: Vocabulary) -> str:
    """Adverbs at the end of the words before a verb (``力争``, ``分别``) go; what went is returned."""
    if not before or before[-1].kind != "words":
        return ""
    text = before[-1].text
    pattern = re.compile(r"(?:" + v.any_of(v.words["before_verb"]) + r")+$")
    found = pattern.search(text)
    if not found:
        return ""
    rest = text[: found.start()]
    if rest:
        before[-1] = replace(before[-1], text=rest, end=before[-1].start + len(rest))
    else:
        before.pop()
    return found.group()


def noun_behind(subject: str, deed: Token | None, group: Group, v: Vocabulary) -> str:
    """``新建1个园区``, ``930万吨钢铁产能完成超低排放改造``: the noun stands behind the quantity."""
    parts: list[str] = []
    for token in group.after:
        if (token.kind == "deed" and token.role == "done") or (
            token.kind == "deed" and token.text in ("完成", "全部完成", "实现")
        ):
            continue
        if token.kind == "mark" and token.text == "、" and not parts:
            continue
        parts.append(token.text)
    head = deed.text if deed is not None and deed.role == "kept" else ""
    while len(parts) > 1 and parts[-1] in ("和", "及", "、", "与"):
        parts.pop()
    lead = clean(subject, v)
    return lead + head + "".join(parts)


def less_is_better(name: str, v: Vocabulary) -> bool:
    """Whether a name tells of something that is to fall; not where what follows turns it round (超低排放改造比例)."""
    turned = v.any_of(v.words["less_turned"])
    return any(
        re.search(rf"{re.escape(word)}(?!.*(?:{turned}))", name)
        for word in v.words["less_is_better"]
    )


_LEADS = re.compile(
    r"^(?:到|至|在(?![役建用线途])|的|、|,|将|要|使|把|对|以|等|实现|推动|促进|其中|年内|还)+"
)


def clean(name: str, v: Vocabulary) -> str:
    """A name without own regions, adverbs, plain deeds and links at its head, and loose marks at its ends."""
    own = v.any_of(v.words["regions"]["own"])
    adverbs = v.any_of(v.words["before_name"])
    plain = v.any_of(v.words["deeds"]["plain"])
    no_deeds = v.any_of(v.words["not_deeds"])
    heads = v.any_of(v.words["appositions"])
    done = False
    while not done:
        was = name
        name = name.strip(" 、,:;-—|的.")
        name = re.sub(rf"^(?:{own})(?:的)?", "", name)
        name = re.sub(
            r"^(?:未来|今后)?[一二两三四五六七八九十\d]+年(?:内|间|累计|(?=新[增建改]|累计|完成|建成))",
            "",
            name,
        )
        name = re.sub(rf"^(?:{heads})(?=..)", "", name)
        name = re.sub(rf"^(?:{adverbs})", "", name)
        name = _LEADS.sub("", name)
        name = re.sub(rf"^(?!{no_deeds})(?:{plain})(?=.)", "", name)
        name = (
            re.sub(r"^.{0,12}(?:提出|要求|规划|明确|指出)(?=[^,]{3,})(?!面积)", "", name)
            if re.match(r"^.{0,12}(?:提出|明确|指出)", name)
            else name
        )
        done = name == was
    name = re.sub(r"(?<=..)(?<![总饱温中共调缓])(?:以及|和|及|与)$", "", name)
    name = (
        re.sub(r"(?:累计|分别|均|力争|达到|控制|总计|合计|共|要|将|到|为|的|比例达)$", "", name)
        if len(name) > 3
        else name
    )
    return name


def region_of(name: str, state: State, v: Vocabulary) -> tuple[str, str]:
    """A region at the head of a name, and the rest. One place alone is the plan's own where it is the first named in the text."""
    place = v.any_of(v.places)
    end = v.any_of(v.words["regions"]["ends"], ["省"])
    one = rf"(?:{place})(?:{end})?"
    found = re.match(
        rf"({one}(?:[、和及]{one})+)(?:等)?(?:\d+|[两三四五六七八九十]+)?个?(?:{end})?", name
    )
    if found:
        return found.group(1), name[found.end() :].lstrip("的、")
    several = _region_list(name, v)
    if several is not None:
        return several
    found = re.match(rf"({one})(?:的)?", name)
    if not found:
        return "", name
    rest = name[found.end() :]
    region = found.group(1)
    if not rest and state.last is not None:
        return region, ""
    if region in v.words["regions"]["named"]:
        return region, rest
    if not state.own or state.own == region[:2] or region.startswith(state.own):
        state.own = region[:2]
        return "", rest
    return region, rest


def _region_list(name: str, v: Vocabulary) -> tuple[str, str] | None:
    """Places by their form where the vocabulary does not know them: ``甲市、乙县、丙区``, ``甲、乙、丙等3个区县``; never common nouns that end as a place does (园区、景区)."""
    counted = re.match(
        r"(?P<list>[^、\d]{2,6}(?:、[^、\d]{2,6}?)+?)等?(?:\d{1,2}|[二两三四五六七八九十]{1,3})个?(?:市州|市县|区县|县区|地市|城市|旗县|县市|市|县|区|镇)(?:\([^()]*\))?(?P<rest>.{3,})",
        name,
    )
    formed = re.match(
        r"(?P<list>(?:[^、\d]{1,7}[市县区州盟旗]、)+[^、\d]{1,7}?[市县区州盟旗])(?:等地?)?(?P<rest>.{3,})",
        name,
    )
    for found in (counted, formed):
        if found and not any(
            item.endswith(tuple(v.words["no_places"])) for item in found.group("list").split("、")
        ):
            return found.group("list"), found.group("rest").lstrip("的、")
    return None


def with_deed(indicator: str, deed: str, v: Vocabulary) -> str:
    """A name with another deed in front: 开工储能装机, 投产 → 投产储能装机."""
    kept = v.any_of(v.words["deeds"]["kept"])
    ends = re.search(rf"(?:{kept}|投产)$", indicator)
    if ends:
        return indicator[: ends.start()] + deed if ends.start() > 1 else indicator
    return deed + re.sub(rf"^(?:{kept})", "", indicator)


def stem(indicator: str, v: Vocabulary) -> str:
    """A name without its tail: 新能源装机 → 新能源."""
    for tail in v.tails:
        if indicator.endswith(tail) and len(indicator) > len(tail) + 1:
            return indicator[: -len(tail)]
    return indicator


def like_before(name: str, value: Token, state: State, v: Vocabulary) -> str:
    """A name completed from the one before: ``水泥行业`` takes what followed ``钢铁行业``, a part (``其中``) the tail of its whole."""
    if state.last is None or name.endswith((*v.tails, *v.words["short_tails"])):
        return name
    if (
        re.fullmatch(r".{0,4}级", name)
        and v.units.get(value.unit.lstrip("十百千万亿")) == "counter"
    ):
        whole_name = state.sentence.whole or state.last.indicator
        return name + re.sub(r"^.{1,4}级", "", whole_name)
    kind = next((k for k in v.words["classes"] if name.endswith(k)), "")
    if kind and len(name) <= 10:
        found = re.match(rf".{{1,12}}?{kind}(?P<rest>.{{2,}})", state.last.indicator)
        if found and value.unit == state.last.unit:
            return name + found.group("rest")
    if state.sentence.listing and v.units.get(value.unit.lstrip("十百千万亿")) != "counter":
        whole = next(
            (
                one
                for one in reversed(state.said[-6:])
                if any(one.indicator.endswith(t) for t in v.tails)
            ),
            None,
        )
        if (
            whole is not None
            and whole.unit == value.unit
            and (among := re.search(r".中(?P<rest>.{4,})$", state.sentence.whole))
        ):
            return name + among.group("rest")
        if whole is not None and whole.unit.lstrip("万亿") == value.unit.lstrip("万亿"):
            return name + next(t for t in v.tails if whole.indicator.endswith(t))
    measured = v.units.get(value.unit.lstrip("十百千万亿")) == "measure"
    if measured and len(name) <= 4 and not re.search("[减增替节产排]", name):
        alike = next(
            (
                one
                for one in reversed(state.said[-4:])
                if one.unit.lstrip("十百千万亿") == value.unit.lstrip("十百千万亿")
                and one.operator not in ("increase_by", "decrease_by")
            ),
            None,
        )
        tail = next(
            (
                t
                for t in v.tails
                if alike is not None
                and alike.indicator.endswith(t)
                and len(alike.indicator) > len(t)
            ),
            "",
        )
        return name + tail
    return name


def developed_in(said: str, v: Vocabulary) -> str:
    """What words set out to develop (``大力发展节能服务产业``, ``打造新能源汽车产业集群``), which ``产值达到…`` is then about; empty where they do not."""
    lead = v.any_of(v.words["adverbs"], v.words["deeds"]["plain"], v.words["develops"])
    found = re.fullmatch(
        rf"[(]?[一二三四五六七八九十\d]*[)、.]*(?:{lead})*(?P<what>[^,、]{{2,16}}?(?:{v.any_of(v.words['developed'])}))(?:集群|基地|体系|链|园)?(?:发展|集聚|升级|壮大|高质量发展|集群发展|提质增效)*",
        said,
    )
    if not found:
        found = re.fullmatch(
            rf"(?P<what>[^,、的]{{2,10}}?)(?:{v.any_of(v.words['proceeds'])})+[^,、]{{2,10}}", said
        )
    return (
        found.group("what")
        if found and not found.group("what").startswith(tuple(v.words["develops"]))
        else ""
    )


def is_bare(name: str, v: Vocabulary) -> bool:
    """A name that says nothing without what it is of: 产值, 占比, 装机."""
    return name in v.words["bare"] or (len(name) <= 3 and name in v.tails)


def spoken_of(said: str, v: Vocabulary) -> str:
    """The noun of a head or of words without a figure (``推进屋顶光伏开发`` → 屋顶光伏), empty where it is none that short."""
    lead, ends = (
        v.any_of(
            v.words["adverbs"],
            v.words["deeds"]["plain"],
            v.words["develops"],
            v.words["regions"]["own"],
        ),
        v.any_of(v.words["actions"]),
    )
    found = re.fullmatch(
        rf"[(]?[一二三四五六七八九十\d]*[)、.]*(?:{lead})*(?P<what>[^,、的()]{{2,12}}?)(?:集群|基地|体系|产业链)?(?:{ends})+",
        said,
    )
    return found.group("what") if found else ""


def of_one_kind(found: list[Found]) -> list[Found]:
    """``5个国家级、20个省级绿色数据中心``: what follows the level of the next is given back to a level that stands alone."""
    made = list(found)
    for i in range(len(made) - 2, -1, -1):
        rest = re.match(r".{1,4}级(?P<rest>.{2,})", made[i + 1].indicator)
        if rest and re.fullmatch(r".{1,4}级", made[i].indicator):
            made[i] = replace(made[i], indicator=made[i].indicator + rest.group("rest"))
    return made


def parallel(name: str, state: State) -> str:
    """``50米覆盖率`` after ``轨道公交一体化换乘100米覆盖率`` is ``轨道公交一体化换乘50米覆盖率``."""
    figured = re.match(r"[\d.]+(?P<rest>.{2,})", name)
    if figured and state.last is not None:
        before = re.fullmatch(
            rf"(?P<lead>.{{2,}}?)[\d.]+{re.escape(figured.group('rest'))}", state.last.indicator
        )
        if before:
            return before.group("lead") + name
    return name


def listed(name: str, values: list[Token], said: str, v: Vocabulary) -> list[str]:
    """The names of a list, heads and tails given back: 化学需氧量、氨氮重点工程减排量 are two where two figures or 均/分别 say so."""
    several = (
        len(values) > 1
        or name.endswith("各")
        or re.search(r"分别|均(?!衡|匀|可|价|浓度|水|供|用|增|下|值)|都达", said)
    )
    name = name.removesuffix("各") if len(name) > 2 else name
    if name in v.words["pairs"]:
        return list(v.words["pairs"][name])
    for pair, both in v.words["pairs"].items():
        if name.startswith(pair) and name[len(pair) :] in v.tails:
            return [one + name[len(pair) :] for one in both]
    if (
        len(values) == 1
        and not several
        and "、" in name
        and all(
            part.endswith(tuple(v.tails)) and part.startswith(tuple(v.heads))
            for part in name.split("、")
        )
    ):
        return name.split("、")
    if not several or not re.search(r"[、和与及]", name):
        return [name]
    parts = re.split(r"、|(?<=[^共调饱温总])和(?=[^谐])|与|以及|(?<=[^普])及(?=[^格时])", name)
    parts = [part for part in parts if part]
    if len(values) > 1 and len(parts) != len(values):
        parts = name.split("、") if len(name.split("、")) == len(values) else parts
    if len(values) > 1 and len(parts) != len(values):
        return [name]
    places = v.words["settlements"]
    last_place = next(
        (
            p
            for p in sorted(places, key=len, reverse=True)
            if parts[-1].startswith(p) and len(parts[-1]) > len(p)
        ),
        "",
    )
    if len(parts) > 1 and last_place and all(part in places for part in parts[:-1]):
        return [part + parts[-1][len(last_place) :] for part in parts[:-1]] + [parts[-1]]
    grade = re.match(r".{1,4}级(?P<rest>.{2,})", parts[-1])
    if len(parts) > 1 and grade and all(re.fullmatch(r".{1,4}级", part) for part in parts[:-1]):
        return [part + grade.group("rest") for part in parts[:-1]] + [parts[-1]]
    tail = next((t for t in v.tails if parts[-1].endswith(t) and len(parts[-1]) > len(t)), "")
    kind = next((k for k in v.words["classes"] if k in parts[-1][1:]), "")
    if (
        kind
        and len(parts) > 1
        and all(len(part) <= 8 and kind not in part for part in parts[1:-1])
        and not any(part.endswith((*v.tails, *v.words["short_tails"])) for part in parts[:-1])
    ):
        tail = parts[-1][parts[-1].index(kind, 1) :]
    elif (
        tail and "占" in parts[-1][1 : -len(tail)] and not any("占" in part for part in parts[:-1])
    ):
        tail = parts[-1][parts[-1].index("占", 1) :]
    elif tail:
        before = parts[-1][: -len(tail)]
        tail = next((t for t in v.tails if before.endswith(t) and len(before) > len(t)), "") + tail
        whole_head = next(
            (h for h in v.heads if parts[-1].endswith(h + tail) and len(parts[-1]) > len(h + tail)),
            "",
        )
        tail = whole_head + tail
    head = next(
        (
            h
            for h in (*v.heads, "新增", "新建")
            if parts[0].startswith(h) and len(parts[0]) > len(h)
        ),
        "",
    )
    made = []
    for i, part in enumerate(parts):
        if (
            head
            and i
            and not part.startswith(head)
            and not any(part.startswith(h) for h in v.heads)
        ):
            part = head + part
        own_tail = part.endswith((*v.tails, *v.words["short_tails"])) and not part.endswith(
            tuple(v.words["no_tails"])
        )
        if tail and i < len(parts) - 1 and not own_tail:
            part += tail
        if tail and i == len(parts) - 1:
            part = re.sub(rf"(?:等|等主要污染物|等污染物)(?={re.escape(tail)}$)", "", part)
        made.append(part)
    return made
