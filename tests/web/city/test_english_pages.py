"""English pages of the city hold no Chinese but what people and sources brought along: names of
people, firms, files and tasks, titles of documents, the Chinese of a law behind its English.
"""

from __future__ import annotations

import re

import lxml.html
from pages_of_city import pages

from hengtan.demo.public import REASON
from hengtan.instruments.law_titles import law_in_english
from hengtan.instruments.registry import rules
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.tasks.models import Task

CHINESE = re.compile("[\u3400-\u9fff]+")
ASIDE = (
    "//script|//style|//code|//pre|//textarea|//datalist|//*[@lang='zh-CN']"
    "|//td[@class='src' and not(ancestor::table[@class='cards'])]"
)
"""Codes, what is typed, the word 中文 of the switch, and citations beside figures."""
AS_SEALED = {
    r"/audit": "what is sealed in the trail stays in the words it was sealed in",
    r"/bulletins/.*": "the text of a Chinese document that is drafted",
    r"/graph": "first lines of the methods, which name terms of Chinese statistics",
    r"/explain/.*": "rows of the ledger and of packs as they are",
    r"/targets/.*": "the tree of rows as they are",
    r"/public(/.*)?": "a publication is sealed in the words of its day, with who made it",
    r"/enterprises/.*/origin/.*": "the tree of rows as they are",
    r"/sources": "titles and publishers of sources",
    r"/registries/.*": "titles of the documents counted",
    r"/notices": "what people wrote to each other",
    r"/tasks/\d+": "what people wrote to each other",
    r"/rules/tables/reform": "headings of a table that is sent in Chinese",
    r"/account/login/": "names of the made-up people that may be tried",
}
"""Pages that show documents and rows as they are, by their addresses, and why."""
FILE = re.compile(r"\S*[\u3400-\u9fff]\S*\.(?:xlsx|csv|docx|pdf)")
NOTE = "演示数据（虚构，不是任何地区的统计）"
"""What stands with the rows that the demonstration made up."""
TYPED = re.compile(r"(?:演示|区县)：[^;|]*")
"""What the people of the demonstration wrote begins with 演示："""
OF_THE_DEMONSTRATION = re.compile(r"演示(?!数据|城市)[-\u3400-\u9fff]*(?:（虚构）)?")
"""Firms, duties and people of the demonstration have it in their name."""
BESIDE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
"""The Chinese of a law behind its English, in brackets."""


def text_of(page):
    """What a person reads between head and foot, a line a text, with titles and labels."""
    whole = lxml.html.fromstring(page)
    main = next(iter(whole.xpath("//main")), whole)
    for node in main.xpath(ASIDE):
        node.drop_tree()
    labels = main.xpath(".//@title|.//@aria-label|.//@placeholder")
    return [*main.itertext(), *map(str, labels)]


def names_of_data(city):
    """Names that people gave: accounts, departments without English, enterprises, tasks, duties."""
    accounts = Account.objects.values_list("username", "title")
    names = {name for pair in accounts for name in pair if name}
    names |= {record.actor for record in city.site.workspace.ledger.current().records.values()}
    names |= {REASON, NOTE, "二氧化硫"}  # the last as it stands in a permit that was filed
    names |= set(Task.objects.values_list("title", flat=True))
    return sorted((name for name in names if CHINESE.search(name)), key=len, reverse=True)


def chinese_left(text, names):
    """Chinese of a text that is neither a name, a file, nor what somebody typed."""
    for pattern in (FILE, TYPED):
        text = pattern.sub("", text)
    for name in names:
        text = text.replace(name, "")
    text = OF_THE_DEMONSTRATION.sub("", text)
    text = BESIDE.sub(lambda match: "" if law_in_english(match[0][1:-1]) else match[0], text)
    return CHINESE.findall(text)


def test_what_is_left_is_found():
    names = ["市审核员（演示）"]
    assert chinese_left("approved by 市审核员（演示）, 表.xlsx, 演示：请核对", names) == []
    assert chinese_left("缺 fuel factor", names) == ["缺"]
    law = rules()[0].law
    assert chinese_left(f"Environmental Protection Tax Law ({law})", names) == []


def test_english_pages_hold_no_chinese_of_the_house(city, try_as):
    names = names_of_data(city)
    findings, number = [], 0
    for address, name in pages(city):
        path = address.partition("?")[0]
        if any(re.fullmatch(pattern, path) for pattern in AS_SEALED):
            continue
        number += 1
        answer = try_as(name).get(f"{address}{'&' if '?' in address else '?'}lang=en")
        assert answer.status_code == 200, address
        left = [part for text in text_of(answer.text) for part in chinese_left(text, names)]
        if left:
            findings.append(f"{address} ({name}): {sorted(set(left))[:12]}")
    assert number > 70
    assert findings == []
