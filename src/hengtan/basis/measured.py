"""Results of measurement as laboratories write them: below the detection limit, not detected, no
result.

0.02L, 0.02(L), <0.02 and ND(0.02) are below a limit of 0.02. -1, -;, -99 and 未检出 without a limit
are no result: nobody knows how much there was, and it was not nought.
"""

from __future__ import annotations

import re

from hengtan.basis.marks import narrow

NO_RESULT = re.compile(
    r"[-—–]+[;；]+|-1(?:\.0+)?|-9{1,4}(?:\.[09]+)?"
    r"|未检出|未检测|未监测|未测定?|缺测|缺失|断流|停测|无数据|nd|n\.d\.?|bdl",
    re.IGNORECASE,
)
"""What stands where nothing was measured, or nothing was seen by a method that states no limit."""
_NUMBER = r"(?P<limit>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
_BELOW = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:<=?|≤|小于|低于)\s*{_NUMBER}\s*l?(?P<unit>[a-zμµ]+/[a-z]+)?",
        rf"{_NUMBER}\s*\(?l\)?",
        rf"(?:nd|未检出)\s*\(\s*[<≤]?\s*{_NUMBER}\s*\)",
    )
)


def is_no_result(text: str) -> bool:
    """Whether a text stands for no result at all.

    >>> [is_no_result(text) for text in ("-1", "-;", "未检出", "-0.2", "0.02L")]
    [True, True, True, False, False]
    """
    return NO_RESULT.fullmatch(narrow(text).strip()) is not None


def detection_limit(text: str) -> str | None:
    """The detection limit that a result lies below, with its unit where it has one; None where the
    text says no such thing.

    >>> [detection_limit(text) for text in ("0.02L", "＜0.02", "<4 μg/L", "ND(0.5)", "0.02")]
    ['0.02', '0.02', '4 μg/L', '0.5', None]
    """
    plain = narrow(text).strip()
    for pattern in _BELOW:
        match = pattern.fullmatch(plain)
        if match is not None:
            unit = match.groupdict().get("unit")
            return f"{match['limit']} {unit}" if unit else match["limit"]
    return None
