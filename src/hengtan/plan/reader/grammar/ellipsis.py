"""Names that are left out or say nothing by themselves, completed from what is carried: a choice,
the surest source first.

Each rule answers with the completed name and the doubt that this leaves (empty where there is
none).
"""

from __future__ import annotations

import re

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.names import is_bare, stem, with_deed
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.vocabulary import has_tail, words

Completed = tuple[str, str]


def _left_out(group: Group) -> bool:
    """Whether the figure has no name of its own."""
    return not group.name or group.yearly or group.name in words("no_names+list_links")


@rule
def subject_that_waited(group: Group) -> Completed | None:
    """The subject was named in a segment of its own: 推动煤炭消费比重,降到60%.

    Example: 到2025年,推动煤炭消费比重,降到60%。
    """
    topic = group.sentence.topic if has_tail(group.sentence.topic) else ""
    pending = group.sentence.pending or topic
    if not _left_out(group) or not pending:
        return None
    group.composed = group.composed or "、" in pending or len(group.values) > 1
    return pending, ""


@rule
def subject_of_a_result(group: Group) -> Completed | None:
    """The subject was that of a past result in the same or the last sentence.

    Example: 截至2021年底建成基站1万个,到2025年达到3万个。
    """
    sentence = group.sentence
    if not _left_out(group) or not sentence.subject or group.verb is None:
        return None
    subject, sentence.subject = sentence.subject, ""
    return subject, "subject of a past result"


@rule
def indicator_of_the_target_before(group: Group) -> Completed | None:
    """The indicator is that of a target before: the last one for a change, else the last of the
    same unit.

    Example: 到2025年,森林覆盖率达到57%,力争60%。
    """
    if not _left_out(group) or group.last is None:
        return None
    return _taken_up(group, group.last), "subject inherited"


def _taken_up(group: Group, last: StatedTarget) -> str:
    """The indicator of a target before; another deed takes the place of its deed."""
    listed = group.discourse.listed
    meant = kept = listed.get(last.indicator, last.indicator)
    if not group.is_change:
        meant = next((t for t in _lately(group) if _alike(t, group.values[0].unit)), last).indicator
        meant = listed.get(meant, meant)
        kept = re.sub(r"(?:年均)?(?:增长率?|增速|递增)$", "", meant) or meant
    if "累计" in group.adverbs:
        kept = re.sub(r"(?<=..)新[增建]$|^新[增建](?=..)", "", kept)
    deed = group.deed
    another = deed is not None and (deed.role == "kept" or deed.text == "投产")
    return with_deed(meant, deed.text) if deed is not None and another else kept


def _lately(group: Group) -> list[StatedTarget]:
    """The last targets, the latest first."""
    return group.discourse.said[:-7:-1]


def _alike(target: StatedTarget, unit: str) -> bool:
    """Whether a target is a level in the unit, or a share where a share is asked."""
    return target.unit == unit and (not target.is_change or unit == "%")


@rule
def topic_of_the_sentence(group: Group) -> Completed | None:
    """The first figure of a text is of the topic, where one is carried; else it has no name and is
    no target.

    Example: 大力发展数字产业,到2025年达到300家。
    """
    topic = group.sentence.topic or group.discourse.topic
    deed = group.deed.text if group.deed is not None and group.deed.role == "kept" else ""
    return (deed * bool(topic) + topic, "") if _left_out(group) else None


@rule
def share_of_the_indicator_before(group: Group) -> Completed | None:
    """占比 without what has it: 风电装机达到300万千瓦,占总装机的30%.

    Example: 到2025年,风电装机达到300万千瓦,占全部装机达到30%。
    """
    if not group.name.startswith("占") or group.last is None:
        return None
    return group.last.indicator + group.name, "subject completed"


@rule
def bare_name(group: Group) -> Completed | None:
    """A name that says nothing without what it is of takes it from what was spoken of: 产值, 占比.

    Example: 到2025年,大力发展节能服务产业,产值达到100亿元。
    Example: 到2025年,数据中心方面,能耗下降5%。
    """
    whole, deed, name = _whole(group), "", group.name
    if not is_bare(name) and group.deed is not None and group.deed.role == "kept":
        deed, name = group.deed.text, name.removeprefix(group.deed.text)
    elif not is_bare(name):
        deed = next((d for d in words("added") if name.startswith(d)), "")
        name = name.removeprefix(deed)
    if not whole or is_bare(whole) or not is_bare(name):
        return None
    discourse = group.discourse
    spoken = whole in (discourse.topic, discourse.about, group.sentence.topic)
    return deed + (whole if spoken else stem(whole)) + name, "subject completed"


def _whole(group: Group) -> str:
    """What a bare name may be of."""
    sentence, discourse, last = group.sentence, group.discourse, group.last
    of_the_last = last.indicator if last is not None and group.name in words("bare") else ""
    spoken = sentence.pending or sentence.topic or sentence.subject or discourse.topic
    return spoken or of_the_last or discourse.about


RULES = Choice(
    subject_that_waited,
    subject_of_a_result,
    indicator_of_the_target_before,
    topic_of_the_sentence,
    share_of_the_indicator_before,
    bare_name,
)


@rule
def name_completed(group: Group) -> bool:
    """A name is completed by the rules above; a figure without one is no target. What waited has
    been taken up.

    Example: 到2025年,森林覆盖率达到57%,力争60%。
    """
    group.yearly = group.name in words("yearly_names")
    before = group.name
    group.name, doubt = RULES.of(group, group) or (group.name, "")
    if not group.name:
        return group.close()
    group.doubts += [doubt] if doubt else []
    group.sentence.pending = ""
    return group.name != before
