"""The order of the rules, and from the tokens of a sentence to targets.

A sentence is read segment by segment (between commas); a segment is a chain of groups: words, the
quantities they govern, and words after. To add a construction, write its rule in the file of its
subject and name it here, or in the choice of that file, where it is to be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hengtan.plan.reader.grammar import (
    brackets,
    deadlines,
    division,
    ellipsis,
    figures,
    lists,
    naming,
    pairing,
    predicate,
    regions,
    requirement,
    subjects,
    tense,
)
from hengtan.plan.reader.grammar.discourse import Discourse
from hengtan.plan.reader.grammar.pieces import Group, Segment, Sentence, undated
from hengtan.plan.reader.grammar.rules import Choice, Passes, Rule
from hengtan.plan.reader.lexer import Token, joined, lex
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.vocabulary import says

SENTENCE = Passes(
    brackets.enclosed_words,
    deadlines.year_behind,
)
SEGMENT = Passes(
    figures.figures_in_words,
    figures.link_between_year_and_figure,
    figures.level_of_today,
    deadlines.years_named,
    subjects.what_is_spoken_of,
    subjects.in_respect_of,
    subjects.another_place_is_cited,
    tense.results_to_date,
    tense.event_of_a_day,
    tense.year_of_an_undated_paper,
    tense.period_gone_by,
    tense.year_gone_by,
    tense.turn_to_what_is_to_come,
    deadlines.year_that_holds,
    deadlines.base_year,
    deadlines.base_of_the_year_before,
    tense.report_has_no_targets,
    deadlines.year_of_the_document,
    deadlines.years_that_wait,
    subjects.head_before_a_colon,
    subjects.subject_that_waits,
    deadlines.years_that_waited,
    lists.parts_of_a_whole,
)
GROUP = Passes(
    predicate.verb_before_the_figure,
    predicate.amount_saved,
    predicate.adverbs_before_the_verb,
    predicate.stretch_aim,
    predicate.deed_before_the_figure,
    predicate.subject_before_the_figure,
    predicate.what_reaches_a_share,
    predicate.share_that_does,
    predicate.noun_behind_the_figure,
    predicate.deed_in_the_name,
    predicate.name_of_the_indicator,
    predicate.deed_without_object,
    regions.place_that_speaks,
    regions.region_in_front,
    regions.place_for_a_name,
    predicate.comparison_with_others,
    predicate.without_a_verb,
    ellipsis.name_completed,
    naming.growth_a_year,
    naming.per_day_in_the_unit,
    naming.item_of_a_head,
    naming.long_name,
    naming.name_like_the_one_before,
    naming.same_name_other_measure,
    naming.deed_of_the_list,
    lists.names_of_a_list,
    pairing.unit_left_out,
)
TARGETS = Passes(lists.levels_of_one_kind)
CHOICES: tuple[Choice[Any, Any], ...] = (
    figures.RULES,
    division.RULES,
    regions.RULES,
    ellipsis.RULES,
    naming.LIKE_BEFORE,
    lists.RULES,
    pairing.RULES,
    requirement.RULES,
)


def all_rules() -> Iterator[Rule[Any, Any]]:
    """Every rule of the grammar, in the order of the passes, then those of the choices."""
    passes: tuple[Passes[Any], ...] = (SENTENCE, SEGMENT, GROUP, TARGETS)
    for listed in (*passes, *CHOICES):
        yield from listed


def parse_sentence(text: str, start: int, end: int, discourse: Discourse) -> list[StatedTarget]:
    """Targets of one sentence; ``discourse`` goes on to the next."""
    tokens = joined(lex(text, start, end), text)
    sentence = Sentence(text, tokens, discourse, without=discourse.without)
    discourse.next_sentence()
    discourse.sentence.tells_results = says(text[start:end], "past+past_verbs+results")
    SENTENCE.over(sentence)
    return [
        target
        for tokens in _segments(sentence.tokens)
        for target in _read_segment(sentence, tokens)
    ]


def _segments(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between commas; a colon ends its segment, a semicolon begins the next."""
    segments: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind != "mark" or token.text not in ",;:。":
            segments[-1].append(token)
            continue
        if token.text == ":" and segments[-1]:
            segments[-1].append(token)
        segments.append([token] if token.text == ";" else [])
    return [segment for segment in segments if segment]


def _read_segment(sentence: Sentence, tokens: list[Token]) -> list[StatedTarget]:
    said = sentence.text[tokens[0].start : tokens[-1].end]
    tokens = tokens[1:] if tokens[0].kind == "mark" else tokens
    if not tokens:
        return []
    segment = Segment(
        sentence.text,
        tokens,
        sentence.discourse,
        said,
        trace=list(sentence.trace),
        without=sentence.without,
    )
    segment.sentence.deed = ""
    SEGMENT.over(segment)
    if not segment.closed:
        _read_groups(segment)
    return segment.targets


def _read_groups(segment: Segment) -> None:
    """Each group adds its targets; what was said is carried on to the next.

    A segment says its targets again with each group, so that rules which look back at the last few
    look less far back after a long list.
    """
    discourse = segment.discourse
    for group in division.groups_of(segment):
        segment.targets += _read_group(group)
        if segment.targets:
            discourse.last = segment.targets[-1]
            discourse.said += segment.targets
    known = len(segment.trace)
    TARGETS.over(segment)
    acted = segment.trace[known:]
    if acted:
        segment.targets = [replace(t, rules=(*t.rules, *acted)) for t in segment.targets]


def _read_group(group: Group) -> list[StatedTarget]:
    if not group.values:
        return []
    group.words = undated(group.before)
    GROUP.over(group)
    return [] if group.closed else pairing.targets_of(group)
