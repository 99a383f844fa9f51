"""From the tokens of a sentence to targets.

A sentence is read segment by segment (between commas). What holds on is carried: the year for the text that follows, the base year for the
sentence, the subject for a segment that names none. A segment is a chain of *groups*: words, the quantities they govern, and words after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from hengtan.plan.reader.lexer import Token, joined, lex
from hengtan.plan.reader.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Found:
    """One target as read. ``start``, ``end``: place of the quote in the normalised text. ``doubts``: reasons why it may be wrong."""

    indicator: str
    operator: str
    value: str
    unit: str
    deadline: int
    start: int
    end: int
    value2: str = ""
    base_year: int | None = None
    region: str = ""
    modifier: str = ""
    strict: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """0 to 1: 0.95 less 0.1 for each doubt, at least 0.35. A rule of order for review, not a measured probability."""
        return max(0.35, round(0.95 - 0.1 * len(self.doubts), 2))


@dataclass
class State:
    """What is carried from one segment to the next."""

    year: int | None = None
    document_year: int | None = None
    base: int | None = None
    topic: str = ""
    subject: str = ""
    region: str = ""
    last: Found | None = None
    said: list[Found] = field(default_factory=list)
    pending: str = ""
    pending_years: tuple[int, ...] = ()
    head: str = ""
    granting: bool = False
    past: bool = False
    explicit: bool = False
    listing: bool = False
    own: str = ""
    has_later: int | None = None


@dataclass
class Group:
    """Words, the quantities that they govern, and the words that follow."""

    before: list[Token] = field(default_factory=list)
    values: list[Token] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)


def parse_sentence(text: str, start: int, end: int, state: State) -> list[Found]:
    """Targets of one sentence; ``state`` goes on to the next."""
    v = vocabulary()
    tokens = _enclosed(joined(lex(text, start, end), text), text)
    state.base, state.past, state.explicit, state.listing, state.pending, state.pending_years = None, False, False, False, "", ()
    state.topic = state.subject = state.head = ""
    state.granting = False
    found: list[Found] = []
    _year_behind(tokens, state)
    for segment in _segments(tokens):
        found += _segment(text, segment, state, v)
    return found


def _year_behind(tokens: list[Token], state: State) -> None:
    """A sentence may name its year at its end (``…,到2026年全部完成``); it holds where none was carried so far."""
    if state.year is None and not any(t.role == "past" for t in tokens):
        points = [t.year for t in tokens if t.kind == "year" and t.role in ("point", "span") and t.year is not None]
        first = next((i for i, t in enumerate(tokens) if t.kind == "quantity"), None)
        behind = [t.year for i, t in enumerate(tokens) if t.kind == "year" and t.role == "point" and (t.text.startswith("到") or tokens[i - 1].kind == "quantity") and first is not None and i > first and t.year is not None]
        if behind and points == behind and (state.document_year is None or behind[0] >= state.document_year):
            state.year = behind[0]


def _enclosed(tokens: list[Token], text: str) -> list[Token]:
    """Brackets and short quotations as words: their figures are explanations or names. Brackets right after a quantity go."""
    made: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        closing = {"(": ")", "“": "”"}.get(token.text) if token.kind == "mark" else None
        if closing:
            j = next((k for k in range(i + 1, min(len(tokens), i + 25)) if tokens[k].text == closing), None)
            if j is not None and tokens[j].end - token.start <= 40:
                if token.text == "(" and made and made[-1].kind == "quantity":
                    made += [t for t in tokens[i + 1:j] if t.kind == "year" and t.role == "point"]
                else:
                    made.append(Token("words", token.start, tokens[j].end, text[token.start:tokens[j].end], role="enclosed"))
                i = j + 1
                continue
            i += 1
            continue
        if token.kind == "mark" and token.text in ")”":
            i += 1
            continue
        made.append(token)
        i += 1
    return made


def _segments(tokens: list[Token]) -> list[list[Token]]:
    made: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "mark" and token.text in ",;:。":
            if token.text == ":" and made[-1]:
                made[-1].append(token)
            made.append([])
            if token.text == ";":
                made[-1].append(token)
        else:
            made[-1].append(token)
    return [segment for segment in made if segment]


def _segment(text: str, tokens: list[Token], state: State, v: Vocabulary) -> list[Found]:
    said = text[tokens[0].start:tokens[-1].end]
    if tokens[0].kind == "mark":
        tokens = tokens[1:]
        if not tokens:
            return []
    if any(word in said for word in v.words["grants"]):
        state.granting = True
    tokens = _names_with_figures(tokens, text, state.granting, v)
    years = _years(tokens, state)
    quantities = [t for t in tokens if t.kind == "quantity"]
    if any(word in said for word in v.words["past"]) or any(word in said for word in v.words["past_verbs"]):
        state.past = True
    if any(word in said for word in v.words["yields"]):
        state.past = True
    if any(t.kind == "year" and t.role == "past" for t in tokens):
        state.past = True
    later = max(state.has_later or 0, state.year or 0)
    if any(t.kind == "year" and t.role == "period" and state.document_year is None and (t.year or 0) < later for t in tokens) and not re.search("|".join(v.words["aims"]), said):
        state.past = True
        return []
    future = [y for y in years if state.document_year is None or y >= state.document_year]
    if years and not future:
        first = next(i for i, t in enumerate(tokens) if t.kind == "year")
        if not (first + 1 < len(tokens) and tokens[first + 1].kind == "quantity"):
            state.past = True
        if quantities:
            state.subject = _past_subject(tokens, v) or state.subject
        return []
    if future and not re.search(r"截至|截止|以来|已", said):
        if (state.past and (state.document_year is None or max(future) > (state.document_year or 0))) or any(a in said for a in ("力争", "计划", "预计", "目标")):
            state.past = False
        if not (not quantities and re.search(r"碳达峰|碳中和|达峰", said)) and not state.past:
            state.year, state.explicit = future[-1], True
    base = next((t for t in tokens if t.kind == "base"), None)
    if base is not None:
        if base.role == "last":
            state.base = None if state.year is None else state.year - 1
            if base.text == "同比" and not state.explicit:
                state.past = True
        else:
            state.base = base.year
    if state.past or (state.year is None and not future):
        if quantities:
            state.subject = _past_subject(tokens, v) or state.subject
        return []
    if not quantities:
        if len(future) > 1:
            state.pending_years = tuple(future)
        _remember(tokens, text, state, v)
        return []
    if not future and state.pending_years:
        future = list(state.pending_years)
    if "其中" in said:
        state.listing = True
    made: list[Found] = []
    for group in _groups(tokens, v):
        made += _group(text, group, state, future, said, v)
        if made:
            state.last = made[-1]
            state.said += made
    return made


def _past_subject(tokens: list[Token], v: Vocabulary) -> str:
    """What a result of the past was about; the plan's figure may follow without naming it (``截至2022年底建成基站1万个,到2025年达到3万个``)."""
    group = _groups(tokens, v)[-1]
    name = "".join(t.text for t in group.before if t.kind == "words" or (t.kind == "deed" and t.role == "kept"))
    return _clean(re.sub(r"^(?:截至|截止|目前|已|累计)+|(?:已|累计|共)+$", "", name), v)


