"""A segment divided into groups: where one quantity has been said and a new subject begins."""

from __future__ import annotations

from dataclasses import dataclass

from hengtan.plan.reader.grammar.pieces import Group, Segment
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.vocabulary import words


@dataclass(frozen=True)
class Juncture:
    """A token on its way into a group: the groups so far, what follows it, and whether a figure
    comes later."""

    groups: list[Group]
    token: Token
    following: Token | None
    figure_later: bool

    @property
    def group(self) -> Group:
        """The group that is open."""
        return self.groups[-1]

    def open(self, *before: Token) -> None:
        """Begin a new group with some words."""
        self.groups.append(Group(self.group.segment, list(before), without=self.group.without))


@rule
def year_of_the_group(at: Juncture) -> bool | None:
    """A year among the words or right behind the figure is the group's own, not part of its name.

    Example: 到2025年,绿色工厂2024年达到20家、绿色园区2025年达到3个。
    """
    token, group = at.token, at.group
    if token.kind != "year" or token.role not in ("point", "span", "period") or group.after:
        return None
    group.year = token.year
    group.split = 0 if group.values else len(group.before)
    return True


@rule
def figure(at: Juncture) -> bool | None:
    """A figure joins those before it; where words followed them, it begins a group of its own.

    Example: 到2025年,建成充电桩300个、换电站20座。
    """
    if at.token.kind != "quantity":
        return None
    if at.group.values and at.group.after:
        at.open()
    at.group.values.append(at.token)
    return True


@rule
def words_before_the_figure(at: Juncture) -> bool | None:
    """Words before a figure lead it.

    Example: 到2025年,森林覆盖率达到57%。
    """
    if at.group.values:
        return None
    at.group.before.append(at.token)
    return True


@rule
def mark_of_a_list(at: Juncture) -> bool | None:
    """、 or 和 behind a figure: another figure goes on with the list, other words begin a new
    group.

    Example: 到2025年,森林覆盖率达到57%、湿地保护率达到55%。
    """
    token = at.token
    is_mark = token.kind == "mark" and token.text == "、"
    if not is_mark and not (token.kind == "words" and token.text in words("list_links")):
        return None
    if at.following is not None and at.following.kind != "quantity":
        if at.figure_later:
            at.open()
        else:
            at.group.after.append(token)
    return True


RULES = Choice(
    year_of_the_group,
    figure,
    words_before_the_figure,
    mark_of_a_list,
)


def groups_of(segment: Segment) -> list[Group]:
    """The groups of a segment. What no rule places stands behind the figure."""
    tokens = segment.tokens
    groups = [Group(segment, without=segment.without)]
    last_figure = max((i for i, t in enumerate(tokens) if t.kind == "quantity"), default=-1)
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        at = Juncture(groups, token, following, i < last_figure)
        if RULES.of(at, groups[-1]) is None:
            groups[-1].after.append(token)
    return groups
