"""催报: whom to remind on a day, and in which words; one message a body with all it still owes.

Sending is not done here: a message is handed to whoever keeps and sends notices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hengtan.office.completeness import by_due
from hengtan.office.duties import WORDS, Body
from hengtan.office.standings import Standing

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class ReminderDays:
    """On which days a body is reminded of an obligation: days before it is due, on the day itself,
    days after.
    """

    before: tuple[int, ...] = (3, 1)
    on_due: bool = True
    after: tuple[int, ...] = (1, 3, 7, 14, 30)

    def falls_on(self, stands: Standing) -> bool:
        """Whether the day an obligation stands on is one of them."""
        left = stands.days_left
        return left in self.before or -left in self.after or (left == 0 and self.on_due)


@dataclass(frozen=True)
class Reminder:
    """A message to a body: subject and text in both languages, and what it is about.

    ``key`` is the same for the same body and day, so that nobody is reminded twice.
    """

    body: Body
    on: date
    subject_zh: str
    subject_en: str
    text_zh: str
    text_en: str
    about: tuple[str, ...]

    @property
    def key(self) -> str:
        """remind:day:body."""
        return f"remind:{self.on.isoformat()}:{self.body.code}"


Notify = Callable[[Sequence[Reminder]], int]
"""Keeps messages and sends them; gives how many were new (a key that it holds is passed over)."""


def reminders(
    standings: Iterable[Standing],
    titles: Mapping[str, tuple[str, str]],
    days: ReminderDays | None = None,
) -> list[Reminder]:
    """The messages of the day that the obligations stand on, by body.

    ``titles``: Chinese and English title of each form, and of ``form:item`` where items are owed.
    With ``days`` a body is written to where one of its obligations falls on them; without, wherever
    something is open (催报 by hand). What is not open yet is in no message; what has expired is
    told and calls for none.
    """
    groups: dict[str, list[Standing]] = {}
    for stands in by_due(standings):
        if (
            stands.is_missing
            and stands.state != "not_open"
            and stands.on >= stands.obligation.opens
        ):
            groups.setdefault(stands.obligation.body.code, []).append(stands)
    return [
        reminder(group, titles)
        for group in groups.values()
        if any(s.state != "expired" and (days is None or days.falls_on(s)) for s in group)
    ]


def reminder(group: Sequence[Standing], titles: Mapping[str, tuple[str, str]]) -> Reminder:
    """The message for what one body still owes; what has expired stands in one line at the end."""
    body, day = group[0].obligation.body, group[0].on
    open_ones = [stands for stands in group if stands.state != "expired"]
    expired = [stands for stands in group if stands.state == "expired"]
    late = sum(stands.is_overdue for stands in open_ones)
    subject = "remind.subject" if late else "remind.subject.none_late"
    subjects, texts = [], []
    for number, language in enumerate(LANGUAGES):
        name = body.name(language)
        subjects.append(_say(subject, language, name, len(open_ones), late))
        lines = [_say("remind.greeting", language, name, day)]
        lines += [_line(s, _title(titles, s, number), language) for s in open_ones]
        if expired:
            named = [f"{_title(titles, s, number)} {_period(s, language)}" for s in expired]
            listed = ("、" if language == "zh" else "; ").join(named)
            lines.append(f"· {_say('remind.expired', language, len(expired), listed)}")
        texts.append("\n".join(lines))
    about = tuple(stands.obligation.id for stands in (*open_ones, *expired))
    return Reminder(body, day, subjects[0], subjects[1], texts[0], texts[1], about)


def _title(titles: Mapping[str, tuple[str, str]], stands: Standing, number: int) -> str:
    """The title of a form, its id where no pack defines it any more; ``form:item`` of an item."""
    owed = stands.obligation
    key = f"{owed.form}:{owed.item}" if owed.item else owed.form
    return titles.get(key, (key, key))[number]


def _period(stands: Standing, language: str) -> str:
    period = stands.obligation.period
    return period.zh() if language == "zh" else period.text


def _line(stands: Standing, title: str, language: str) -> str:
    due, left = stands.obligation.due, stands.days_left
    code = "remind.late" if left < 0 else "remind.ahead" if left else "remind.today"
    line = _say(code, language, title, _period(stands, language), due, abs(left))
    if stands.reason and stands.filing is not None:
        line += _say("remind.returned", language, stands.filing.submission, stands.reason)
    return f"· {line}"


def _say(code: str, language: str, *arguments: object) -> str:
    """Words with arguments, which may hold any sign: they are what people wrote."""
    return WORDS[code][LANGUAGES.index(language)].format(*arguments)