def _years(tokens: list[Token], state: State) -> list[int]:
    """Years that a segment names as times to come; 今年 is the document's."""
    made = []
    for i, token in enumerate(tokens):
        if token.kind != "year" or token.role == "past":
            continue
        following = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if following.startswith(("版", "以来", "的基础", "度报告")):
            continue
        year = token.year
        if token.role == "this":
            year = state.document_year
        elif token.role == "next":
            year = None if state.document_year is None else state.document_year + 1
        if year is not None:
            made.append(year)
    return made


def _names_with_figures(tokens: list[Token], text: str, granting: bool, v: Vocabulary) -> list[Token]:
    """Quantities that belong to a name, a threshold, money or a part of the document become words."""
    made: list[Token] = []
    money = granting or any(word in text[tokens[0].start:tokens[-1].end] for word in v.words["money"])
    kept = any(word in text[tokens[0].start:tokens[-1].end] for word in v.words["money_kept"])
    for i, token in enumerate(tokens):
        if token.kind == "quantity":
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            if _is_name_part(token, made, text[token.end:tokens[-1].end] if after is not None and after.kind in ("words", "verb", "deed") else "", money and not kept, v):
                token = replace(token, kind="words", role="figure")
        made.append(token)
    return joined(made, text)


def _is_name_part(token: Token, made: list[Token], following: str, money: bool, v: Vocabulary) -> bool:
    before = made[-1] if made else None
    led = before is not None and before.kind in ("verb", "deed")
    level = before is not None and before.kind == "verb" and before.role in ("reach", "cap", "hold", "up", "down", "be")
    if token.role == "times":
        return False
    if following.startswith(("限制", "的限制")):
        return True
    if not led and not token.note and token.role == "measure" and following and any(following.startswith(tail) for tail in (*v.tails, *v.words["short_tails"])):
        return True
    if token.role == "measure" and re.match(r"[^,;、。\d达提降增%]{2,12}?\d+[^%\d,;。]{0,2}(?:" + v.any_of(v.words["units"]["counter"]) + ")", following):
        return True
    if token.role == "measure" and not (led and before is not None and before.text in ("完成", "建成", "新增")) and re.match(r"[^,;、。\d]{0,14}?(?:项目|基地|工程|电站)(?!.{0,4}(?:完成|实现|建成|投产|全部))", following):
        return True
    if money and re.search("元|美元|人民币", token.unit):
        return True
    if not token.unit:
        if not (level or token.note) or (following and not following.startswith(("左右", "和", "及", "并")) and following[0] not in ",;。"):
            return True
        return before is not None and before.text.endswith(("第",))
    if token.role == "chinese":
        small = token.unit != "倍" and token.value in ("1", "2") and not token.unit.startswith(("万", "亿"))
        if small or (len(token.value) < 2 and not level and token.unit != "倍") or (not led and not following and token.unit != "倍"):
            return True
    if token.role == "percent" and (following.startswith("的") or (not made and following)) and re.search("完成|实现|达到|开展|建成|建立|通过|配备", following):
        return False
    if following.startswith(tuple(v.words["thresholds_after"])) and not following.startswith("级以"):
        return True
    if re.match(r"(?:重点|具体|主要|重大|专项|标志性)?(?:" + v.any_of(v.words["document_parts"]) + ")", following) and token.unit in ("项", "个", "条", "大", "类", "章"):
        return not led or "任务" in following[:6] or "举措" in following[:6]
    if token.note.endswith(("以上", "以下", "及以上", "及以下", "以内")) and following and not level:
        if v.units.get(token.unit.lstrip("十百千万亿"), "measure") != "counter" or not led:
            return not re.match(r"和|及|并|力争|左右", following)
    if before is not None and before.kind == "words" and re.search(r"(大于|高于|超过|不低于|不少于|含量|灰分|硫分|热值|人口|面积|装机容量|单机|每|第|近)$", before.text) and following.startswith(("的", "以")):
        return True
    if before is not None and before.kind == "verb" and any(earlier.text.endswith(tuple(v.words["about_goods"])) for earlier in made[-2:-1]):
        return True
    return before is not None and before.kind == "words" and before.text.endswith(("每个", "不足", "年产", "日产"))


