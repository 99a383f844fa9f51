"""How an obligation stands on a day: what was filed for it, whether in time, and what locks it.

It is in exactly one state: waived, approved, submitted (waits), expired, returned, drafted,
overdue, open or not_open, the first of these that is true.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hengtan.basis.actor import Actor
from hengtan.office.duties import WORDS, Obligation
from hengtan.office.filings import Filing, Filings

STATES = (
    "waived",
    "approved",
    "submitted",
    "expired",
    "returned",
    "drafted",
    "overdue",
    "open",
    "not_open",
)
FILED = frozenset({"approved", "submitted"})
SENT_BACK = frozenset({"returned", "rejected"})


@dataclass(frozen=True)
class Standing:
    """An obligation on a day.

    ``filing`` is the submission that makes the state (a returned one also where it has expired
    since); ``correction`` one that waits to correct what is approved; ``filed_on`` the day on
    which it was first handed in, whatever became of that.
    """

    obligation: Obligation
    on: date
    state: str
    filing: Filing | None = None
    correction: Filing | None = None
    filed_on: date | None = None

    @property
    def is_filed(self) -> bool:
        """Whether it was handed in and not sent back."""
        return self.state in FILED

    @property
    def is_on_time(self) -> bool:
        """Whether it is filed and was first handed in by the day it was due."""
        return self.is_filed and self.filed_on is not None and self.filed_on <= self.obligation.due

    @property
    def is_missing(self) -> bool:
        """Whether it is owed and not filed."""
        return not self.is_filed and self.state != "waived"

    @property
    def is_overdue(self) -> bool:
        """Whether it is owed, not filed, and the day it was due has passed."""
        return self.is_missing and self.on > self.obligation.due

    @property
    def days_left(self) -> int:
        """Days until it is due, negative after. [days]"""
        return (self.obligation.due - self.on).days

    @property
    def reason(self) -> str:
        """Why it was sent back; empty where it was not."""
        sent_back = self.filing is not None and self.filing.state in SENT_BACK
        return self.filing.reason if self.filing is not None and sent_back else ""

    def say(self, language: str = "zh") -> str:
        """Its state in words."""
        return WORDS.say(f"state.{self.state}", language)


@dataclass(frozen=True)
class Lock:
    """Why an obligation may not be filed now: a code with its words in both languages."""

    code: str
    zh: str
    en: str

    @classmethod
    def of(cls, code: str, *arguments: object) -> Lock:
        """A lock in the words of this room."""
        zh, en = (text.format(*arguments) for text in WORDS[f"lock.{code}"])
        return cls(code, zh, en)

    def say(self, language: str = "zh") -> str:
        """The reason in a language."""
        return self.zh if language == "zh" else self.en


def standings(
    owed: Iterable[Obligation],
    filings: Mapping[str, Filings],
    today: date,
    drafted: Container[str] = frozenset(),
) -> list[Standing]:
    """How obligations stand on a day.

    ``filings`` by form; ``drafted`` holds the ids of obligations that somebody has a draft of.
    """
    return [
        standing(
            obligation,
            filings[obligation.form].of(obligation) if obligation.form in filings else [],
            today,
            has_draft=obligation.id in drafted,
        )
        for obligation in owed
    ]


def standing(
    obligation: Obligation, filed: Iterable[Filing], today: date, *, has_draft: bool = False
) -> Standing:
    """How an obligation stands on a day; ``filed``: its submissions in order of their last step."""
    newest: dict[str, Filing] = {}
    days = []
    for filing in filed:
        newest["returned" if filing.state in SENT_BACK else filing.state] = filing
        if filing.handed_in is not None and filing.state != "rejected":
            days.append(filing.handed_in.date())
    has_draft = has_draft or "draft" in newest
    state = _state(obligation, newest, today, has_draft)
    is_correction = state == "approved" and "submitted" in newest
    return Standing(
        obligation,
        today,
        state,
        newest.get(_FILING_OF.get(state, state)),
        newest["submitted"] if is_correction else None,
        min(days, default=None),
    )


_FILING_OF = {"expired": "returned", "drafted": "draft"}
"""The state of the submission that speaks for a state of an obligation, where the words differ."""


def _state(
    obligation: Obligation, newest: Mapping[str, Filing], today: date, has_draft: bool
) -> str:
    if obligation.is_waived:
        return "waived"
    for state in ("approved", "submitted"):
        if state in newest:
            return state
    if obligation.expires is not None and today > obligation.expires:
        return "expired"
    if "returned" in newest:
        return "returned"
    if has_draft:
        return "drafted"
    if today > obligation.due:
        return "overdue"
    return "open" if today >= obligation.opens else "not_open"


def lock(
    stands: Standing, actor: Actor, acts_for: Callable[[str], bool] | None = None
) -> Lock | None:
    """Why a person may not file an obligation on the day it stands on, None where he may.

    ``acts_for`` says whether he files for a body; without it, for the one he acts for, and where he
    acts for the office, for all. What is waived may be filed; what is approved is changed by a
    correction.
    """
    obligation = stands.obligation
    body = obligation.body
    own = acts_for(body.code) if acts_for else actor.behalf in (None, body.code)
    if not own:
        return Lock.of("someone_else", body.name("zh"), body.name("en"))
    if stands.filing is not None and stands.is_filed:
        return Lock.of(stands.state, stands.filing.submission)
    if stands.state == "expired":
        office = [WORDS.say("lock.the_office", language) for language in ("zh", "en")]
        named = [obligation.department or word for word in office]
        return Lock.of("expired", obligation.expires, *named)
    if stands.on < obligation.opens:
        return Lock.of("not_open", obligation.opens)
    return None
