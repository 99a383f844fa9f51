"""Which quantities are no targets by themselves: figures in names, thresholds, money, parts of the document, sizes of projects.

Each rule looks at a quantity in its place and answers: True, it is part of the words; False, it is a figure of the plan; None, ask the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hengtan.plan.reader.lexer import Token, joined
from hengtan.plan.reader.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Place:
    """A quantity where it stands: what is before it, the text that follows up to the next comma where words follow, whether the segment speaks of money granted, whether a figure with a unit follows in its list."""

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


def names_with_figures(
    tokens: list[Token], text: str, granting: bool, v: Vocabulary
) -> list[Token]:
    """The tokens of a segment, quantities that are no figures of the plan turned into words."""
    said = text[tokens[0].start : tokens[-1].end]
    money = (granting or any(word in said for word in v.words["money"])) and not any(
        word in said for word in v.words["money_kept"]
    )
    made: list[Token] = []
    for i, token in enumerate(tokens):
        if token.kind == "quantity":
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            following = (
                text[token.end : tokens[-1].end]
                if after is not None and after.kind in ("words", "verb", "deed")
                else ""
            )
            place = Place(
                token,
                made[-1] if made else None,
                made[-2] if len(made) > 1 else None,
                following,
                money,
                _listed(tokens, i),
            )
            if is_part_of_words(place):
                token = replace(token, kind="words", role="figure")
        made.append(token)
    return joined(made, text)


def _listed(tokens: list[Token], i: int) -> bool:
    """``32、31、30微克/立方米``: whether the figures that follow in the list end in one with a unit."""
    while (
        i + 2 < len(tokens)
        and tokens[i + 1].text in ("、", "和", "及")
        and tokens[i + 2].kind == "quantity"
    ):
        i += 2
        if tokens[i].unit:
            return True
    return False


def without_present(tokens: list[Token]) -> list[Token]:
    """``由2020年的12%提高到2025年的17%`` without the present value and its year; a ``的`` between a year and its figure goes."""
    made: list[Token] = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if (
            token.kind == "words"
            and token.text == "的"
            and made
            and made[-1].kind == "year"
            and following is not None
            and following.kind == "quantity"
        ):
            continue
        rises = (
            following is not None
            and following.kind == "verb"
            and following.text.endswith(("到", "至", "为"))
        )
        if token.kind == "quantity" and rises:
            back = len(made)
            while back and made[back - 1].kind in ("year", "base"):
                back -= 1
            if (
                back
                and made[back - 1].kind == "words"
                and made[back - 1].text.endswith(("由", "从"))
            ):
                lead = made[back - 1]
                made = made[: back - 1] + (
                    [replace(lead, text=lead.text[:-1], end=lead.end - 1)]
                    if len(lead.text) > 1
                    else []
                )
                continue
        made.append(token)
    return made


def is_part_of_words(place: Place) -> bool:
    """Whether a quantity is no figure of the plan, by the first rule that has an answer."""
    return next((answer for rule in RULES if (answer := rule(place)) is not None), False)


def _times(at: Place) -> bool | None:
    """翻一番, 零增长 always count."""
    return False if at.token.role == "times" else None


def _in_a_name(at: Place) -> bool | None:
    """换乘100米覆盖率: the tail of an indicator follows a measure that no verb leads."""
    v = vocabulary()
    if at.led or at.token.note or at.token.role == "percent" or not at.following:
        return None
    if at.following.startswith("拥有") or (
        at.token.role == "measure"
        and re.match(r"[^,;、\d达到]{0,6}(?:覆盖率|普及率|可达率)", at.following)
    ):
        return True
    if at.token.role != "measure":
        return None
    return True if at.following.startswith((*v.tails, *v.words["short_tails"])) else None


def _size_of_what_is_counted(at: Place) -> bool | None:
    """营业收入超100亿元企业5家: a measure, then a noun that is counted."""
    counters = vocabulary().any_of(vocabulary().words["units"]["counter"])
    counted = at.token.role == "measure" and re.match(
        rf"[^,;、。\d达提降增%]{{2,12}}?\d+[^%\d,;。]{{0,2}}(?:{counters})", at.following
    )
    return True if counted else None


def _size_of_a_project(at: Place) -> bool | None:
    """推进100万千瓦风电项目: the size of one project, unless it is said to be completed."""
    if at.token.role != "measure" or (
        at.led and at.before is not None and at.before.text in ("完成", "建成", "新增")
    ):
        return None
    return (
        True
        if re.match(
            r"[^,;、。\d]{0,14}?(?:项目|基地|工程|电站)(?!.{0,4}(?:完成|实现|建成|投产|全部))",
            at.following,
        )
        else None
    )


def _money(at: Place) -> bool | None:
    return True if at.money and re.search("元|美元|人民币", at.token.unit) else None


def _count_of_a_list(at: Place) -> bool | None:
    """甲、乙、丙等5个县: how many the list names."""
    return (
        True
        if at.before is not None
        and at.before.kind == "words"
        and at.before.text.endswith("等")
        and at.following
        else None
    )


def _granted(at: Place) -> bool | None:
    """按投资额的10%给予补助: a rate of money granted."""
    return (
        True
        if at.token.role == "percent"
        and re.match(r"(?:的(?:比例|标准))?(?:给予|予以|补助|补贴|奖励|贴息|补偿)", at.following)
        else None
    )


def _bare_number(at: Place) -> bool | None:
    """A number without a unit counts right after a verb and at the end of what is said (系数达到0.58)."""
    if at.token.unit or at.listed:
        return None
    ends = (
        not at.following
        or at.following.startswith(("左右", "和", "及", "并"))
        or at.following[0] in ",;。"
    )
    return not ((at.level or at.token.note) and ends) or (
        at.before is not None and at.before.text.endswith("第")
    )


def _chinese_numeral(at: Place) -> bool | None:
    """一个, 两条 and the like are words; 一千公里, 十万吨 after a verb are figures."""
    if at.token.role != "chinese" or at.token.unit == "倍":
        return None
    v = vocabulary()
    if (
        len(at.token.value) > 1
        and at.before is not None
        and at.before.kind == "words"
        and at.before.text.endswith((*v.tails, *v.words["short_tails"]))
    ):
        return None
    small = at.token.value in ("1", "2") and not at.token.unit.startswith(("万", "亿"))
    return (
        True
        if small or (len(at.token.value) < 2 and not at.level) or (not at.led and not at.following)
        else None
    )


def _a_standard(at: Place) -> bool | None:
    """75%节能标准: the name of a standard."""
    return (
        True
        if at.token.role == "percent"
        and at.following.startswith(("节能标准", "节能设计标准", "节能要求", "标准"))
        else None
    )


def _share_of_things(at: Place) -> bool | None:
    """75%的国家级园区完成循环化改造: a share of things that do something."""
    opens = at.following.startswith("的") or (at.before is None and at.following)
    return (
        False
        if at.token.role == "percent"
        and opens
        and re.search("完成|实现|达到|开展|建成|建立|通过|配备", at.following)
        else None
    )


def _threshold(at: Place) -> bool | None:
    """1万吨以上的单位, 上浮20%限制, 20蒸吨/小时及以上燃煤锅炉: what an action covers."""
    if at.following.startswith(
        tuple(vocabulary().words["thresholds_after"])
    ) and not at.following.startswith("级以"):
        return True
    counted = (
        vocabulary().units.get(at.token.unit.lstrip("十百千万亿"), "measure") == "counter"
        and at.led
    )
    if (
        at.token.note.endswith(("以上", "以下", "以内"))
        and at.following
        and not at.level
        and not counted
    ):
        return not re.match(r"和|及|并|力争|左右", at.following)
    return None


def _part_of_the_document(at: Place) -> bool | None:
    """24项重点任务, 5个方面."""
    parts = vocabulary().any_of(vocabulary().words["document_parts"])
    if at.token.unit not in ("项", "个", "条", "大", "类", "章") or not re.match(
        rf"(?:重点|具体|主要|重大|专项|标志性)?(?:{parts})", at.following
    ):
        return None
    return not at.led or "任务" in at.following[:6] or "举措" in at.following[:6]


def _about_goods(at: Place) -> bool | None:
    """灰分高于16%的散煤; 每个, 不足, 年产 before a figure."""
    v = vocabulary()
    if at.before is None:
        return None
    if (
        at.before.kind == "verb"
        and at.earlier is not None
        and at.earlier.text.endswith(tuple(v.words["about_goods"]))
    ):
        return True
    return (
        True
        if at.before.kind == "words" and at.before.text.endswith(("每个", "不足", "年产", "日产"))
        else None
    )


RULES = (
    _times,
    _count_of_a_list,
    _in_a_name,
    _size_of_what_is_counted,
    _size_of_a_project,
    _money,
    _granted,
    _bare_number,
    _chinese_numeral,
    _a_standard,
    _share_of_things,
    _threshold,
    _part_of_the_document,
    _about_goods,
)