def _groups(tokens: list[Token], v: Vocabulary) -> list[Group]:
    """Split a segment where a quantity has been said and a new subject begins."""
    groups = [Group()]
    i = 0
    while i < len(tokens):
        token, group = tokens[i], groups[-1]
        later = any(t.kind == "quantity" for t in tokens[i + 1:])
        if token.kind == "quantity":
            if group.values and group.after:
                groups.append(Group(before=[]))
                group = groups[-1]
            group.values.append(token)
        elif not group.values:
            group.before.append(token)
        elif (token.kind == "mark" and token.text == "、") or (token.kind == "words" and token.text in ("和", "及", "与", "以及", "至")):
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and following.kind != "quantity":
                if later and not (following.kind == "verb" and False):
                    groups.append(Group())
                else:
                    group.after.append(token)
        elif later and token.kind == "words" and re.match(r"(和|及|与|以及|并|且|、)", token.text):
            groups.append(Group(before=[replace(token, text=re.sub(r"^(以及|和|及|与|并|且)", "", token.text))]))
        elif (later and token.kind in ("verb", "deed")) or (later and token.kind == "words" and group.values and not group.before):
            groups.append(Group(before=[token])) if token.kind != "words" else group.after.append(token)
        else:
            group.after.append(token)
        i += 1
    return groups


