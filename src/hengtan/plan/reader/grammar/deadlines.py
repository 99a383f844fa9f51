"""The year that a target is due, and the year it is counted from: named, carried on, listed,
behind."""

from __future__ import annotations

from hengtan.basis.numerals import chinese_number
from hengtan.plan.reader.grammar.discourse import Discourse
from hengtan.plan.reader.grammar.pieces import Segment, Sentence, spelled
from hengtan.plan.reader.grammar.rules import rule
from hengtan.plan.reader.grammar.tense import peaks, speaks_of_years_ahead
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.months import BY_MONTH
from hengtan.plan.reader.vocabulary import pattern, words


@rule
def year_behind(sentence: Sentence) -> bool:
    """A sentence may name its year at its end; it holds where none was carried so far.

    Example: 全市绿色工厂达到30家,到2026年全部完成。
    """
    tokens, discourse = sentence.tokens, sentence.discourse
    if any(token.role == "past" for token in tokens):
        return False
    if discourse.year is not None and not _ends_in_completion(tokens):
        return False
    first = next((i for i, token in enumerate(tokens) if token.kind == "quantity"), None)
    if first is None:
        return False
    named = [t.year for t in tokens if t.kind == "year" and t.role in ("point", "span")]
    behind = [tokens[i].year for i in range(first + 1, len(tokens)) if _stands_behind(tokens, i)]
    if not behind or named != behind or behind[0] is None or not discourse.is_ahead(behind[0]):
        return False
    discourse.year = behind[0]
    return True


def _ends_in_completion(tokens: list[Token]) -> bool:
    """``…,以上任务2026年底前全部完成``: the last segment names a year and that all is done by
    then."""
    last = 0
    for i, token in enumerate(tokens):
        last = (
            i + 1 if token.kind == "mark" and token.text in ",;" and i + 1 < len(tokens) else last
        )
    said = "".join(token.text for token in tokens[last:]).rstrip("。)")
    figures = any(token.kind == "quantity" for token in tokens[last:])
    return not figures and said.endswith(words("all_done"))


def _stands_behind(tokens: list[Token], i: int) -> bool:
    """A year with 到, or right behind a figure."""
    token = tokens[i]
    is_point = token.kind == "year" and token.role == "point"
    before = token.text.startswith("到") or tokens[i - 1].kind == "quantity"
    return is_point and (before or _ends_in_completion(tokens[i - 1 :]))


@rule
def years_named(segment: Segment) -> bool:
    """Years that a segment names as times to come; 今年 is the document's own.

    Example: 今年,淘汰老旧车辆900辆。
    """
    tokens, discourse = segment.tokens, segment.discourse
    segment.named = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if token.kind != "year" or token.role == "past" or _is_no_deadline(following):
            continue
        if token.text.endswith("年间") and segment.sentence.past:
            continue
        year = _year_of(token, discourse)
        if year is not None:
            segment.named.append(year)
    segment.ahead = [year for year in segment.named if discourse.is_ahead(year)]
    return bool(segment.named)


def _is_no_deadline(following: str) -> bool:
    """2015年版, 2020年以来: the year of something else."""
    return following.startswith(words("not_deadlines"))


_OF_THE_YEAR_SPOKEN_OF = ("全年", "年内", "年底")


def _year_of(token: Token, discourse: Discourse) -> int | None:
    """The year that a token means: 全年 and 年底 are of the year spoken of, where that is the
    document's own or the next; 未来五年 ends so many years after the document."""
    document_year, spoken_of = discourse.document_year, discourse.year
    if token.role == "this" and any(word in token.text for word in _OF_THE_YEAR_SPOKEN_OF):
        near = document_year is None or (
            (spoken_of or 0) - document_year in (0, 1) and not discourse.names_own_year
        )
        return spoken_of if spoken_of is not None and near else document_year
    if token.role == "this":
        return document_year
    if token.role == "term":
        years = int(token.value) if token.value.isdigit() else chinese_number(token.value)
        if document_year is None or years is None:
            return None
        due, later = document_year + years, discourse.first_later
        return later if later is not None and abs(later - due) <= 1 else due
    if token.role == "next":
        return None if document_year is None else document_year + 1
    return token.year


@rule
def year_that_holds(segment: Segment) -> bool:
    """A year to come holds for what follows, until another is named; not that of the peak of
    carbon.

    Example: 到2025年,森林覆盖率达到57%。湿地保护率达到55%。
    """
    if segment.sentence.past or not speaks_of_years_ahead(segment):
        return False
    if not segment.has_figures and peaks(segment.said):
        return False
    segment.discourse.year, segment.sentence.explicit = segment.ahead[-1], True
    return True


@rule
def base_year(segment: Segment) -> bool:
    """比2020年 says what a change is counted from, for the list that it governs.

    Example: 到2025年,甲、乙能耗比2020年分别下降13.5%、16%。
    """
    base = _base_phrase(segment)
    if base is None or base.role == "last":
        return False
    segment.sentence.base = _end_of_the_plan_before(segment) if base.role == "plan" else base.year
    return True


def _end_of_the_plan_before(segment: Segment) -> int | None:
    """上一规划期末: the end of the five-year plan before that of the deadline."""
    due = segment.discourse.year
    return None if due is None else due - 5 if due % 5 == 0 else due - due % 5


@rule
def base_of_the_year_before(segment: Segment) -> bool:
    """比上年 and 同比 count from the year before the deadline; 同比 without a year tells of what
    has been.

    Example: 到2025年,单位GDP能耗比上年下降3%。
    """
    base = _base_phrase(segment)
    if base is None or base.role != "last":
        return False
    discourse, sentence = segment.discourse, segment.sentence
    sentence.base = None if discourse.year is None else discourse.year - 1
    if base.text == "同比" and not sentence.explicit:
        sentence.past = True
    return True


def _base_phrase(segment: Segment) -> Token | None:
    return next((token for token in segment.tokens if token.kind == "base"), None)


@rule
def year_of_the_document(segment: Segment) -> bool:
    """Aims without any year are of the document's own year: 主要预期目标是:…, 6月底前完成…; the
    reviewer is told.

    Example: 主要预期目标是:森林覆盖率达到57%。
    """
    discourse, sentence = segment.discourse, segment.sentence
    own = discourse.document_year
    if discourse.year is not None or segment.ahead or sentence.past or own is None:
        return False
    sets_out = pattern("(?:目标|任务)(?:是|为)?:?$").search(spelled(segment.tokens))
    if not (sets_out and not segment.has_figures) and not BY_MONTH.search(segment.said):
        return False
    discourse.year = own
    sentence.year_taken = True
    return True


@rule
def years_that_wait(segment: Segment) -> bool:
    """Several years before the figures that they are for: 2025年、2030年,…分别达到A、B.

    Example: 到2025年、2030年,森林覆盖率分别达到57%、60%。
    """
    if segment.has_figures or len(segment.ahead) < 2:
        return False
    segment.sentence.years = tuple(segment.ahead)
    return True


@rule
def years_that_waited(segment: Segment) -> bool:
    """A segment without a year of its own takes the years that waited.

    Example: 到2025年、2030年,森林覆盖率分别达到57%、60%。
    """
    if segment.ahead or not segment.sentence.years:
        return False
    segment.ahead = list(segment.sentence.years)
    return True
