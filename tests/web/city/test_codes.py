"""Chinese pages of the city hold no codes: no word of Latin letters that no Chinese office would
write, wherever a person may look. No page is left out; a code that is the subject itself (an
address of the API, a seal of the trail) is marked as one, as are names of files, titles of
documents and what stands in a part for programs (``codes.ASIDE``).
"""

from __future__ import annotations

from codes import codes_in, text_of
from pages_of_city import pages


def test_codes_are_told_from_words():
    said = "按 GB/T 2260，GDP 与 CO2；导出 CSV；编号 S000011、99YS50010200000003"
    assert codes_in(said) == set()
    assert codes_in("口径 certified，表 coal_rate.xlsx，运行 hengtan") == {
        "certified",
        "coal_rate.xlsx",
        "hengtan",
    }


def test_chinese_pages_hold_no_codes(city, try_as):
    findings, addresses = [], pages(city)
    for address, name in addresses:
        page = try_as(name).get(address).text
        if codes := codes_in(text_of(page)):
            findings.append(f"{address} ({name}): {sorted(codes)}")
    assert len(addresses) > 85
    assert findings == []
