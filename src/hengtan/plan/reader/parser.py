"""From the tokens of a sentence to targets.

A sentence is read segment by segment (between commas). What holds on is carried: the year for the text that follows, the base year for the
sentence, the subject for a segment that names none. A segment is a chain of *groups*: words, the quantities they govern, and words after.
"""

from __future__ import annotations

import re
from dataclasses import replace

from hengtan.plan.reader.carried import Found, Group, Sentence, State, binding_in
from hengtan.plan.reader.figures import names_with_figures, without_present
from hengtan.plan.reader.lexer import Token, joined, lex
from hengtan.plan.reader.names import (
    clean,
    developed_in,
    is_bare,
    less_is_better,
    like_before,
    listed,
    noun_behind,
    of_one_kind,
    parallel,
    region_of,
    shortened,
    spoken_of,
    stem,
    with_deed,
    without_adverbs,
)
from hengtan.plan.reader.vocabulary import Vocabulary, vocabulary


def parse_sentence(text: str, start: int, end: int, state: State) -> list[Found]:
    """Targets of one sentence; ``state`` goes on to the next."""
    v = vocabulary()
    tokens = _enclosed(joined(lex(text, start, end), text), text)
    state.sentence = Sentence(subject=state.sentence.subject if state.sentence.past else "")
    found: list[Found] = []
    _year_behind(tokens, state)
    for segment in _segments(tokens):
        found += _segment(text, segment, state, v)
    return found


def _year_behind(tokens: list[Token], state: State) -> None:
    """A sentence may name its year at its end (``…,到2026年全部完成``); it holds where none was carried so far."""
    if state.year is None and not any(t.role == "past" for t in tokens):
        points = [
            t.year
            for t in tokens
            if t.kind == "year" and t.role in ("point", "span") and t.year is not None
        ]
        first = next((i for i, t in enumerate(tokens) if t.kind == "quantity"), None)
        behind = [
            t.year
            for i, t in enumerate(tokens)
            if t.kind == "year"
            and t.role == "point"
            and (t.text.startswith("到") or tokens[i - 1].kind == "quantity")
            and first is not None
            and i > first
            and t.year is not None
        ]
        if (
            behind
            and points == behind
            and (state.document_year is None or behind[0] >= state.document_year)
        ):
            state.year = behind[0]