def _remember(tokens: list[Token], text: str, state: State, v: Vocabulary) -> None:
    """A segment without a figure may name the subject of the next (``煤炭消费比重,2025年降到60%``) or its topic (``环境质量方面``)."""
    said = "".join(t.text for t in tokens if t.kind not in ("year", "base"))
    if said.endswith(("方面", "领域")) and len(said) < 16:
        state.topic = said.removesuffix("方面")
        return
    name = said.rstrip(":")
    if said.endswith(":") and name.endswith((*v.tails, *v.words["short_tails"])) and len(name) <= 25:
        state.head = _clean(name, v)
    name = re.sub(r"^(?:" + v.any_of(v.words["adverbs"]) + r"|逐步|有序|加快|大力)*(?:" + v.any_of(v.words["deeds"]["plain"], v.words["deeds"]["kept"], v.words["verbs"]["up"], v.words["verbs"]["down"], ["推进", "推动", "严控", "控制", "优化", "压减"]) + ")?", "", name)
    if name.endswith(tuple(v.tails) + tuple(v.words["short_tails"])) and len(name) <= 25:
        state.pending = name
    elif any(t.kind == "deed" for t in tokens) and len(name) <= 25:
        state.pending = ""
    else:
        state.pending = ""


def _group(text: str, group: Group, state: State, years: list[int], said: str, v: Vocabulary) -> list[Found]:
    values = group.values
    if not values:
        return []
    doubts: list[str] = []
    before = [t for t in group.before if t.kind not in ("year", "base")]
    while before and ((before[-1].kind == "words" and before[-1].text.strip() in v.words["adverbs"]) or before[-1].kind == "mark"):
        before.pop()
    verb = before.pop() if before and before[-1].kind == "verb" else None
    if verb is not None and verb.role == "be" and verb.text == "在" and before and before[-1].kind == "verb":
        verb = before.pop()
    trailing = _trim_adverbs_end(before, v)
    stretch = any(word in trailing or word in said[:4] for word in v.words["stretch"])
    deed = None
    if verb is None and before and before[-1].kind == "deed":
        deed = before.pop()
    elif verb is not None and verb.text == "实现" and not before:
        deed = None
    subject = "".join(t.text for t in before)
    noun = ""
    if group.after:
        noun = "".join(t.text for t in group.after if not (t.kind == "words" and t.role == "enclosed"))
    if (not _clean(subject, v) or deed is not None) and noun and not noun.startswith(("左右", "以")):
        subject, noun_used = _noun_after(subject, deed, verb, group, v), True
    else:
        noun_used = False
        if deed is not None:
            subject += deed.text if deed.role == "kept" else ""
    name = "" if deed is not None and subject == deed.text else _clean(subject, v)
    region = ""
    region, name = _region(name, state, v)
    if not region and name and state.last is not None and values[0].unit == state.last.unit == "%" and re.fullmatch(r"[^、]{0,8}(?:区县|地区|城市|县城|区域|乡村|农村|县|市|镇|试点)", name):
        region, name = name, ""
    if name.startswith(tuple(v.words["comparisons"])) or name.endswith(tuple(v.words["no_indicators"])):
        return []
    if verb is None and deed is None and not noun_used:
        has_deed = any(t.kind == "deed" for t in before)
        told = has_deed or any(q.note for q in values)
        named = state.head or (name.endswith((*v.tails, *v.words["short_tails"])) and state.explicit)
        if not (told or named or state.listing or values[0].role == "times" or (state.last is not None and name) or years):
            return []
        if not told:
            doubts.append("no verb")
    bare_change = verb is not None and verb.role in ("up", "down")
    yearly = name in ("年均", "年均增速", "年均增长率")
    if not name or yearly or name in ("总", "再", "年"):
        if state.pending:
            name = state.pending
        elif state.subject and verb is not None:
            name, doubts, state.subject = state.subject, [*doubts, "subject of a past result"], ""
        elif state.last is not None:
            meant = state.last if verb is not None and verb.role in ("up", "down") else next((one for one in reversed(state.said[-6:]) if (one.unit == values[0].unit and one.operator not in ("increase_by", "decrease_by")) or one.unit == values[0].unit == "%"), state.last)
            name, doubts = (meant.indicator if deed is None or deed.role != "kept" else _with_deed(meant.indicator, deed.text, v)), [*doubts, "subject inherited"]
        elif state.topic:
            name = state.topic
        else:
            return []
    elif name.startswith("占") and state.last is not None:
        name = state.last.indicator + name
        doubts.append("subject completed")
    elif state.pending and bare_change and name in v.words["bare"]:
        name = state.pending + name
    elif name in v.words["bare"] and (state.last is not None or state.pending):
        name = _stem(state.pending or state.last.indicator, v) + name if (state.pending or state.last) else name  # type: ignore[union-attr]
        doubts.append("subject completed")
    state.pending = ""
    if verb is not None and verb.text.startswith("年均") and "年均" not in name:
        name += verb.text
    elif yearly and "年均" not in name:
        name += "年均" + (verb.text if verb is not None else "增速")
    daily = re.search(r"(?:每|平均每)(天|日|年|小时)$", name)
    if daily:
        name, values = name[:daily.start()], [replace(value, unit=f"{value.unit}/{daily.group(1)}") for value in values]
    if state.head and not name.endswith((*v.tails, *v.words["short_tails"])):
        name = f"{state.head}({name})"
    name = _parallel(_like_before(name, values[0], state, said, v), state)
    names = _listed(name, values, said, v)
    return _pair(text, names, values, verb, deed, group, state, years, region, stretch, tuple(doubts), said, v)


