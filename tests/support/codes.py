"""Words of Latin letters on Chinese pages that no Chinese office would write."""

from __future__ import annotations

import re

import lxml.html

ALLOWED = frozenset(
    re.findall(
        r"\S+",
        """Excel Word CSV PDF PNG SVG XLSX xlsx docx ofd YAML JSON Parquet API SMTP OIDC TOTP TLS IP
        STARTTLS HENGTAN_SMTP_PASSWORD Hengtan KB MB GDP R D AQI PM PM2.5 CO CO2 CH4 N2O SF6 PFC HFC
        BOD COD pH VOCs IPCC GWP GPC SAR AR4 AR5 AR6 GB GB/T tce kgce kWh kgce/kWh MW GW km LED CCER
        ESG RAS CCUS Ctrl Enter Esc v1 j/k n/d GEP LNG PPP REITs slfgl RCEP EOD VEP ISO GIS VOC
        HJ A CCER-01-001 CCER-01-002 CCER-14-001 CQCER CJJ/T DB21/T JR/T SB/T NOx SS kg kgce/t tCO2
        GLEC v3.2 tCO2/GJ tCO2/MWh tCO2e II III IV AA AAA mg/L
        ICAP Emissions Trading Worldwide Status Report Vol.2 Ch.4
        BP Be Bh Ff Fl Fr Fp Ge Qe Qh F/c F/e exp max
        GJ GJ/t tC/TJ tC/GJ tce/t tce/10 kgce/kg kJ/kg TJ/10 PJ/10
        csv parquet yaml NO NE IE NA Tab Shift ASVS OpenAPI CEADs""",
    )
)
"""Formats, gases, units and what has no other name in a Chinese office; letters and functions of
formulas as the law writes them; the example of pinyin; ends of names of files; notation keys that
stand for a number, keys of a keyboard, names of standards and of a database.
"""
ASIDE = (
    "//code|//cite|//pre|//script|//style"
    "|//*[@class='file']"
    "|//details[contains(concat(' ', @class, ' '), ' for-programs ')]"
    "|//*[local-name()='svg']|//textarea"
)
"""Codes that are shown as such, in a part for programs too; names of files that were handed in;
titles and citations of documents as they were published.
"""


def codes_in(text):
    """Words of Latin letters that no Chinese office would write."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9_./-]*[A-Za-z0-9]|[A-Za-z]{2,}", text)
    numbered = r"[A-Z]{0,4}\d[\w-]*|[A-Z]\.?\d[\d.A-Za-z]*|(?:CCER|CETS)-[A-Z\d.-]+|p\.\d+"
    return {word for word in words if word not in ALLOWED and not re.fullmatch(numbered, word)}


def text_of(page):
    """What a person reads between head and foot, or in a piece of a page."""
    whole = lxml.html.fromstring(page)
    main = next(iter(whole.xpath("//main")), whole)  # a piece of a page has none
    for node in main.xpath(ASIDE):
        node.drop_tree()
    return " ".join(main.itertext())
