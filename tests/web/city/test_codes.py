"""Chinese pages of the city hold no codes: no word of Latin letters that no Chinese office would
write, wherever a person may look.
"""

from __future__ import annotations

import re

from codes import codes_in, text_of
from pages_of_city import pages

FOR_PROGRAMS = re.compile(r"^/(api/|audit|tokens|graph|explain|people|plans|account/)")
"""Pages that name addresses and accounts as they are written; those of signing in are in both
languages at once."""
NAMES_OF_FILES = re.compile(
    r"^/(sources|entry|review|duties/entities|public/P|enterprises/|portal)"
)
"""Pages that name what was handed in, cited or sealed as it is: sources, files, enterprises."""


def test_codes_are_told_from_words():
    said = "按 GB/T 2260，GDP 与 CO2；导出 CSV；编号 S000011、99YS50010200000003"
    assert codes_in(said) == set()
    assert codes_in("口径 certified，表 coal_rate.xlsx，运行 hengtan") == {
        "certified",
        "coal_rate.xlsx",
        "hengtan",
    }


def test_chinese_pages_hold_no_codes(city, try_as):
    findings, number = [], 0
    for address, name in pages(city):
        if any(part.match(address) for part in (FOR_PROGRAMS, NAMES_OF_FILES)):
            continue
        number += 1
        page = try_as(name).get(address).text
        if codes := codes_in(text_of(page)):
            findings.append(f"{address} ({name}): {sorted(codes)}")
    assert number > 25
    assert findings == []