def _trim_adverbs_end(before: list[Token], v: Vocabulary) -> str:
    """Adverbs at the end of the words before a verb (``力争``, ``分别``) go; what went is returned."""
    if not before or before[-1].kind != "words":
        return ""
    text = before[-1].text
    pattern = re.compile(r"(?:" + v.any_of(set(v.words["adverbs"]) - {"年均", "平均", "稳定", "要", "各", "到", "至", "和", "及", "与", "目标", "规划"}, ["要", "将", "均", "分别", "都"]) + r")+$")
    found = pattern.search(text)
    if not found:
        return ""
    rest = text[:found.start()]
    if rest:
        before[-1] = replace(before[-1], text=rest, end=before[-1].start + len(rest))
    else:
        before.pop()
    return found.group()


def _noun_after(subject: str, deed: Token | None, verb: Token | None, group: Group, v: Vocabulary) -> str:
    """``新建1个园区``, ``930万吨钢铁产能完成超低排放改造``: the noun stands behind the quantity."""
    parts = []
    for token in group.after:
        if (token.kind == "deed" and token.role == "done") or (token.kind == "deed" and token.text in ("完成", "全部完成", "实现")):
            continue
        if token.kind == "mark" and token.text == "、" and not parts:
            continue
        parts.append(token.text)
    head = deed.text if deed is not None and deed.role == "kept" else ""
    while len(parts) > 1 and parts[-1] in ("和", "及", "、", "与"):
        parts.pop()
    lead = _clean(subject, v)
    return lead + head + "".join(parts)


_LEADS = re.compile(r"^(?:到|至|在|的|、|,|将|要|使|把|对|以|等|实现|推动|促进|其中|年内|还)+")


def _clean(name: str, v: Vocabulary) -> str:
    """A name without own regions, adverbs, plain deeds and links at its head, and loose marks at its ends."""
    own = v.any_of(v.words["regions"]["own"])
    adverbs = v.any_of(set(v.words["adverbs"]) - {"稳定", "平均", "再", "可", "要", "各", "和", "及", "与", "规划", "计划", "目标", "提出", "到", "至", "也", "都", "均", "且", "将", "应", "须", "拟"})
    plain = v.any_of(v.words["deeds"]["plain"])
    heads = v.any_of(v.words["appositions"])
    done = False
    while not done:
        was = name
        name = name.strip(" 、,:;-—|的.")
        name = re.sub(rf"^(?:{own})(?:的)?", "", name)
        name = re.sub(r"^[一二两三四五六七八九十\d]+年内", "", name)
        name = re.sub(rf"^(?:{heads})(?=..)", "", name)
        name = re.sub(rf"^(?:{adverbs})", "", name)
        name = _LEADS.sub("", name)
        name = re.sub(rf"^(?:{plain})(?=.)", "", name)
        name = re.sub(r"^.{0,12}(?:提出|要求|规划|明确|指出)(?=[^,]{3,})(?!面积)", "", name) if re.match(r"^.{0,12}(?:提出|明确|指出)", name) else name
        done = name == was
    name = re.sub(r"(?:累计|分别|均|力争|达到|控制|总计|合计|共|要|将|到|为|的|比例达)$", "", name) if len(name) > 3 else name
    return name


