"""Every page of the demonstration city in a real Chromium: nothing that axe finds wrong, nothing
that is wider than a phone, no menu and no field to fill in on paper.

Pages of the menu are looked at in both languages; with ``HENGTAN_THOROUGH=1`` every page is.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata

import pypdf
import pytest
from pages_of_city import menu_pages, pages

pytestmark = pytest.mark.chromium
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SAME_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
"""Colours are those of the Chinese page, and take most of the time."""
THOROUGH = os.environ.get("HENGTAN_THOROUGH") == "1"
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
MEANT = {("/?wall=1", "meta-refresh")}
"""A screen on a wall, which nobody reads by ear, loads itself anew every minute."""
NOT_OURS = ("/api/v1/docs/try",)
"""A page that a library makes for programmers (Swagger UI)."""
SHOWN = """() => [...document.querySelectorAll(
    'nav, .switch, .who, main button, main input, main select, main textarea')]
  .filter(e => !e.matches('.chip, [data-light], .calc *, .on-paper *') && e.getClientRects().length)
  .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def looked_at(city_app, try_as, browser, listening):
    """What was found on each page, by kind."""
    from axe_playwright_python.sync_playwright import Axe

    listed = pages(city_app) if THOROUGH else menu_pages(city_app)
    found_of: dict[str, list[str]] = {"axe": [], "wide": [], "paper": [], "said": []}
    with listening(city_app) as server:
        base = f"http://127.0.0.1:{server.effective_port}"
        opened = Opened(browser, base, try_as, found_of, Axe())
        for address, name in listed:
            opened.look(address, name)
        opened.close()
    return found_of, listed


class Opened:
    """A tab for each person, and what it shows."""

    def __init__(self, browser, base, try_as, findings, axe):
        self.browser, self.base, self.try_as = browser, base, try_as
        self.findings, self.axe, self.tabs = findings, axe, {}

    def tab(self, name):
        if name not in self.tabs:
            context = self.browser.new_context(base_url=self.base)
            cookies = self.try_as(name).cookies.jar if name else ()
            context.add_cookies(
                [{"name": c.name, "value": c.value, "url": self.base} for c in cookies]
            )
            tab = self.tabs[name] = context.new_page()
            tab.on("pageerror", lambda e: self.findings["said"].append(f"{tab.url}: {e}"))
        return self.tabs[name]

    def look(self, address, name):
        for language in ("zh", "en"):
            tab = self.tab(name)
            tab.set_viewport_size(WIDE)
            answer = tab.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            where = f"{address} ({language}, {name})"
            if answer.status != 200:
                self.findings["said"].append(f"{where}: {answer.status}")
            if address not in NOT_OURS:
                rules = RULES if language == "zh" else RULES | SAME_COLOURS
                for rule in self.axe.run(tab, options=rules).response["violations"]:
                    if (address, rule["id"]) in MEANT:
                        continue
                    at = rule["nodes"][0]
                    self.findings["axe"].append(f"{where}: {rule['id']} {at['html'][:160]}")
            if language == "zh":
                self.read(tab, where)
            tab.set_viewport_size(PHONE)
            beyond = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            if beyond > 0 and address not in NOT_OURS:
                self.findings["wide"].append(f"{where}: {beyond} px")

    def read(self, tab, where):
        tab.emulate_media(media="print")
        if shown := tab.evaluate(SHOWN):
            self.findings["paper"].append(f"{where}: {shown[:3]}")
        tab.emulate_media(media="screen")

    def close(self):
        for tab in self.tabs.values():
            tab.context.close()


def test_nothing_that_axe_finds_wrong(looked_at):
    findings, listed = looked_at
    assert len(listed) >= 30
    assert findings["axe"] == []


def test_no_page_is_wider_than_a_phone(looked_at):
    assert looked_at[0]["wide"] == []


def test_no_menu_and_nothing_to_fill_in_stands_on_paper(looked_at):
    assert looked_at[0]["paper"] == []


def test_all_are_there_and_no_script_fails(looked_at):
    assert looked_at[0]["said"] == []


A4 = [595, 842]
"""Upright, in points."""


@pytest.fixture(scope="module")
def print_one(city_app, try_as, browser, listening):
    """The sheets of a page printed on one page: the size and the text of each."""

    def sheets(address):
        with listening(city_app) as server:
            base = f"http://127.0.0.1:{server.effective_port}"
            opened = Opened(browser, base, try_as, {"said": []}, None)
            tab = opened.tab("演示市领导")
            tab.goto(address)
            tab.wait_for_selector("html.fitted", state="attached")
            paper = tab.pdf(prefer_css_page_size=True)
            opened.close()
        printed = pypdf.PdfReader(io.BytesIO(paper)).pages
        sizes = [[round(float(n)) for n in sheet.mediabox[2:]] for sheet in printed]
        texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in printed]
        return sizes, texts

    return sheets


@pytest.mark.parametrize("address", ["/?print=one", "/targets/cq-forest-cover-2027?print=one"])
def test_what_is_printed_on_one_page_is_one_a4(print_one, address):
    sizes, _ = print_one(address)
    assert sizes == [A4]


@pytest.mark.parametrize(("lang", "heading"), [("zh", "各区县"), ("en", "Districts")])
def test_the_bulletin_is_one_a4_and_the_table_of_38_districts_its_annex(print_one, lang, heading):
    """The text, the map and the charts on the first sheet; the 39 rows do not fit beside them in a
    size that can be read, and have a second one of their own.
    """
    sizes, (sheet, annex) = print_one(f"/bulletin?print=one&lang={lang}")
    assert sizes == [A4, A4]
    first_line = annex.strip().splitlines()[0]
    assert heading in first_line and heading not in sheet.splitlines()
    assert len(re.findall(r"\d\.\d+%", annex)) >= 38
