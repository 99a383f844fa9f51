"""Pages of the evidence: values that compete, sources, the graph of accounts, where one number
comes from.
"""

from __future__ import annotations

from hengtan.report.page.families import Page

PAGES = (
    Page("conflicts", menu=60, offline=True),
    Page("sources", menu=70, offline=True),
    Page("graph", menu=170),
    Page("explain"),
)