def _region(name: str, state: State, v: Vocabulary) -> tuple[str, str]:
    """A region at the head of a name, and the rest. One place alone is the plan's own where it is the first named in the text."""
    place = v.any_of(v.places)
    end = v.any_of(v.words["regions"]["ends"], ["省"])
    one = rf"(?:{place})(?:{end})?"
    found = re.match(rf"({one}(?:[、和及]{one})+)(?:等)?(?:\d+|[两三四五六七八九十]+)?个?(?:{end})?", name)
    if found:
        return found.group(1), name[found.end():].lstrip("的、")
    found = re.match(rf"({one})(?:的)?", name)
    if not found:
        return "", name
    rest = name[found.end():]
    region = found.group(1)
    if not rest and state.last is not None:
        return region, ""
    if region in v.words["regions"]["named"]:
        return region, rest
    if not state.own or state.own == region[:2] or region.startswith(state.own):
        state.own = region[:2]
        return "", rest
    return region, rest


def _with_deed(indicator: str, deed: str, v: Vocabulary) -> str:
    kept = v.any_of(v.words["deeds"]["kept"])
    return deed + re.sub(rf"^(?:{kept})", "", indicator)


def _stem(indicator: str, v: Vocabulary) -> str:
    for tail in v.tails:
        if indicator.endswith(tail) and len(indicator) > len(tail) + 1:
            return indicator[:-len(tail)]
    return indicator


def _like_before(name: str, value: Token, state: State, said: str, v: Vocabulary) -> str:
    """A name completed from the one before: ``水泥行业`` takes what followed ``钢铁行业``, a part (``其中``) the tail of its whole."""
    if state.last is None or name.endswith((*v.tails, *v.words["short_tails"])):
        return name
    kind = next((k for k in v.words["classes"] if name.endswith(k)), "")
    if kind and len(name) <= 10:
        found = re.match(rf".{{1,12}}?{kind}(?P<rest>.{{2,}})", state.last.indicator)
        if found and value.unit == state.last.unit:
            return name + found.group("rest")
    if state.listing and v.units.get(value.unit.lstrip("十百千万亿")) != "counter":
        whole = next((one for one in reversed(state.said[-6:]) if any(one.indicator.endswith(t) for t in v.tails)), None)
        if whole is not None and whole.unit.lstrip("万亿") == value.unit.lstrip("万亿"):
            return name + next(t for t in v.tails if whole.indicator.endswith(t))
    return name


def _parallel(name: str, state: State) -> str:
    """``50米覆盖率`` after ``轨道公交一体化换乘100米覆盖率`` is ``轨道公交一体化换乘50米覆盖率``."""
    figured = re.match(r"[\d.]+(?P<rest>.{2,})", name)
    if figured and state.last is not None:
        before = re.fullmatch(rf"(?P<lead>.{{2,}}?)[\d.]+{re.escape(figured.group('rest'))}", state.last.indicator)
        if before:
            return before.group("lead") + name
    return name


def _listed(name: str, values: list[Token], said: str, v: Vocabulary) -> list[str]:
    """The names of a list, heads and tails given back: 化学需氧量、氨氮重点工程减排量 are two where two figures or 均/分别 say so."""
    several = len(values) > 1 or re.search(r"分别|均(?!衡|匀|可|价|浓度|水|供|用|增|下|值)|都达", said)
    if name in v.words["pairs"]:
        return list(v.words["pairs"][name])
    for pair, both in v.words["pairs"].items():
        if name.startswith(pair) and name[len(pair):] in v.tails:
            return [one + name[len(pair):] for one in both]
    if len(values) == 1 and not several and "、" in name and all(part.endswith(tuple(v.tails)) and part.startswith(tuple(v.heads)) for part in name.split("、")):
        return name.split("、")
    if not several or not re.search(r"[、和与及]", name):
        return [name]
    parts = re.split(r"、|(?<=[^共调饱温总])和(?=[^谐])|与|以及|(?<=[^普])及(?=[^格时])", name)
    parts = [part for part in parts if part]
    if len(values) > 1 and len(parts) != len(values):
        parts = name.split("、") if len(name.split("、")) == len(values) else parts
    if len(values) > 1 and len(parts) != len(values):
        return [name]
    tail = next((t for t in v.tails if parts[-1].endswith(t) and len(parts[-1]) > len(t)), "")
    kind = next((k for k in v.words["classes"] if k in parts[-1][1:]), "")
    if kind and len(parts) > 1 and all(len(part) <= 8 and kind not in part for part in parts[1:-1]) and not any(part.endswith((*v.tails, *v.words["short_tails"])) for part in parts[:-1]):
        tail = parts[-1][parts[-1].index(kind, 1):]
    elif tail:
        whole_head = next((h for h in v.heads if parts[-1].endswith(h + tail) and len(parts[-1]) > len(h + tail)), "")
        tail = whole_head + tail
    head = next((h for h in v.heads if parts[0].startswith(h) and len(parts[0]) > len(h)), "")
    made = []
    for i, part in enumerate(parts):
        if head and i and not part.startswith(head) and not any(part.startswith(h) for h in v.heads):
            part = head + part
        own_tail = part.endswith((*v.tails, *v.words["short_tails"])) and not part.endswith(tuple(v.words["no_tails"]))
        if tail and i < len(parts) - 1 and not own_tail:
            part += tail
        if tail and i == len(parts) - 1:
            part = re.sub(rf"(?:等|等主要污染物|等污染物)(?={re.escape(tail)}$)", "", part)
        made.append(part)
    return made