def _enclosed(tokens: list[Token], text: str) -> list[Token]:
    """Brackets and short quotations as words: their figures are explanations or names. Brackets right after a quantity go."""
    made: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        closing = {"(": ")", "“": "”"}.get(token.text) if token.kind == "mark" else None
        if closing:
            j = next(
                (k for k in range(i + 1, min(len(tokens), i + 25)) if tokens[k].text == closing),
                None,
            )
            if j is not None and tokens[j].end - token.start <= 40:
                if token.text == "(" and made and made[-1].kind == "quantity":
                    made += [t for t in tokens[i + 1 : j] if t.kind == "year" and t.role == "point"]
                else:
                    made.append(
                        Token(
                            "words",
                            token.start,
                            tokens[j].end,
                            text[token.start : tokens[j].end],
                            role="enclosed",
                        )
                    )
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
    said = text[tokens[0].start : tokens[-1].end]
    if tokens[0].kind == "mark":
        tokens = tokens[1:]
        if not tokens:
            return []
    if any(word in said for word in v.words["grants"]):
        state.sentence.granting = True
    tokens = without_present(names_with_figures(tokens, text, state.sentence.granting, v))
    years = _years(tokens, state)
    state.sentence.deed = ""
    if not any(t.kind == "quantity" for t in tokens):
        words = "".join(t.text for t in tokens if t.kind not in ("year", "base"))
        state.topic, state.about = (
            developed_in(words, v) or state.topic,
            spoken_of(words, v) or state.about,
        )
        if words.endswith(("方面", "领域")) and len(words) < 16:
            state.sentence.topic, state.sentence.pending = words.removesuffix("方面"), ""
            return []
    quantities = [t for t in tokens if t.kind == "quantity"]
    if any(word in said for word in v.words["past"]) or any(
        word in said for word in v.words["past_verbs"]
    ):
        state.sentence.past = True
    if any(word in said for word in v.words["yields"]):
        state.sentence.past = True
    if any(t.kind == "year" and t.role == "past" for t in tokens):
        state.sentence.past = True
    later = max(state.first_later or 0, state.year or 0)
    if any(
        t.kind == "year"
        and t.role == "period"
        and state.document_year is None
        and (t.year or 0) < later
        for t in tokens
    ) and not re.search("|".join(v.words["aims"]), said):
        state.sentence.past = True
        return []
    future = [y for y in years if state.document_year is None or y >= state.document_year]
    if years and not future:
        first = next(i for i, t in enumerate(tokens) if t.kind == "year")
        if not (first + 1 < len(tokens) and tokens[first + 1].kind == "quantity"):
            state.sentence.past = True
        if quantities:
            state.sentence.subject = _past_subject(tokens, v) or state.sentence.subject
        return []
    if future and not re.search(r"截至|截止|以来|已", said):
        if (
            state.sentence.past
            and (state.document_year is None or max(future) > (state.document_year or 0))
        ) or any(a in said for a in ("力争", "计划", "预计", "目标", "将", "确保", "拟")):
            state.sentence.past = False
        if (
            not (not quantities and re.search(r"碳达峰|碳中和|达峰", said))
            and not state.sentence.past
        ):
            state.year, state.sentence.explicit = future[-1], True
    base = next((t for t in tokens if t.kind == "base"), None)
    if base is not None:
        if base.role == "last":
            state.sentence.base = None if state.year is None else state.year - 1
            if base.text == "同比" and not state.sentence.explicit:
                state.sentence.past = True
        else:
            state.sentence.base = base.year
    if state.sentence.past or (state.year is None and not future):
        if quantities:
            state.sentence.subject = _past_subject(tokens, v) or state.sentence.subject
        return []
    if not quantities:
        if len(future) > 1:
            state.sentence.years = tuple(future)
        _remember(tokens, text, state, v)
        return []
    if not future and state.sentence.years:
        future = list(state.sentence.years)
    if "其中" in said:
        state.sentence.listing = True
        state.sentence.whole = (
            state.last.indicator if state.last is not None and not state.last.part_of else ""
        )
    made: list[Found] = []
    for group in _groups(tokens, v):
        made += _group(text, group, state, future, said, v)
        if made:
            state.last = made[-1]
            state.said += made
    return of_one_kind(made)


def _past_subject(tokens: list[Token], v: Vocabulary) -> str:
    """What a result of the past was about; the plan's figure may follow without naming it (``截至2022年底建成基站1万个,到2025年达到3万个``)."""
    group = _groups(tokens, v)[-1]
    before = list(group.before)
    while before and before[-1].kind in ("verb", "year", "base"):
        before.pop()
    name = "".join(
        t.text
        for t in before
        if t.kind in ("words", "verb") or (t.kind == "deed" and t.role == "kept")
    )
    if name.startswith("占"):
        return ""
    return clean(re.sub(r"^(?:截至|截止|目前|已|累计)+|(?:已|累计|共)+$", "", name), v)


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


def _groups(tokens: list[Token], v: Vocabulary) -> list[Group]:
    """Split a segment where a quantity has been said and a new subject begins."""
    groups = [Group()]
    i = 0
    while i < len(tokens):
        token, group = tokens[i], groups[-1]
        later = any(t.kind == "quantity" for t in tokens[i + 1 :])
        if token.kind == "year" and token.role in ("point", "span", "period") and not group.after:
            group.year = token.year
            group.split = 0 if group.values else len(group.before)
            i += 1
            continue
        if token.kind == "quantity":
            if group.values and group.after:
                groups.append(Group(before=[]))
                group = groups[-1]
            group.values.append(token)
        elif not group.values:
            group.before.append(token)
        elif (token.kind == "mark" and token.text == "、") or (
            token.kind == "words" and token.text in ("和", "及", "与", "以及", "至")
        ):
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and following.kind != "quantity":
                if later:
                    groups.append(Group())
                else:
                    group.after.append(token)
        elif later and token.kind == "words" and re.match(r"(和|及|与|以及|并|且|、)", token.text):
            groups.append(
                Group(
                    before=[replace(token, text=re.sub(r"^(以及|和|及|与|并|且)", "", token.text))]
                )
            )
        elif (later and token.kind in ("verb", "deed")) or (
            later and token.kind == "words" and group.values and not group.before
        ):
            groups.append(Group(before=[token])) if token.kind != "words" else group.after.append(
                token
            )
        else:
            group.after.append(token)
        i += 1
    return groups


