"""What leads a figure: the verb or deed before it, the adverbs before those, the noun behind, and
the words left as the subject."""

from __future__ import annotations

import re
from dataclasses import replace

from hengtan.plan.reader.grammar.pieces import Group, spelled
from hengtan.plan.reader.grammar.rules import rule
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.names import clean
from hengtan.plan.reader.vocabulary import has_tail, kind_of_unit, pattern, says, words


@rule
def verb_before_the_figure(group: Group) -> bool:
    """The verb right before a figure says what is asked: 达到, 控制在, 下降.

    Example: 到2025年,煤炭消费总量控制在100万吨。
    """
    if not group.words or group.words[-1].kind != "verb":
        return False
    group.verb = group.words.pop()
    return True


@rule
def amount_saved(group: Group) -> bool:
    """减排300吨, 节约用水5万立方米: an amount that is saved is named by its verb and is to be
    reached, unless it is counted from a base.

    Example: 到2025年,VOCs减排300吨。
    """
    verb, unit = group.verb, group.values[0].unit
    if verb is None or verb.text not in words("saves") or unit in ("%", "‰") or "百分点" in unit:
        return False
    if group.sentence.base is not None:
        return False
    group.words.append(replace(verb, kind="deed", role="kept"))
    group.verb = None
    return True


@rule
def adverbs_before_the_verb(group: Group) -> bool:
    """Adverbs at the end of the words before the verb are no part of the name: 力争, 分别, 累计.

    Example: 到2025年,森林覆盖率普遍达到57%。
    """
    if not group.words or group.words[-1].kind != "words":
        return False
    last = group.words[-1]
    adverbs = pattern("(?:{adverbs.anywhere+adverbs.verb})+$").search(last.text)
    if not adverbs:
        return False
    rest = last.text[: adverbs.start()]
    group.words.pop()
    if rest:
        group.words.append(replace(last, text=rest, end=last.start + len(rest)))
    group.adverbs = adverbs.group()
    return True


@rule
def stretch_aim(group: Group) -> bool:
    """力争 before the verb, or at the head of the segment, marks a second, higher aim.

    Example: 到2025年,单位GDP能耗比2020年下降14%,力争下降15%。
    """
    group.stretch = says(group.adverbs, "stretch") or says(group.segment.said[:4], "stretch")
    return group.stretch


@rule
def deed_before_the_figure(group: Group) -> bool:
    """A deed right before a figure without a verb: 绿色工厂建成30家.

    Example: 到2025年,绿色工厂建成30家。
    """
    if group.verb is not None or not group.words or group.words[-1].kind != "deed":
        return False
    group.deed = group.words.pop()
    return True


@rule
def subject_before_the_figure(group: Group) -> bool:
    """The words that are left before verb or figure name the indicator.

    Example: 到2025年,森林覆盖率达到57%。
    """
    group.subject = spelled(group.words)
    return bool(group.subject)


@rule
def what_reaches_a_share(group: Group) -> bool:
    """需求响应能力达到最大用电负荷的5%: what reaches the share is named before the verb.

    Example: 到2025年,需求响应能力达到最大用电负荷的5%。
    """
    if group.verb is not None or not group.words or not group.words[-1].text.endswith("的"):
        return False
    is_reach = (i for i, t in enumerate(group.words) if t.kind == "verb" and t.role == "reach")
    at = next(is_reach, 0)
    if not at:
        return False
    group.subject = spelled(group.words[:at])
    return True


def _noun(group: Group) -> str:
    """The words behind the figure, without brackets and quotations."""
    return "".join(
        token.text
        for token in group.after
        if not (token.kind == "words" and token.role == "enclosed")
    )


@rule
def share_that_does(group: Group) -> bool:
    """75%的园区完成改造: a share of things that do something is the share of those that do it:
    完成改造的园区比例.

    Shares in a row have one predicate: 90%的大型矿山、80%的中型矿山达到绿色矿山标准.

    Example: 到2025年,重点行业75%的企业完成清洁生产审核。
    Example: 到2025年,90%的大型矿山、80%的中型矿山达到绿色矿山标准。
    """
    led = group.verb is not None or group.deed is not None
    does = pattern(DOES).fullmatch(_noun(group)) or _shared_predicate(group)
    if led or does is None or group.values[0].role not in ("percent", "measure"):
        return False
    share = group.values[0].role == "percent"
    what = does.group("what")
    if not clean(group.subject) + what or not (share or has_tail(what)):
        return False
    ratio = "" if not share or has_tail(what) else next(iter(words("share_names")))
    group.subject = f"{does.group('does')}的{clean(group.subject)}{what}{ratio}"
    group.noun_behind = group.composed = True
    return True


DOES = (
    r"(?:以上|左右|以内)?的?(?P<what>(?:[^,;、。的()]|\([^()]*\)){2,14}?|)(?:{share_adverbs})*"
    r"(?P<does>(?:{share_verbs})[^,;。]{2,24})"
)
"""What has a share, and what it does: 的行政村 完成生活污水治理."""
MORE_SHARES = r"(?:、|和|及|以及|与)\d[\d.]*%(?:以上|左右|以内)?的[^,;、。的()]{2,14}?"
"""A further share in a row: 、80%的中型矿山."""


