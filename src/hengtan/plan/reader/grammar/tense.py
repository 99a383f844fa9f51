"""Whether a segment tells of what has been or of what is to come: results of the past are no
targets."""

from __future__ import annotations

import re

from hengtan.plan.reader.grammar.pieces import Segment
from hengtan.plan.reader.grammar.rules import rule
from hengtan.plan.reader.grammar.subjects import keep_subject_of_a_result
from hengtan.plan.reader.vocabulary import says


def _report(segment: Segment) -> bool:
    """The sentence tells of what has been."""
    acted = not segment.sentence.past
    segment.sentence.past = True
    return acted


@rule
def results_to_date(segment: Segment) -> bool:
    """Words that tell of what has been make the sentence a report, until it names a year to come.

    Example: 到2025年,目前已建成充电桩300个。
    """
    said = "".join(token.text for token in segment.tokens if token.kind != "base")
    is_result = says(said, "past+past_verbs") or COMPLETED.search(said) is not None
    return is_result and _report(segment)


COMPLETED = re.compile(r"完成[^,;。]{0,12}(?:目标|任务|计划)(?:数|量|值)?的\d")
"""How much of an aim has been reached: 完成全年目标的71%."""


@rule
def year_of_an_undated_paper(segment: Segment) -> bool:
    """Where nothing tells the year of the document, a bare year may be gone by or to come: words of
    a result in its sentence, or a report before it, make it a result; else the reading is in doubt.

    Example without year: 2023年,绿色工厂达到30家,同比改善。
    """
    discourse, sentence = segment.discourse, segment.sentence
    bare = [t for t in segment.tokens if t.kind == "year" and t.role == "point"]
    dated = discourse.document_year is not None or discourse.first_later is not None
    if dated or not bare or sentence.past or says(segment.said, "aims"):
        return False
    if any(re.search("^[到至]|前", token.text) for token in bare):
        return False
    if discourse.reporting or sentence.tells_results:
        segment.ahead = []
        return _report(segment)
    segment.doubts.append("document year not known")
    return True


_PART_OF_A_YEAR = re.compile(
    r"^(?:20\d\d年|今年)?(?:\d{1,2}月[-—~至]20\d\d年\d|1[-—~至]\d{1,2}月份?|前[一二两三四五六七八九十\d]{1,2}(?:个月|季度)|上半年|[一二三]季度)"
    r"(?!.{0,2}[前底末])"
)
_DAY = re.compile(r"^(?:20\d\d年)?\d{1,2}月\d{1,2}日(?!.{0,2}前)")


@rule
def event_of_a_day(segment: Segment) -> bool:
    """A sentence that begins with a day or a part of a year gone by tells what happened then.

    Example: 到2025年,湿地保护率达到55%。4月18日,绿色工厂达到30家。
    """
    said = segment.said.lstrip(";")
    begins = _DAY.match(said) or _PART_OF_A_YEAR.match(said)
    if not begins or says(segment.said, "aims+milestone_deeds_ahead"):
        return False
    return _report(segment)


@rule
def period_gone_by(segment: Segment) -> bool:
    """A five-year plan that ended before the years to come is past, where the document's own year
    is not known.

    Example without year: 到2025年,湿地保护率达到55%。“十三五”期间,绿色工厂达到30家。
    """
    discourse = segment.discourse
    later = max(discourse.first_later or 0, discourse.year or 0)
    ended = any(
        token.kind == "year" and token.role == "period" and 0 < later - (token.year or later) <= 5
        for token in segment.tokens
    )
    if discourse.document_year is not None or not ended or says(segment.said, "aims"):
        return False
    segment.sentence.past = True
    return segment.close()


@rule
def year_gone_by(segment: Segment) -> bool:
    """A segment that names only years before the document's own is a result; a year right before a
    figure is that of a present value.

    Example: 到2025年,湿地保护率达到55%。2020年,森林覆盖率达到45%,绿色工厂达到30家。
    """
    if not segment.named or segment.ahead:
        return False
    tokens = segment.tokens
    first = next(i for i, token in enumerate(tokens) if token.kind == "year")
    if not (first + 1 < len(tokens) and tokens[first + 1].kind == "quantity"):
        segment.sentence.past = True
    keep_subject_of_a_result(segment)
    return segment.close()


def speaks_of_years_ahead(segment: Segment) -> bool:
    """A year to come is named, and no word says that the segment tells of what has been
    (截至2025年)."""
    said = segment.said
    return bool(segment.ahead) and not says(said, "up_to_now") and not COMPLETED.search(said)


@rule
def turn_to_what_is_to_come(segment: Segment) -> bool:
    """A year after the document's own, or words of intent, end the report.

    Example: 截至2021年底森林覆盖率达到45%,到2025年森林覆盖率达到57%。
    """
    sentence, discourse = segment.sentence, segment.discourse
    if not sentence.past or not speaks_of_years_ahead(segment):
        return False
    if discourse.document_year is None and discourse.first_later is None and discourse.reporting:
        return False
    later = discourse.document_year is None or max(segment.ahead) > (discourse.document_year or 0)
    if not later and not says(segment.said, "intents"):
        return False
    sentence.past = False
    return True


@rule
def report_has_no_targets(segment: Segment) -> bool:
    """In a sentence that tells of what has been no figure is a target; its subject may be taken up
    by the plan's own figure.

    Example: 到2025年,湿地保护率达到55%。目前,绿色工厂达到30家。
    """
    if not segment.sentence.past:
        return False
    keep_subject_of_a_result(segment)
    return segment.close()


def peaks(said: str) -> bool:
    """Words that name the peak or neutrality of carbon, whose year is their own."""
    return says(said, "peaks")
