"""Entries of the trail in words: decisions, forms, places and periods that an entry keeps as codes.
The entry itself is sealed and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.office.duties import FREQUENCIES
from hengtan.office.duties import WORDS as DUTY_WORDS
from hengtan.report.words import has, titles_of_table, word

OF_JOBS = ("job_start", "job_again", "job_cancel", "job_cancelled", "job_done", "job_failed")
OF_DUTIES = ("duty", "duty.exception", "remind")
OF_FIGURES = ("draft_begun", "draft_discarded", "filed", "decision", "decision_refused")
CODED = frozenset((*OF_JOBS, *OF_DUTIES, *OF_FIGURES, "setting", "granted", "grant_taken"))
"""Kinds of entries that hold codes; what others hold is said as it stands."""
WITH_NAMES = frozenset(("granted", "grant_taken"))
"""Kinds that begin with somebody's name, which is no code."""
NAMED = ("audit.word", "rv.many.do", "rv.level", "jobs.kind")
"""Where the words of codes stand."""
_SEAL = re.compile(r"\b[0-9a-f]{16,64}\b")
PERIOD = re.compile(r"\d{4}(-\d\d(\.\.\d\d)?|-Q\d|-H\d)")


def in_words(kind: str, what: str, lang: str, place_name: Callable[[str], str]) -> str:
    """What an entry says, its codes in words."""
    if kind not in CODED:
        return what
    if kind in WITH_NAMES:
        name, space, what = what.partition(" ")
        return name + space + _said(what, lang, place_name)
    return _said(what, lang, place_name)


def with_seals_marked(text: str) -> str:
    """An entry whose seals and keys stand between backticks, as a page marks what is no word."""
    return _SEAL.sub(r"`\g<0>`", text)


def _said(what: str, lang: str, place_name: Callable[[str], str]) -> str:
    return re.sub(r"[^\s:]+", lambda part: _word(part[0], lang, place_name), what)


def _word(code: str, lang: str, place_name: Callable[[str], str]) -> str:
    for name in NAMED:
        if has(f"{name}.{code}"):
            return word(f"{name}.{code}", lang)
    if code in FREQUENCIES:
        return DUTY_WORDS.say(f"frequency.{code}", lang)
    if PERIOD.fullmatch(code):
        return _period(code, lang)
    title = titles_of_table(code)[1 if lang == "en" else 0]
    return title or place_name(code)


def _period(code: str, lang: str) -> str:
    try:
        return Period.parse(code).zh() if lang == "zh" else code
    except BadPeriod:
        return code
