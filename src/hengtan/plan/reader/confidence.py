"""How sure a reading is: the share right among readings like it.

A logistic model of a few signs of a reading, fitted by ``benchmarks/plan_confidence.py`` on the
readings of 38 passages (118 targets, 13 of them wrong) by rules that were made before and without
those passages. Of readings at 0.9 and above 112 of 120 were right in passages that nobody had
looked at (0.933; 95 % interval 0.874 to 0.966, Wilson), 295 of 308 in those of another annotator
(0.958; 0.929 to 0.975; ``tests/plan/reader/evidence``), 78 of 79 in those it was fitted on.

Signs that the passages did not show are set with care, below what they would be fitted to: a doubt
that says so in words keeps a reading out of what is accepted unseen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from hengtan.plan.reader.vocabulary import has_tail, kind_of_unit

SURE = 0.9
"""From here on a reading may be accepted with others, unseen."""
PLAIN = 2.95
"""Log odds of a reading without any of the signs."""
FITTED = {
    "no verb": -1.12,
    "no tail": -1.04,
    "short": -1.59,
    "region": -0.62,
    "joined": -0.63,
    "counted": -0.70,
}
"""What each sign adds to the log odds."""
DOUBT, STRONG_DOUBT = -1.0, -1.5
"""Of a doubt that was not fitted; the strong ones may turn a light."""
STRONG = frozenset(
    [
        "document year not known",
        "no year stated",
        "direction not stated",
        "name not in the text",
        "no deadline stated",
        "more figures than names",
    ]
)
SHORT = 4
"""Characters of a name below which it hardly names an indicator."""


def signs_of(name: str, unit: str, region: str, doubts: Iterable[str]) -> list[str]:
    """The fitted signs that a reading shows."""
    counted = kind_of_unit(unit) == "counter"
    signs = {
        "no verb": "no verb" in doubts,
        "no tail": not counted and not has_tail(name),
        "short": len(name) < SHORT,
        "region": bool(region),
        "joined": re.search("[、和及与]", name) is not None,
        "counted": counted,
    }
    return [sign for sign, shown in signs.items() if shown]


def confidence_of(name: str, unit: str, region: str, doubts: Iterable[str]) -> float:
    """The share right among readings like this one, 0 to 1, to two digits."""
    doubts = tuple(doubts)
    odds = PLAIN + sum(FITTED[sign] for sign in signs_of(name, unit, region, doubts))
    for doubt in doubts:
        if doubt not in FITTED:
            odds += STRONG_DOUBT if doubt in STRONG else DOUBT
    return round(1 / (1 + math.exp(-odds)), 2)
