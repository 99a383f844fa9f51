"""Tokens of a plan sentence: years and periods, base phrases, quantities, verbs, marks; what lies
between them is plain words.

The words come from ``words.yaml``; positions are those of the normalised text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from hengtan.basis.numerals import chinese_number
from hengtan.plan.reader.vocabulary import any_of, pattern, vocabulary, without_magnitude, words


@dataclass(frozen=True)
class Token:
    """One token: its kind, where it stands, and what it says.

    ``kind``: year, base, quantity, verb, deed, mark, words. ``role`` refines it: for a verb reach,
    cap, hold, be, up, down; for a quantity the kind of its unit; for a year whether it is a
    ``point``, a ``period``, ``this`` (the document's own), ``next`` or ``span``. ``operator``: what
    a word at the figure says (at_least, at_most, about, approx); ``note``: that word.
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


_YEAR = r"(?<!\d)(?:19|20)\d\d"
_PLAN = r"[“\"]?十[一二三四五六七]五[”\"]?"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = (
    r"(?<![一二两三四五六七八九十百千零〇])[一二两三四五六七八九十百千零〇]{1,12}"
    r"(?:万[一二两三四五六七八九十百千零〇]{1,9})?"
)
_HUNDREDTHS = r"\d+(?:\.\d+)?|[零一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?"


def _base_phrases() -> str:
    """比2020年, 与2020年相比, 较“十三五”末, 在2020年基础上, 较峰值, 同比."""
    old = (
        rf"{_YEAR}年?(?:底|末)?|{_PLAN}(?:期末|时期末|末|期间|时期|规划)?|{any_of('years_before')}"
    )
    of_base = r"为基期|为基数|为基准年?|的?基础上"
    level = rf"(?P<base_level>{any_of('base_levels')})(?:相比|的?基础上)?"
    return (
        rf"(?P<base>(?:在|以)(?P<base_year2>{old})(?:[底末]|全年|实际|水平)?(?:{of_base}|的水平)"
        rf"|(?:比照|(?<!占)比|相较于|相较|较之|较|相比于|相比|相对于|对比)(?P<base_year>{old})"
        rf"(?:[底末]|同期|全年|实际|水平|{of_base}|相比|的水平){{0,3}}"
        rf"|(?:与|和|同)(?P<base_year3>{old})(?:[底末]|全年|实际|水平|的水平)*(?:相比|比较|比)"
        rf"|(?P<base_year4>{_YEAR})年底?的(?=\d[\d.]*倍)"
        rf"|(?:(?<!占)比|较|与|和|同|在){level}|同比|比上年|较上年)"
    )


def _years() -> str:
    """到2025年, 2023—2025年, “十四五”期间, 今年, 明年底前."""
    return (
        rf"(?P<year>(?:到|至|在|于)?(?P<y1>{_YEAR})(?:年)?(?:[-—~至到]+(?P<y2>(?:20)\d\d|\d\d(?=年)))"
        r"年(?:期间|底|末|底前|前|间)?"
        rf"|(?:到|至|在|于)?(?P<y>{_YEAR})年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?"
        r"(?:底之?前|末之?前|年底前|年底|年末|以前|之前|前|底|末|期间|内|全年|度|上半年|下半年)?"
        rf"|(?:到|至|在)?(?P<plan>{_PLAN})"
        r"(?:期间|时期|期末|期内|末|以来|规划期末?|内|时期末)?"
        r"|(?:到|至|在)?(?<![一二两三四五六七八九十\d])(?P<this>今年|本年度?|年内|全年|年底)"
        r"(?:年?底)?(?:之?前)?(?:内)?(?!均)"
        r"|(?:到|至)?(?P<next>明年)(?:年?底)?(?:前)?"
        r"|(?:在)?(?:(?:未来|今后)(?P<term>[一二两三四五六七八九十\d]{1,2})年(?:内|间|里)?"
        r"|(?<![一二两三四五六七八九十\d])(?P<term2>[二两三四五])年间))"
    )


def _proper_names() -> str:
    """Numbers that are no figures: of documents, of dates, of substances and standards."""
    return (
        r"(?P<numbered>〔\d{4}〕第?\d+号?|\[\d{4}\]\d+号|第\d+[次号届期批条章]"
        r"|\d{1,2}月\d{1,2}日|\d{1,2}月份?|\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)+|《[^》]*》)"
        r"|(?P<chemical>PM(?:2\.5|10)|CO2|SO2|NO[xX2]|O3|CH4|N2O|5G|4G|3G|V2G|A{1,5}级"
        r"|国[一二三四五六]|[IVX]{1,4}类|ISO\s?\d+|PM₂.₅)"
    )


def _quantities() -> str:
    """57%以上, 约1,200万千瓦, 3—5家, 百分之五十, 一千公里, 每亩40万元."""
    units, per = any_of("units"), any_of("per")
    magnitude_alone = r"[万亿]{1,2}(?![年元]?个?五)"
    measured = rf"(?:{units})(?:二氧化碳)?(?:[/每](?:{per}))*"
    unit = rf"[十百千万亿]{{0,2}}?{measured}|{magnitude_alone}"
    return (
        rf"(?P<sign>{any_of('before_number')}|(?:大于|小于|高于|低于)等于)?"
        rf"(?:每(?P<each>{any_of('areas')}))?(?:百分之(?P<hundred>{_HUNDREDTHS})"
        rf"|(?P<number>{_NUMBER})(?P<unit0>{unit})?(?:[-—~–至到](?P<number2>{_NUMBER})(?P<unit>{unit})?)?"
        rf"|(?P<chinese>{_NUMERAL})(?P<unitc>[万亿]{{0,2}}?(?:{units})(?:[/每](?:{per}))*))"
        rf"(?P<suffix>{any_of('suffix')})?"
    )


@lru_cache(maxsize=1)
def _tokens() -> re.Pattern[str]:
    """One expression for all tokens; where several fit, the first named here is taken."""
    return re.compile(
        "|".join(
            (
                _base_phrases(),
                _years(),
                _proper_names(),
                _quantities(),
                rf"(?P<times>{any_of('multiply')})",
                rf"(?P<verb>(?!(?<=现)在)(?:{any_of('verbs')}))",
                rf"(?P<deed>(?!{any_of('not_deeds')})(?:{any_of('deeds')}))",
                r"(?P<mark>[,;:、。()“”])",
            )
        )
    )


def lex(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, in order, without gaps: what no rule takes is
    ``words``."""
    tokens: list[Token] = []
    at = start
    for match in _tokens().finditer(text, start, end):
        if match.end() == match.start():
            continue
        token = _token(match)
        if token is None:
            continue
        if match.start() > at:
            tokens.append(Token("words", at, match.start(), text[at : match.start()]))
        tokens.append(token)
        at = match.end()
    if end > at:
        tokens.append(Token("words", at, end, text[at:end]))
    return tokens


def _token(match: re.Match[str]) -> Token | None:
    """The token of a match; None where it is none after all."""
    v = vocabulary()
    start, end, text = match.start(), match.end(), match.group()
    kind = match.lastgroup
    if kind == "base":
        return _base_phrase(match)
    if kind == "year":
        return _year(match)
    if kind in ("numbered", "chemical"):
        return Token("words", start, end, text, role="name")
    if kind == "times":
        factor = str(v.words["multiply"][text])
        return Token(
            "quantity", start, end, text, "times", value=factor, unit="%", operator="increase_by"
        )
    if kind == "verb":
        return Token("verb", start, end, text, v.verb_kind[text])
    if kind == "deed":
        return Token("deed", start, end, text, v.deed_kind[text])
    if kind == "mark":
        return Token("mark", start, end, text)
    return _quantity(match)


_BASES = ("base_year", "base_year2", "base_year3", "base_year4")


def _base_phrase(match: re.Match[str]) -> Token:
    said = next((match.group(name) for name in _BASES if match.group(name)), None)
    if match.group("base_level"):
        of_plan = match.group("base_level") in words("ends_of_plans")
        role = "plan" if of_plan else "level"
        return Token("base", match.start(), match.end(), match.group(), role)
    role = "last" if said is None or said in words("years_before") else ""
    return Token(
        "base", match.start(), match.end(), match.group(), role, year=_year_of_phrase(said)
    )


def _year_of_phrase(said: str | None) -> int | None:
    """The year of 2020年底 or “十三五”末; None for 上年."""
    if not said:
        return None
    if said[:4].isdigit():
        return int(said[:4])
    plan = re.search(r"十[一二三四五六七]五", said)
    return _end_of_plan(plan.group()) if plan else None


def _end_of_plan(name: str) -> int:
    """The last year of a five-year plan: 十四五 → 2025."""
    return int(vocabulary().words["five_year_plans"][name.strip('“”"')])


def _year(match: re.Match[str]) -> Token:
    first, last, plan = match.group("y1"), match.group("y2"), match.group("plan")
    text = match.group()
    year: int | None
    if first:
        role, year = "span", int(last) if len(last) == 4 else int(first[:2] + last)
    elif match.group("y"):
        role, year = "point", int(match.group("y"))
    elif match.group("term") or match.group("term2"):
        years = match.group("term") or match.group("term2")
        return Token("year", match.start(), match.end(), text, "term", value=years)
    elif plan:
        role, year = "past" if text.endswith("以来") else "period", _end_of_plan(plan)
    else:
        role, year = "next" if match.group("next") else "this", None
    return Token("year", match.start(), match.end(), text, role, year=year)


def _quantity(match: re.Match[str]) -> Token | None:
    """A quantity; None where its unit is the first character of another word (``5方面``), or its
    two units do not agree."""
    another_word = pattern("{not_units}").match(match.string, match.end() - 1)
    if another_word and not match.group("suffix"):
        return None
    sign, suffix = match.group("sign") or "", match.group("suffix") or ""
    v = vocabulary()
    figure = _figure(match)
    if figure is None:
        return None
    return replace(
        figure,
        operator=v.suffix_kind.get(suffix) or v.prefix_kind.get(sign, ""),
        note=sign + suffix,
    )


def _figure(match: re.Match[str]) -> Token | None:
    """Value, unit and kind of a quantity."""
    place = Token("quantity", match.start(), match.end(), match.group())
    if match.group("hundred"):
        share = _hundredths(match.group("hundred"))
        return None if share is None else replace(place, role="percent", value=share, unit="%")
    if match.group("chinese"):
        number = chinese_number(match.group("chinese"))
        if number is None:
            return None
        return replace(place, role="chinese", value=str(number), unit=match.group("unitc"))
    first, second = match.group("unit0") or "", match.group("unit") or ""
    upper, each = match.group("number2") or "", match.group("each")
    of_one_kind = first == second or second.endswith(without_magnitude(first) or second)
    if first and upper and second and not of_one_kind:
        return None
    shown = second or first
    return replace(
        place,
        role=_role_of_unit(shown),
        value=match.group("number").replace(",", ""),
        value2=upper.replace(",", ""),
        unit=shown.replace("每", "/") + (f"/{each}" if each and shown else ""),
    )


def _hundredths(said: str) -> str | None:
    """百分之八十七点五 → 87.5; None for words that are no number."""
    if said[0].isdigit():
        return said
    whole, _, part = said.partition("点")
    number, places = chinese_number(whole), _digits(part)
    return None if number is None else f"{number}" + (f".{places}" if places else "")


def _digits(said: str) -> str:
    """零五 → 05: figures said one by one."""
    return "".join(str("零一二三四五六七八九".index(figure)) for figure in said)


def _role_of_unit(unit: str) -> str:
    """Whether a unit as printed counts, measures or says a share; empty without a unit."""
    if unit.startswith("百分点"):
        return "percent"
    units = vocabulary().units
    bare = re.split("[/每]", without_magnitude(unit) or unit)[0]
    return units.get(bare, units.get(unit, "measure" if unit else ""))


def joined(tokens: list[Token], text: str) -> list[Token]:
    """Neighbouring plain words as one token, so that a name is read in one piece."""
    pieces: list[Token] = []
    for token in tokens:
        if token.kind == "words" and pieces and pieces[-1].kind == "words":
            start = pieces[-1].start
            pieces[-1] = replace(pieces[-1], end=token.end, text=text[start : token.end], role="")
        else:
            pieces.append(token)
    return pieces