def _remember(tokens: list[Token], text: str, state: State, v: Vocabulary) -> None:
    """A segment without a figure may name the subject of the next (``煤炭消费比重,2025年降到60%``) or its topic (``环境质量方面``)."""
    said = "".join(t.text for t in tokens if t.kind not in ("year", "base"))
    name = said.rstrip(":")
    if not name.strip("、到至在 "):
        return
    if (
        said.endswith(":")
        and name.endswith((*v.tails, *v.words["short_tails"]))
        and len(name) <= 25
    ):
        state.sentence.head = clean(name, v)
    name = re.sub(
        r"^(?:"
        + v.any_of(v.words["adverbs"])
        + r"|逐步|有序|加快|大力)*(?:"
        + v.any_of(
            v.words["deeds"]["plain"],
            v.words["deeds"]["kept"],
            v.words["verbs"]["up"],
            v.words["verbs"]["down"],
            ["推进", "推动", "严控", "控制", "优化", "压减"],
        )
        + ")?",
        "",
        name,
    )
    state.sentence.pending = (
        name if name.endswith((*v.tails, *v.words["short_tails"])) and len(name) <= 25 else ""
    )


def _group(
    text: str, group: Group, state: State, years: list[int], said: str, v: Vocabulary
) -> list[Found]:
    values = group.values
    if not values:
        return []
    doubts: list[str] = []
    behind = [t for t in group.before[group.split :] if t.kind not in ("year", "base")]
    if (
        group.split
        and len(
            clean(
                "".join(
                    t.text for i, t in enumerate(behind) if t.kind == "words" or i + 1 < len(behind)
                ),
                v,
            )
        )
        >= 4
    ):
        group.before = group.before[group.split :]
    before = [t for t in group.before if t.kind not in ("year", "base")]
    while before and (
        (before[-1].kind == "words" and before[-1].text.strip() in v.words["adverbs"])
        or before[-1].kind == "mark"
    ):
        before.pop()
    verb = before.pop() if before and before[-1].kind == "verb" else None
    if (
        verb is not None
        and verb.role == "be"
        and verb.text == "在"
        and before
        and before[-1].kind == "verb"
    ):
        verb = before.pop()
    trailing = without_adverbs(before, v)
    stretch = any(word in trailing or word in said[:4] for word in v.words["stretch"])
    deed = before.pop() if verb is None and before and before[-1].kind == "deed" else None
    subject = "".join(t.text for t in (_before_share(before) if verb is None else before))
    noun = ""
    if group.after:
        noun = "".join(
            t.text for t in group.after if not (t.kind == "words" and t.role == "enclosed")
        )
    does = (
        verb is None
        and deed is None
        and values[0].role == "percent"
        and any(t.kind == "deed" for t in group.after)
    )
    if does:
        subject, noun_used = clean(subject, v) + noun_behind("", None, group, v), True
    elif (
        (not clean(subject, v) or deed is not None) and noun and not noun.startswith(("左右", "以"))
    ):
        subject, noun_used = noun_behind(subject, deed, group, v), True
    else:
        noun_used = False
        if deed is not None:
            subject += deed.text if deed.role == "kept" else ""
    name = (
        ""
        if deed is not None
        and deed.text not in v.words["alone"]
        and deed.text in (subject, clean(subject, v))
        else clean(subject, v)
    )
    region, name = region_of(name, state, v)
    if (
        not region
        and name
        and state.last is not None
        and values[0].unit == state.last.unit
        and values[0].role != "counter"
        and re.fullmatch(r"[^、]{0,8}(?:区县|地区|城市|县城|区域|乡村|农村|县|市|镇|试点)", name)
    ):
        region, name = name, ""
    if name.startswith(tuple(v.words["comparisons"])) or (
        name.endswith(tuple(v.words["no_indicators"]))
        and not name.endswith(tuple(v.words["indicators_kept"]))
    ):
        return []
    if verb is None and deed is None and not noun_used:
        has_deed = any(t.kind == "deed" for t in before)
        told = has_deed or stretch or any(q.note for q in values)
        named = state.sentence.head or (
            name.endswith((*v.tails, *v.words["short_tails"])) and state.sentence.explicit
        )
        if not (
            told
            or named
            or state.sentence.listing
            or values[0].role == "times"
            or (state.last is not None and name)
            or years
        ):
            return []
        if not told:
            doubts.append("no verb")
    yearly = name in ("年均", "年均增速", "年均增长率")
    name, doubt = _completed(name, values[0], verb, deed, trailing, yearly, state, v)
    if not name:
        return []
    doubts += [doubt] if doubt else []
    state.sentence.pending = ""
    if verb is not None and verb.text.startswith("年均") and "年均" not in name:
        name += verb.text
    elif yearly and "年均" not in name:
        name += "年均" + (verb.text if verb is not None else "增速")
    daily = re.search(r"(?:每|平均每)(天|日|年|小时)$", name)
    if daily:
        name, values = (
            name[: daily.start()],
            [replace(value, unit=f"{value.unit}/{daily.group(1)}") for value in values],
        )
    if state.sentence.head and not name.endswith((*v.tails, *v.words["short_tails"])):
        name = f"{state.sentence.head}({name})"
    name = parallel(like_before(shortened(name, v), values[0], state, v), state)
    led = next((t for t in group.before if t.kind == "deed"), None)
    if led is not None or verb is not None:
        state.sentence.deed = (
            led.text if led is not None and led.role == "kept" and led.text.startswith("新") else ""
        )
    elif (
        state.sentence.deed
        and state.last is not None
        and state.last.unit == values[0].unit
        and not name.endswith((*v.tails, *v.words["short_tails"]))
    ):
        name = state.sentence.deed + name.removeprefix(state.sentence.deed)
    names = listed(name, values, said, v)
    year = group.year if group.year in years else state.year
    return _pair(
        text,
        names,
        values,
        verb,
        deed,
        group,
        state,
        years,
        year,
        region,
        stretch,
        tuple(doubts),
        said,
        v,
    )


