"""Tokens of a plan sentence: years and periods, base phrases, quantities, verbs, marks; what lies between them is plain words.

The words come from ``words.yaml``; positions are those of the normalised text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from hengtan.plan.reader.vocabulary import Vocabulary, vocabulary

PLANS = {
    "十一五": 2010,
    "十二五": 2015,
    "十三五": 2020,
    "十四五": 2025,
    "十五五": 2030,
    "十六五": 2035,
    "十七五": 2040,
}
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Token:
    """One token: its kind, where it stands, and what it says.

    ``kind``: year, base, quantity, verb, deed, mark, words. ``role`` refines it: for a verb reach, cap, hold, be, up, down; for a quantity the
    kind of its unit; for a year whether it is a ``point``, a ``period``, ``this`` (the document's own) or ``span``.
    """

    kind: str
    start: int
    end: int
    text: str
    role: str = ""
    year: int | None = None
    value: str = ""
    value2: str = ""
    unit: str = ""
    operator: str = ""
    note: str = ""


def chinese_number(text: str) -> int | None:
    """A whole number in Chinese characters (一千二百), None where it is none."""
    if not text or any(c not in _DIGITS and c not in _MAGNITUDES for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = low = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "亿":
            total, low, section, digit = (low + section + digit or 1) * _MAGNITUDES[c], 0, 0, 0
        elif c == "万":
            low, section, digit = low + (section + digit or 1) * _MAGNITUDES[c], 0, 0
        else:
            section += (digit or 1) * _MAGNITUDES[c]
            digit = 0
    return total + low + section + digit


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    v = vocabulary()
    year = r"(?<!\d)(?:19|20)\d\d"
    plan = r"[“\"]?十[一二三四五六七]五[”\"]?"
    per = v.any_of(v.words["per"])
    unit_names = v.any_of(v.units)
    unit = rf"[十百千万亿]{{0,2}}?(?:{unit_names})(?:二氧化碳)?(?:[/每](?:{per}))*|[万亿]{{1,2}}(?![年元]?个?五)"
    prefix = v.any_of(*v.words["before_number"].values())
    suffix = v.any_of(*v.words["suffix"].values())
    number = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    chinese = r"(?<![一二两三四五六七八九十百千零〇])[一二两三四五六七八九十百千零〇]{1,12}"
    old = rf"{year}年?(?:底|末)?|{plan}(?:期末|时期末|末|期间|时期|规划)?|上年|去年|上一年|前一年"
    return re.compile(
        rf"(?P<base>(?:在|以)(?P<base_year2>{old})(?:[底末]|全年|实际|水平)?(?:为基期|为基数|为基准年?|的?基础上|的水平)|(?:比照|(?<!占)比|相较于|相较|较之|较|相比于|相比|相对于|对比)(?P<base_year>{old})(?:[底末]|同期|全年|实际|水平|为基期|为基数|为基准年?|的?基础上|相比|的水平){{0,3}}|同比|比上年|较上年)"
        rf"|(?P<year>(?:到|至|在|于)?(?P<y1>{year})(?:年)?(?:[-—~至到]+(?P<y2>(?:20)\d\d|\d\d(?=年)))年(?:期间|底|末|底前|前|间)?"
        rf"|(?:到|至|在|于)?(?P<y>{year})年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:底之?前|末之?前|年底前|年底|年末|以前|之前|前|底|末|期间|内|全年|度|上半年|下半年)?"
        rf"|(?:到|至|在)?(?P<plan>{plan})(?:期间|时期|期末|期内|末|以来|规划期末?|内|时期末)?"
        rf"|(?:到|至|在)?(?<![一二两三四五六七八九十\d])(?P<this>今年|本年度?|年内|全年|年底)(?:年?底)?(?:之?前)?(?:内)?(?!均)|(?:到|至)?(?P<next>明年)(?:年?底)?(?:前)?)"
        rf"|(?P<money_doc>〔\d{{4}}〕第?\d+号?|\[\d{{4}}\]\d+号|第\d+[次号届期批条章]|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}月份?|《[^》]*》)"
        rf"|(?P<chemical>PM(?:2\.5|10)|CO2|SO2|NO[xX2]|O3|CH4|N2O|5G|4G|3G|V2G|A{{1,5}}级|[国][一二三四五六]|[IVX]{{1,4}}类|ISO\s?\d+|PM₂.₅)"
        rf"|(?P<sign>{prefix}|(?:大于|小于|高于|低于)等于)?(?:每(?P<each>{v.any_of(v.words['areas'])}))?(?:百分之(?P<hundred>[\d.]+|[零一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)|(?P<number>{number})(?P<unit0>{unit})?(?:[-—~–至到](?P<number2>{number})(?P<unit>{unit})?)?|(?P<chinese>{chinese})(?P<unitc>[万亿]{{0,2}}?(?:{unit_names})(?:[/每](?:{per}))*))(?P<suffix>{suffix})?"
        rf"|(?P<times>{v.any_of(v.words['multiply'])})"
        rf"|(?P<verb>{v.any_of(v.verb_kind)})|(?P<deed>(?!{v.any_of(v.words['not_deeds'])})(?:{v.any_of(v.deed_kind)}))"
        r"|(?P<mark>[,;:、。()“”])",
    )


def lex(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, in order, without gaps: what no rule takes is ``words``."""
    v = vocabulary()
    tokens: list[Token] = []
    at = start
    for found in _pattern().finditer(text, start, end):
        if found.end() == found.start():
            continue
        token = _token(found, v)
        if token is None:
            continue
        if found.start() > at:
            tokens.append(Token("words", at, found.start(), text[at : found.start()]))
        tokens.append(token)
        at = found.end()
    if end > at:
        tokens.append(Token("words", at, end, text[at:end]))
    return tokens


def _token(found: re.Match[str], v: Vocabulary) -> Token | None:
    a, b, text = found.start(), found.end(), found.group()
    get = found.group
    if get("base"):
        said = get("base_year") or get("base_year2")
        return Token(
            "base",
            a,
            b,
            text,
            year=_base_year(said),
            role="last" if said in (None, "上年", "去年", "上一年", "前一年") else "",
        )
    if get("year"):
        if get("y1"):
            last = get("y2")
            return Token(
                "year",
                a,
                b,
                text,
                role="span",
                year=int(last) if len(last) == 4 else int(get("y1")[:2] + last),
            )
        if get("y"):
            return Token("year", a, b, text, role="point", year=int(get("y")))
        if get("plan"):
            return Token(
                "year",
                a,
                b,
                text,
                role="past" if text.endswith("以来") else "period",
                year=PLANS[get("plan").strip('“”"')],
            )
        return Token("year", a, b, text, role="next" if get("next") else "this")
    if get("money_doc") or get("chemical"):
        return Token("words", a, b, text, role="name")
    if get("times"):
        return Token(
            "quantity",
            a,
            b,
            text,
            role="times",
            value=str(v.words["multiply"][text]),
            unit="%",
            operator="increase_by",
        )
    if get("verb"):
        return Token("verb", a, b, text, role=v.verb_kind[text])
    if get("deed"):
        return Token("deed", a, b, text, role=v.deed_kind[text])
    if get("mark"):
        return Token("mark", a, b, text)
    return _quantity(found, v)


def _base_year(text: str | None) -> int | None:
    if not text:
        return None
    if text[:4].isdigit():
        return int(text[:4])
    found = re.search(r"十[一二三四五六七]五", text)
    return PLANS[found.group()] if found else None


_NOT_UNITS = re.compile(
    r"方[面向式案法位块针便]|度[假过]|条[件例款]|天[然津]|种[植养业]|家[庭具]|人[均民口]|项[目下]|分[别之公]|户[外均]|口[径岸]|对[外口]|处[理置]|面[积向]|位[于]|台[账阶]|部[门分]|组[织成]|门[类]|片[区]|只[要有]"
)
"""A counter with the character after it that makes another word of it: ``5方面``, ``20度假区``; not ``100项目`` where 个 was left out."""


def _quantity(found: re.Match[str], v: Vocabulary) -> Token | None:
    if _NOT_UNITS.match(found.string, found.end() - 1) and not found.group("suffix"):
        return None
    return _made_quantity(found, v)


def _made_quantity(found: re.Match[str], v: Vocabulary) -> Token | None:
    get, a, b, text = found.group, found.start(), found.end(), found.group()
    sign, suffix = get("sign") or "", get("suffix") or ""
    operator = v.suffix_kind.get(suffix, "")
    for kind, listed in v.words["before_number"].items():
        if sign in listed and sign:
            operator = operator or kind
    note = sign + suffix
    if get("hundred"):
        value = get("hundred")
        if not value[0].isdigit():
            whole, _, part = value.partition("点")
            value = f"{chinese_number(whole)}" + (f".{chinese_number(part)}" if part else "")
        return Token(
            "quantity",
            a,
            b,
            text,
            role="percent",
            value=value,
            unit="%",
            operator=operator,
            note=note,
        )
    if get("chinese"):
        number = chinese_number(get("chinese"))
        if number is None:
            return None
        unit = get("unitc")
        return Token(
            "quantity",
            a,
            b,
            text,
            role="chinese",
            value=str(number),
            unit=unit,
            operator=operator,
            note=note,
        )
    unit0, unit = get("unit0") or "", get("unit") or ""
    second = get("number2") or ""
    if (
        unit0
        and second
        and unit
        and unit0 != unit
        and not unit.endswith(unit0.lstrip("十百千万亿") or unit)
    ):
        return None
    shown = unit or unit0
    bare = shown.lstrip("十百千万亿") or shown
    bare = re.split("[/每]", bare)[0]
    kind = v.units.get(bare, v.units.get(shown, "measure" if shown else ""))
    if shown.startswith(("百分点",)):
        kind = "percent"
    return Token(
        "quantity",
        a,
        b,
        text,
        role=kind,
        value=get("number").replace(",", ""),
        value2=second.replace(",", ""),
        unit=shown.replace("每", "/") + (f"/{get('each')}" if get("each") and shown else ""),
        operator=operator,
        note=note,
    )


def joined(tokens: list[Token], text: str) -> list[Token]:
    """Neighbouring plain words as one token, so that a name is read in one piece."""
    made: list[Token] = []
    for token in tokens:
        if token.kind == "words" and made and made[-1].kind == "words":
            made[-1] = replace(
                made[-1], end=token.end, text=text[made[-1].start : token.end], role=""
            )
        else:
            made.append(token)
    return made
