"""Which quantities are figures of the plan: not those in names, thresholds, money granted, parts of
the document, sizes of projects.

Each rule looks at a quantity in its place and answers: True, it is part of the words; False, it is
a figure of the plan; None, ask the next. What no rule answers is a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hengtan.plan.reader.grammar.pieces import Segment
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.lexer import Token, joined
from hengtan.plan.reader.vocabulary import has_tail, kind_of_unit, pattern, says, words


@dataclass(frozen=True)
class Place:
    """A quantity where it stands: the two tokens before it, the text that follows up to the next
    comma where words follow, whether the segment speaks of money granted, whether a figure with a
    unit follows in its list."""

    token: Token
    before: Token | None
    earlier: Token | None
    following: str
    money: bool
    listed: bool = False

    @property
    def led(self) -> bool:
        """A verb or a deed stands right before it."""
        return self.before is not None and self.before.kind in ("verb", "deed")

    @property
    def level(self) -> bool:
        """A verb stands right before it."""
        return self.before is not None and self.before.kind == "verb"

    @property
    def words_before(self) -> str:
        """The plain words right before it."""
        return self.before.text if self.before is not None and self.before.kind == "words" else ""


@rule
def count_of_a_list(at: Place) -> bool | None:
    """After 等, how many a list names: 甲、乙、丙等3个县.

    Example: 到2025年,钢铁、水泥等10个行业完成改造。
    """
    return True if at.words_before.endswith("等") and at.following else None


@rule
def measure_in_a_name(at: Place) -> bool | None:
    """The tail of an indicator follows a measure that no verb leads: 500米服务半径覆盖率.

    Example: 到2025年,公园绿地500米覆盖率达到90%。
    """
    if at.led or at.token.note or at.token.role == "percent" or not at.following:
        return None
    if at.following.startswith("拥有"):
        return True
    if at.token.role != "measure":
        return None
    tail_follows = re.match(
        r"[^,;、\d达到]{0,6}(?:覆盖率|普及率|可达率)|平均[^,;、。]{0,12}浓度", at.following
    )
    return True if tail_follows or at.following.startswith(words("tails+short_tails")) else None


@rule
def count_in_a_name(at: Place) -> bool | None:
    """How many things an indicator is of, before what is said of it: 87个断面水质达标率明显提升.

    Example: 到2025年,87个断面水质达标率明显提升。
    """
    if kind_of_unit(at.token.unit) != "counter":
        return None
    said = "{adverbs.anywhere+adverbs.verb+goes_on+verbs.reach+verbs.cap}"
    named = rf"[^,;、。]{{2,16}}(?:率(?!先)|浓度|总量|指数)(?:{said})"
    return True if pattern(named).match(at.following) else None


@rule
def size_of_what_is_counted(at: Place) -> bool | None:
    """A measure, then a noun that is counted: 营业收入超100亿元企业5家.

    Example: 到2025年,培育营业收入超100亿元企业5家。
    """
    if at.token.role != "measure":
        return None
    counted = (
        r"[^,;、。\d达提降增%]{2,12}?(?:{verbs.reach+verbs.hold+verbs.cap})?"
        r"\d+[^%\d,;。]{0,2}(?:{units.counter})"
    )
    return True if pattern(counted).match(at.following) else None


@rule
def size_of_a_project(at: Place) -> bool | None:
    """The size of one project, unless it is said to be completed: 推进100万千瓦风电项目.

    Example: 到2025年,建设100万千瓦风电项目。
    """
    completed = at.led and at.before is not None and at.before.text in words("completing")
    if at.token.role != "measure" or completed:
        return None
    project = r"[^,;、。\d]{0,14}?(?:项目|基地|工程|电站)(?!.{0,4}(?:完成|实现|建成|投产|全部))"
    return True if re.match(project, at.following) else None


@rule
def money_granted(at: Place) -> bool | None:
    """Money paid or granted: 下达补助资金300万元.

    Example: 到2025年,下达节能改造补助资金300万元。
    """
    return True if at.money and re.search("元|美元|人民币", at.token.unit) else None


@rule
def rate_of_a_grant(at: Place) -> bool | None:
    """A rate at which money is granted: 按投资额的10%给予补助.

    Example: 到2025年,对完成节能改造的企业按投资额的10%给予支持,给予补助。
    """
    if at.token.role != "percent":
        return None
    return True if pattern(r"(?:的(?:比例|标准))?(?:{grant_verbs})").match(at.following) else None


@rule
def number_without_a_unit(at: Place) -> bool | None:
    """A number without a unit counts only right after a verb and at the end of what is said:
    系数达到0.58.

    Example: 到2025年,实施绿色制造2025行动,覆盖3个领域。
    """
    if at.token.unit or at.listed:
        return None
    ends = (
        not at.following
        or at.following.startswith(("左右", "和", "及", "并"))
        or at.following[0] in ",;。"
    )
    is_figure = (at.level or at.token.note) and ends
    is_ordinal = at.before is not None and at.before.text.endswith("第")
    return not is_figure or is_ordinal


@rule
def numeral_in_words(at: Place) -> bool | None:
    """一个 and 两条 are words; 一千公里 after a verb is a figure.

    Example: 到2025年,建成一个平台、两条路线。
    """
    if at.token.role != "chinese" or at.token.unit == "倍":
        return None
    several_figures = len(at.token.value) > 1
    if several_figures and has_tail(at.words_before):
        return None
    small = at.token.value in ("1", "2") and not at.token.unit.startswith(("万", "亿"))
    ends = not at.following and bool(at.words_before)
    no_figure = small or (not several_figures and not at.level)
    no_figure = no_figure or not (at.led or at.following or (several_figures and ends))
    return True if no_figure else None


@rule
def name_of_a_standard(at: Place) -> bool | None:
    """The name of a standard that is only cited: 依据75%节能标准; one that is to be met (执行,
    达到) is a figure.

    Example: 到2025年,依据75%节能标准推进改造。
    """
    if at.token.role != "percent" or not at.following.startswith(words("standards")):
        return None
    return not (at.led or at.token.note or at.words_before.endswith(words("meets_standards")))


@rule
def share_of_things(at: Place) -> bool | None:
    """A share of things that do something is a figure: 75%的国家级园区完成循环化改造.

    Example: 到2025年,75%的国家级园区完成循环化改造。
    """
    opens = at.following.startswith("的") or not (at.led or at.words_before)
    if at.token.role == "measure" and (at.led or at.words_before):
        return None
    what = r"(?:[^,;、。()]|\([^()]*\)){0,14}?"
    if at.token.role == "measure":
        what = "[^,;、。]{0,10}?(?:面积|长度|里程)"
    more = r"(?:的[^,;、。的()]{2,14}?(?:、|和|及|以及|与)\d[\d.]*%(?:以上|左右|以内)?)*"
    acts = pattern(more + what + "(?:{share_verbs})").match(at.following)
    is_share = at.token.role == "percent" or (at.token.role == "measure" and at.token.note)
    return False if is_share and opens and acts else None


@rule
def threshold(at: Place) -> bool | None:
    """What an action covers: 1万吨以上的单位, 20蒸吨/小时及以上燃煤锅炉.

    Example: 到2025年,对年耗能1万吨以上的单位开展诊断。
    """
    begins_so = at.following.startswith(words("thresholds_after"))
    if begins_so and not re.match("级以|的(?:目标|任务|要求|水平|总体目标)", at.following):
        return True
    counted = at.before is not None and kind_of_unit(at.token.unit) == "counter"
    bounded = at.token.note.endswith(("以上", "以下", "以内"))
    if bounded and at.following and not at.level and not counted:
        return not re.match(r"和|及|并|力争|左右|的(?:目标|任务|要求|水平)", at.following)
    return None


@rule
def part_of_the_document(at: Place) -> bool | None:
    """How many tasks or actions the document has: 24项重点任务, 5个方面.

    Example: 到2025年,完成24项重点任务。
    """
    part = pattern(r"(?:重点|具体|主要|重大|专项|标志性)?(?:{document_parts})")
    if at.token.unit not in words("document_counters") or not part.match(at.following):
        return None
    return not at.led or "任务" in at.following[:6] or "举措" in at.following[:6]


@rule
def about_goods(at: Place) -> bool | None:
    """What goods hold, and what each of them makes: 灰分高于16%的散煤; 每个, 不足, 年产 before a
    figure.

    Example: 到2025年,禁止销售灰分高于16%散煤。
    """
    if at.before is None:
        return None
    of_goods = at.earlier is not None and at.earlier.text.endswith(words("about_goods"))
    if at.before.kind == "verb" and of_goods:
        return True
    return True if at.words_before.endswith(words("of_each")) else None


RULES = Choice(
    count_of_a_list,
    measure_in_a_name,
    count_in_a_name,
    size_of_what_is_counted,
    size_of_a_project,
    money_granted,
    rate_of_a_grant,
    number_without_a_unit,
    numeral_in_words,
    name_of_a_standard,
    share_of_things,
    threshold,
    part_of_the_document,
    about_goods,
)


@rule
def figures_in_words(segment: Segment) -> bool:
    """Quantities that are no figures of the plan, by the rules above, become words.

    Example: 到2025年,对年耗能1万吨以上的单位开展诊断。
    """
    tokens = segment.tokens
    if not segment.has_figures:
        segment.tokens = joined(tokens, segment.text)
        return False
    said = segment.text[tokens[0].start : tokens[-1].end]
    money = says(said, "money") and not says(said, "money_kept")
    seen: list[Token] = []
    turned = False
    for i, token in enumerate(tokens):
        if token.kind == "quantity" and RULES.of(_place(segment, i, seen, money), segment):
            token = replace(token, kind="words", role="figure")
            turned = True
        seen.append(token)
    segment.tokens = joined(seen, segment.text)
    return turned


def _place(segment: Segment, i: int, seen: list[Token], money: bool) -> Place:
    """The quantity at ``i`` after the tokens seen so far."""
    tokens = segment.tokens
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    words_follow = after is not None and after.kind in ("words", "verb", "deed")
    return Place(
        tokens[i],
        seen[-1] if seen else None,
        seen[-2] if len(seen) > 1 else None,
        segment.text[tokens[i].end : tokens[-1].end] if words_follow else "",
        money,
        _listed(tokens, i),
    )


def _listed(tokens: list[Token], i: int) -> bool:
    """``32、31、30微克/立方米``: whether the figures that follow in the list end in one with a
    unit."""
    while (
        i + 2 < len(tokens)
        and tokens[i + 1].text in ("、", "和", "及")
        and tokens[i + 2].kind == "quantity"
    ):
        i += 2
        if tokens[i].unit:
            return True
    return False


@rule
def level_of_today(segment: Segment) -> bool:
    """The present level before 到, with its year, is no aim: 由2020年的12%提高到17%.

    Example: 到2025年,森林覆盖率由41%提高到43%。
    """
    kept: list[Token] = []
    left_out = False
    for i, token in enumerate(segment.tokens):
        following = segment.tokens[i + 1] if i + 1 < len(segment.tokens) else None
        if token.kind == "quantity" and following is not None and _rises_to(following):
            lead = _from(kept)
            if lead is not None:
                kept = kept[:lead] + _without_from(kept[lead])
                left_out = True
                continue
        kept.append(token)
    segment.tokens = kept
    if left_out:
        segment.said = ";" * segment.said.startswith(";") + "".join(t.text for t in kept)
    return left_out


def _rises_to(token: Token) -> bool:
    """提高到, 降至, 增加为: a verb whose figure is where it leads."""
    return token.kind == "verb" and token.text.endswith(("到", "至", "为"))


def _from(tokens: list[Token]) -> int | None:
    """Where the words that end in 由 or 从 stand, years after them apart."""
    back = len(tokens)
    while back and tokens[back - 1].kind in ("year", "base"):
        back -= 1
    leads = back and tokens[back - 1].kind == "words" and _FROM.search(tokens[back - 1].text)
    return back - 1 if leads else None


_FROM = re.compile(r"[由从](?:目前|现在|现有|当前|现状|原来|原有|上年)?的?约?$")


def _without_from(lead: Token) -> list[Token]:
    text = _FROM.sub("", lead.text)
    return [replace(lead, text=text, end=lead.start + len(text))] if text else []


@rule
def link_between_year_and_figure(segment: Segment) -> bool:
    """的 between a year and its figure says nothing: 2025年的17%.

    Example: 非化石能源占比由2020年的12%提高到2025年的17%。
    """
    tokens = segment.tokens
    kept = [token for i, token in enumerate(tokens) if not _links(tokens, i)]
    if len(kept) == len(tokens):
        return False
    segment.tokens = kept
    return True


def _links(tokens: list[Token], i: int) -> bool:
    return (
        tokens[i].text == "的"
        and tokens[i].kind == "words"
        and 0 < i < len(tokens) - 1
        and tokens[i - 1].kind == "year"
        and tokens[i + 1].kind == "quantity"
    )
