"""Sources for people: without addresses, in English by the title of the law."""

from __future__ import annotations

import pytest
from codes import codes_in

from hengtan import packs
from hengtan.report.citations import cited, without_addresses

NO_ADDRESS = {"bjruji", "wenmi"}
"""Names of sites that a source gives without an address."""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("节约能源法 第五十二条; 公开法规库 github ImCa0/just-laws", "公开法规库 〔网址〕"),
        ("某条例; github LawRefBook/Laws 行政法规/某条例(2021-01-24).md", "某条例; 〔网址〕"),
        ("方案; mee.gov.cn W020241021392230468687 附1", "方案; 〔网址〕 附1"),
        ("网页问答 wap.manyoumao.com/kexue/3135966.html", "网页问答 〔网址〕"),
        ("公告 https://szs.mof.gov.cn/a/t2023.htm; 原文摘引（二手）", "公告 〔网址〕; 原文"),
        ("摘引 aisoutu.com.cn 2021-09-11", "摘引 〔网址〕 2021-09-11"),
        ("环境保护税法 附表一", "环境保护税法 附表一"),
    ],
)
def test_an_address_is_a_word(source, said):
    assert said in without_addresses(source)
    assert without_addresses("see mee.gov.cn", "en") == "see [address]"


def test_no_source_of_the_packs_leaves_an_address():
    tables = ("rule_parameters", "rule_provisions", "energy_limits", "pollutants", "park_limits")
    rows = [row for name in tables for row in packs.load("chongqing").rows(name)]
    sources = {row["source"] for row in rows if row["source"]}
    assert len(sources) > 100
    assert set().union(*(codes_in(without_addresses(text)) for text in sources)) <= NO_ADDRESS


def test_a_law_is_cited_by_its_english_title_or_called_an_original():
    law = "环境保护税法（2018修正） 第十一条"
    assert cited(law, "en").endswith(f"({law})") and cited(law) == law
    assert cited("某县自己的办法", "en") == "某县自己的办法 (title of the original, Chinese)"