def _pair(text: str, names: list[str], values: list[Token], verb: Token | None, deed: Token | None, group: Group, state: State, years: list[int], region: str, stretch: bool, doubts: tuple[str, ...], said: str, v: Vocabulary) -> list[Found]:
    values = _with_units(values)
    pairs: list[tuple[str, Token, int | None, str]]
    regions = region.split("、") if region and len(values) > 1 and len(region.split("、")) == len(values) and len(names) == 1 else None
    if len(values) > 1 and len(years) == len(values) and len(names) == 1:
        pairs = [(names[0], value, year, region) for value, year in zip(values, years, strict=True)]
    elif regions:
        pairs = [(names[0], value, state.year, one) for value, one in zip(values, regions, strict=True)]
    elif len(values) > 1 and len(names) == len(values):
        pairs = [(name, value, state.year, region) for name, value in zip(names, values, strict=True)]
    elif len(values) == 1:
        pairs = [(name, values[0], state.year, region) for name in names]
    else:
        pairs = [(names[0], value, state.year, region) for value in values]
        doubts = (*doubts, "more figures than names")
    made = []
    for name, value, year, where in pairs:
        if year is None or not name:
            continue
        name = name.strip("、,的 ")
        operator, modifier, strict = _operator(name, value, verb, deed, state, stretch, v)
        base = state.base if operator in ("increase_by", "decrease_by") else None
        if operator in ("increase_by", "decrease_by") and verb is None and state.last is not None and value.role != "times":
            base = state.last.base_year
        start = min([t.start for t in group.before if t.kind != "mark"] + [value.start])
        made.append(Found(name, operator, value.value, value.unit, year, start, value.end, value.value2, base, where, modifier, strict, doubts))
    return made


def _with_units(values: list[Token]) -> list[Token]:
    """A unit left out is that of the next figure; a magnitude alone too."""
    made = list(values)
    for i in range(len(made) - 2, -1, -1):
        if not made[i].unit:
            made[i] = replace(made[i], unit=made[i + 1].unit)
    return made


def _operator(name: str, value: Token, verb: Token | None, deed: Token | None, state: State, stretch: bool, v: Vocabulary) -> tuple[str, str, bool]:
    said = value.operator
    strict = bool(verb and verb.text in ("超过", "突破", "高于", "大于", "超出", "超", "逾")) or value.note[:1] in ("超", "逾", ">")
    if value.role == "times":
        return "increase_by", "", False
    if value.value2:
        return "range", "", False
    kind = verb.role if verb is not None else "reach"
    if kind in ("up", "down"):
        modifier = {"at_least": "at_least", "about": "approx", "approx": "approx", "at_most": "at_most"}.get(said, "")
        if verb is not None and ("超过" in verb.text or "不低于" in verb.text):
            modifier = "at_least"
        if not modifier and stretch:
            modifier = "stretch"
        return ("increase_by" if kind == "up" else "decrease_by"), modifier, strict
    if stretch and state.last is not None and state.last.operator in ("increase_by", "decrease_by") and name == state.last.indicator:
        return state.last.operator, "stretch", strict
    if said in ("about", "approx"):
        return "approx", "", False
    if said == "at_least":
        return ">=", "", strict
    if said == "at_most":
        return "<=", "", False
    if kind == "cap":
        return "<=", "", False
    if kind == "hold":
        return "==", "", False
    if any(word in name for word in v.words["less_is_better"]) and "率降" not in name and "减排量" not in name and kind in ("reach", "be") and deed is None:
        return "==", "", strict
    return ">=", "", strict
