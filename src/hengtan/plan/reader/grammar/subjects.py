"""Subjects that are named before their figures: what a head or words without a figure set out, and
what a past result was about."""

from __future__ import annotations

import re

from hengtan.plan.reader.grammar.division import groups_of
from hengtan.plan.reader.grammar.pieces import DATES, Segment, spelled, undated
from hengtan.plan.reader.grammar.rules import rule
from hengtan.plan.reader.names import clean, developed_in, is_place, spoken_of
from hengtan.plan.reader.vocabulary import has_tail, pattern

WAITING = 36
"""Characters of a subject that waits for its figure, or of each in a list of them, at the most;
what is longer is a sentence."""


@rule
def what_is_spoken_of(segment: Segment) -> bool:
    """Words without a figure say what the next figures are about: 大力发展节能产业,产值达到….

    Example: 到2025年,大力发展节能服务产业,产值达到100亿元。
    """
    if segment.has_figures:
        return False
    words, discourse = spelled(undated(segment.tokens)), segment.discourse
    developed, spoken = developed_in(words), spoken_of(words)
    discourse.topic, discourse.about = developed or discourse.topic, spoken or discourse.about
    return bool(developed or spoken)


@rule
def in_respect_of(segment: Segment) -> bool:
    """A topic before its figures: 工业领域,…; 水环境方面,….

    Example: 到2025年,数据中心方面,能耗下降5%,装机达到300万千瓦。
    """
    words = spelled(undated(segment.tokens))
    if segment.has_figures or not words.endswith(("方面", "领域")) or len(words) >= 16:
        return False
    segment.sentence.topic, segment.sentence.pending = words.removesuffix("方面"), ""
    return segment.close()


def _waiting(segment: Segment) -> str:
    """The words of a segment without a figure that could name a subject."""
    words = spelled(undated(segment.tokens))
    return "" if segment.has_figures or not words.rstrip(":").strip("、到至在 ") else words


def _before_colon(words: str) -> str:
    """Words without a colon at their end, and the verb before it: 分别为:, 达到:."""
    if not words.endswith(":"):
        return words
    verb = r"(?:{adverbs+verbs.be+verbs.reach+verbs.cap+verbs.hold})+$"
    return pattern(verb).sub("", words.rstrip(":"))


def _may_wait(name: str) -> bool:
    """Whether words are short enough to be a subject, or a list of them."""
    return len(name) <= WAITING * (1 + name.count("、"))


@rule
def another_place_is_cited(segment: Segment) -> bool:
    """平湖县提出: what follows are the aims of another place.

    Example: 邻近的平湖县提出:到2025年光伏装机达到35万千瓦;本县光伏装机力争达到50万千瓦。
    """
    head = spelled(undated(segment.tokens))
    cites = pattern(r"(?:.*的)?(?P<place>[^的]{2,8}?)(?:{cites}):").fullmatch(head)
    if segment.has_figures or cites is None or not is_place(cites.group("place")):
        return False
    segment.sentence.speaker = cites.group("place")
    return True


@rule
def head_before_a_colon(segment: Segment) -> bool:
    """An indicator before a colon belongs to each item behind it: 装机容量:风电300万千瓦.

    Example: 到2025年,装机容量:风电300万千瓦,光伏500万千瓦。
    """
    words = _waiting(segment)
    head = _before_colon(words)
    if not words.endswith(":") or not has_tail(head) or not _may_wait(head):
        return False
    segment.sentence.head = clean(head)
    return True


@rule
def subject_that_waits(segment: Segment) -> bool:
    """A segment without a figure may name the subject of the next: 推动煤炭消费比重,降到60%.

    Example: 到2025年,推动煤炭消费比重,降到60%。
    """
    words = _waiting(segment)
    if not words:
        return False
    lead = (
        r"^(?:(?!{not_leads})(?:{adverbs+waiting_adverbs}))*"
        r"(?:{deeds.plain+deeds.kept+verbs.up+verbs.down+waiting_deeds})?"
    )
    name = pattern(lead).sub("", _before_colon(words))
    goes_on = pattern(r"(?P<name>.{2,40}?)(?:{goes_on})[^率量值]*").fullmatch(name)
    if goes_on and has_tail(goes_on.group("name")):
        name = goes_on.group("name")
    segment.sentence.pending = clean(name) if has_tail(name) and _may_wait(name) else ""
    return bool(segment.sentence.pending)


def keep_subject_of_a_result(segment: Segment) -> None:
    """What a result of the past was about: the plan's figure may follow without naming it.

    ``截至2022年底建成基站1万个,到2025年达到3万个``.
    """
    if segment.has_figures:
        sentence = segment.sentence
        sentence.subject = _subject_of_a_result(segment) or sentence.subject


def _subject_of_a_result(segment: Segment) -> str:
    before = list(groups_of(segment)[-1].before)
    while before and before[-1].kind in ("verb", *DATES):
        before.pop()
    name = "".join(
        token.text
        for token in before
        if token.kind in ("words", "verb") or (token.kind == "deed" and token.role == "kept")
    )
    if name.startswith("占") or re.search("(?:任务|目标|计划)的?$", name):
        return ""
    return clean(pattern(r"^(?:{result_leads})+|(?:已|累计|共)+$").sub("", name))