def _shared_predicate(group: Group) -> re.Match[str] | None:
    """What a share does that stands before others with one predicate for all."""
    segment = group.segment
    behind = segment.text[group.values[-1].end : segment.tokens[-1].end]
    shares = r"的(?P<what>[^,;、。的()]{2,14}?)(?:" + MORE_SHARES + r")+(?:{share_adverbs})*"
    return pattern(shares + r"(?P<does>(?:{share_verbs})[^,;。]{2,24})").fullmatch(behind)


@rule
def noun_behind_the_figure(group: Group) -> bool:
    """新建1个园区, 300家绿色工厂: the noun stands behind the quantity.

    Example: 到2025年,新建1200个充电桩。
    """
    noun = _noun(group)
    if noun in words("states") and group.deed is None and not clean(group.subject):
        return group.close()
    if group.noun_behind or not noun or noun.startswith(("左右", "以", "的")):
        return False
    subject = group.subject
    if group.deed is None and clean(subject):
        if not _counts_what_follows(group, noun):
            return False
        subject = subject if noun.startswith(words("standards")) else ""
    group.subject = _noun_behind(group, subject)
    group.noun_behind = True
    return True


def _counts_what_follows(group: Group, noun: str) -> bool:
    """Whether a figure is of the noun behind it and not of the words before, which say what is done
    (提供…个停车泊位) or where: it counts, and the words before name no indicator; or the noun is a
    standard with its level (执行78%节能标准)."""
    value = group.values[-1]
    if value.role == "percent":
        return noun.startswith(words("standards"))
    counts = kind_of_unit(value.unit) == "counter" and len(noun) > 1 and noun not in words("states")
    return counts and not has_tail(clean(group.subject)) and group.verb is None


def _noun_behind(group: Group, subject: str) -> str:
    """What stands before the figure, the deed that belongs to the name, and the noun behind,
    without what is done with it."""
    parts: list[str] = []
    for token in group.after:
        is_done = token.kind == "deed" and (
            token.role == "done" or token.text in words("completed")
        )
        opens_with_mark = token.kind == "mark" and token.text == "、" and not parts
        if not is_done and not opens_with_mark:
            parts.append(token.text)
    while len(parts) > 1 and parts[-1] in ("和", "及", "、", "与"):
        parts.pop()
    deed = group.deed.text if group.deed is not None and group.deed.role == "kept" else ""
    noun = _SIZE.sub("", "".join(parts))
    noun = pattern("(?<=..)(?:{done_with_nouns}).*$").sub("", noun)
    subject = pattern("^在.*(?:层面|方面|上|中)$|^在.*").sub("", subject)
    return clean(subject) + deed + noun


_SIZE = re.compile(r"^\d[\d.]*[^\d的]{1,4}?(?:及?以上|以下|以内)(?=[^的]{2,})")
"""The size of what is counted, between the count and its noun: 40个400千伏安以上供电台区."""


@rule
def deed_in_the_name(group: Group) -> bool:
    """A deed that belongs to the indicator's name stays there: 老旧小区改造300个.

    Example: 到2025年,老旧小区改造300个。
    """
    deed = group.deed
    if group.noun_behind or deed is None or deed.role != "kept":
        return False
    group.subject += deed.text
    return True


@rule
def name_of_the_indicator(group: Group) -> bool:
    """The subject without regions, adverbs and deeds at its head is the name.

    Example: 到2025年,全市森林覆盖率达到57%。
    """
    group.name = group.subject if group.composed else clean(group.subject)
    return bool(group.name)


@rule
def deed_without_object(group: Group) -> bool:
    """A deed alone names nothing: the indicator is the one before (改造提升100个). 造林 names what
    is counted by itself.

    Example: 到2025年,充电桩达到300个,其中新建200个。
    """
    deed = group.deed
    if deed is None or deed.text in words("alone"):
        return False
    if deed.text not in (group.subject, clean(group.subject)):
        return False
    group.name = ""
    return True


@rule
def comparison_with_others(group: Group) -> bool:
    """Comparisons with other places and periods are no targets: 高于全国平均水平3个百分点.

    Example: 到2025年,城镇化率达到68%,高于全国平均水平3个百分点。
    """
    return group.name.startswith(words("comparisons")) and group.close()


@rule
def without_a_verb(group: Group) -> bool:
    """A figure without verb or deed is what there is where its name says a stock or a resource
    (探明储量3.6亿吨); else a target with a doubt.

    Example: 到2025年,湿地保护率55%。
    Example: 到2025年,光伏装机达到90万千瓦。该矿探明储量3.6亿吨。
    """
    if group.verb is not None or group.deed is not None or group.noun_behind:
        return False
    has_deed = any(token.kind == "deed" for token in group.words)
    if has_deed or group.stretch or any(value.note for value in group.values):
        return False
    if pattern("(?:{stocks})$").search(group.name):
        return group.close()
    group.doubts.append("no verb")
    return True


def first_deed(group: Group) -> Token | None:
    """The first deed among the words before the figure."""
    return next((token for token in group.before if token.kind == "deed"), None)