def _completed(
    name: str,
    value: Token,
    verb: Token | None,
    deed: Token | None,
    trailing: str,
    yearly: bool,
    state: State,
    v: Vocabulary,
) -> tuple[str, str]:
    """A name that is left out or says nothing by itself, completed from what is carried, and the doubt that this leaves; an empty name where nothing fits."""
    sentence, last = state.sentence, state.last
    change = verb is not None and verb.role in ("up", "down")
    if not name or yearly or name in ("总", "再", "年"):
        if sentence.pending:
            return sentence.pending, ""
        if sentence.subject and verb is not None:
            subject, sentence.subject = sentence.subject, ""
            return subject, "subject of a past result"
        if state.topic and value.role == "measure" and verb is None:
            return state.topic + (deed.text if deed is not None else ""), ""
        if last is not None:
            return _inherited(last, value, deed, change, trailing, state, v), "subject inherited"
        return sentence.topic or state.topic, ""
    if name.startswith("占") and last is not None:
        return last.indicator + name, "subject completed"
    bare = name in v.words["bare"]
    if sentence.pending and change and bare:
        return sentence.pending + name, ""
    if sentence.topic and (bare or name in v.tails):
        return sentence.topic + name, ""
    whole = (
        sentence.pending
        or sentence.subject
        or state.topic
        or (last.indicator if last is not None and bare else "")
        or state.about
    )
    if is_bare(name, v) and whole:
        return (
            whole if whole in (state.topic, state.about) else stem(whole, v)
        ) + name, "subject completed"
    state.topic = ""
    return name, ""


def _inherited(
    last: Found,
    value: Token,
    deed: Token | None,
    change: bool,
    trailing: str,
    state: State,
    v: Vocabulary,
) -> str:
    """The indicator of a target before: the last one for a change, else the last of the same unit; another deed takes the place of its deed."""
    if change:
        kept = meant = last.indicator
    else:
        alike = (
            one
            for one in reversed(state.said[-6:])
            if (one.unit == value.unit and one.operator not in ("increase_by", "decrease_by"))
            or one.unit == value.unit == "%"
        )
        meant = next(alike, last).indicator
        kept = re.sub(r"(?:年均)?(?:增长率?|增速|递增)$", "", meant) or meant
    if "累计" in trailing:
        kept = re.sub(r"(?<=..)新[增建]$|^新[增建](?=..)", "", kept)
    return (
        with_deed(meant, deed.text, v)
        if deed is not None and (deed.role == "kept" or deed.text == "投产")
        else kept
    )


