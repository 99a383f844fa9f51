"""Pages of rules as code: the list, one rule's calculator, enterprises and what they owe."""

from __future__ import annotations

from hengtan.report.page.families import Page

PAGES = (
    Page("rules", menu=140),
    Page("rule"),
)
