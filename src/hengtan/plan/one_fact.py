"""One law for lists and files that answer the same indicator.

Some indicators count titles: who is on the official list (名录) counts, and a case file of the same
park adds facts, not a second park. Others measure a state, which the records of files hold, and
the list is a tally of them. Which of the two an indicator counts is data (``fact`` of the pack
table ``computed_indicators``). The other stands in only in a year and place where the first says
nothing; the two are never added, and where both speak, the one that does not count stands beside
and answers no target. Names of what is in one of them only: ``instruments.case_files.lists``.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import beside

BESIDE = "beside"
"""The scope of a value that stands beside the one that counts."""
SAME = ("indicator", "place", "year")


def one_fact(levels: Table, computed_indicators: Table) -> Table:
    """The computed levels with ``aside``: whether a value stands beside the one that counts.

    Parameters
    ----------
    levels : a row a computed value, by ``computed``, ``indicator``, ``place``, ``year``
    computed_indicators : the pack table, ``fact`` list, files or empty (no such choice)
    """
    stated = computed_indicators.select(
        "computed",
        "fact",
        source=ibis.ifelse(_.kind.startswith("registry_"), "list", "files"),
    )
    rows = beside(levels, stated, "computed").mutate(chosen=_.fact == _.source)
    counting = rows.filter(_.chosen & _.amount.notnull())
    counting = counting.select(*SAME, counts=ibis.literal(True)).distinct()
    rows = beside(rows, counting, list(SAME))
    stands_beside = rows.fact.notnull() & ~rows.chosen.fill_null(True) & rows.counts.notnull()
    return rows.mutate(aside=stands_beside).drop("fact", "source", "chosen", "counts")