def _before_share(before: list[Token]) -> list[Token]:
    """``需求响应能力达到最大用电负荷的`` before a share: what reaches the share is named before the verb."""
    at = next((i for i, t in enumerate(before) if t.kind == "verb" and t.role == "reach"), 0)
    return before[:at] if at and before[-1].text.endswith("的") else before


def _pair(
    text: str,
    names: list[str],
    values: list[Token],
    verb: Token | None,
    deed: Token | None,
    group: Group,
    state: State,
    years: list[int],
    year: int | None,
    region: str,
    stretch: bool,
    doubts: tuple[str, ...],
    said: str,
    v: Vocabulary,
) -> list[Found]:
    values = _with_units(values)
    pairs: list[tuple[str, Token, int | None, str]]
    regions = (
        region.split("、")
        if region and len(values) > 1 and len(region.split("、")) == len(values) and len(names) == 1
        else None
    )
    if len(values) > 1 and len(years) == len(values) and len(names) == 1:
        pairs = [(names[0], value, own, region) for value, own in zip(values, years, strict=True)]
    elif regions:
        pairs = [(names[0], value, year, one) for value, one in zip(values, regions, strict=True)]
    elif len(values) > 1 and len(names) == len(values):
        pairs = [(name, value, year, region) for name, value in zip(names, values, strict=True)]
    elif len(values) == 1:
        pairs = [(name, values[0], year, region) for name in names]
    else:
        pairs = [(names[0], value, year, region) for value in values]
        doubts = (*doubts, "more figures than names")
    made = []
    for name, value, due, where in pairs:
        if due is None or not name or name in ("按", "以", "由", "从", "每"):
            continue
        name = name.strip("、,的 ")
        operator, modifier, strict = _operator(name, value, verb, deed, state, stretch, v)
        base = state.sentence.base if operator in ("increase_by", "decrease_by") else None
        if (
            operator in ("increase_by", "decrease_by")
            and verb is None
            and state.last is not None
            and value.role != "times"
        ):
            base = state.last.base_year
        start = min([t.start for t in group.before if t.kind != "mark"] + [value.start])
        made.append(
            Found(
                name,
                operator,
                value.value,
                value.unit,
                due,
                start,
                value.end,
                value2=value.value2,
                base_year=base,
                region=where,
                modifier=modifier,
                strict=strict,
                part_of=state.sentence.whole,
                binding=binding_in(text[start : value.end] + said),
                doubts=doubts,
            )
        )
    return made


def _with_units(values: list[Token]) -> list[Token]:
    """A unit left out is that of the next figure; a magnitude alone too."""
    made = list(values)
    for i in range(len(made) - 2, -1, -1):
        if not made[i].unit:
            made[i] = replace(made[i], unit=made[i + 1].unit)
    return made


def _operator(
    name: str,
    value: Token,
    verb: Token | None,
    deed: Token | None,
    state: State,
    stretch: bool,
    v: Vocabulary,
) -> tuple[str, str, bool]:
    said = value.operator
    strict = bool(
        verb and verb.text in ("超过", "突破", "高于", "大于", "超出", "超", "逾")
    ) or value.note[:1] in ("超", "逾", ">")
    if value.role == "times":
        return "increase_by", "", False
    if value.value2:
        return "range", "", False
    kind = verb.role if verb is not None else "reach"
    if kind in ("up", "down"):
        modifier = {
            "at_least": "at_least",
            "about": "approx",
            "approx": "approx",
            "at_most": "at_most",
        }.get(said, "")
        if verb is not None and ("超过" in verb.text or "不低于" in verb.text):
            modifier = "at_least"
        if not modifier and stretch:
            modifier = "stretch"
        return ("increase_by" if kind == "up" else "decrease_by"), modifier, strict
    if (
        stretch
        and state.last is not None
        and state.last.operator in ("increase_by", "decrease_by")
        and name == state.last.indicator
    ):
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
    if (
        less_is_better(name, v)
        and "率降" not in name
        and "减排量" not in name
        and kind in ("reach", "be")
        and deed is None
    ):
        return "==", "", strict
    return ">=", "", strict
