"""Chinese pages of the city hold no codes: no word of Latin letters that no Chinese office would
write, wherever a person may look.
"""

from __future__ import annotations

import re

import lxml.html
from pages_of_city import pages

FOR_PROGRAMS = re.compile(r"^/(api/|audit|tokens|graph|explain|rules|people|plans|account/)")
"""Pages that name addresses, accounts or rules as they are written; those of signing in are in both
languages at once."""
NAMES_OF_FILES = re.compile(
    r"^/(sources|entry|review|duties/entities|public/P|enterprises/|portal|files/\w+/)"
)
"""Pages that name what was handed in, cited or sealed as it is: sources, files, enterprises and
case files with what was filed and where their figures and the law come from.
"""
ALLOWED = frozenset(
    re.findall(
        r"\S+",
        """Excel Word CSV PDF PNG SVG XLSX xlsx docx ofd YAML JSON Parquet API SMTP OIDC TOTP TLS IP
        STARTTLS HENGTAN_SMTP_PASSWORD Hengtan KB MB GDP R D AQI PM PM2.5 CO CO2 CH4 N2O SF6 PFC HFC
        BOD COD pH VOCs IPCC GWP GPC SAR AR4 AR5 AR6 GB GB/T tce kgce kWh kgce/kWh MW GW km LED CCER
        ESG RAS CCUS Ctrl Enter Esc v1 j/k n/d GEP LNG PPP REITs slfgl RCEP EOD VEP ISO GIS VOC
        HJ A""",
    )
)
"""Formats, gases, units and what has no other name in a Chinese office; the example of pinyin."""
ASIDE = (
    "//*[contains(concat(' ', @class, ' '), ' explain ')]|//code|//pre|//script|//style"
    "|//*[local-name()='svg']|//option|//textarea"
)
"""Codes that are shown as such; the tree of an explanation, which names accounts and fields."""


def codes_in(text):
    """Words of Latin letters that no Chinese office would write."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9_./-]*[A-Za-z0-9]|[A-Za-z]{2,}", text)
    numbered = r"[A-Z]{0,4}\d[\w-]*|[A-Z]\.?\d[\d.A-Za-z]*"
    return {word for word in words if word not in ALLOWED and not re.fullmatch(numbered, word)}


def text_of(page):
    """What a person reads between head and foot, or in a piece of a page."""
    whole = lxml.html.fromstring(page)
    main = next(iter(whole.xpath("//main")), whole)  # a piece of a page has none
    for node in main.xpath(ASIDE):
        node.drop_tree()
    return " ".join(main.itertext())


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
