"""What is stored is seen by whoever asks next, however large it is."""

from __future__ import annotations

import ibis

from hengtan.graph.stored import rows_of, stored_table


def test_a_table_made_after_a_large_one_was_asked_for_is_seen():
    """A table too large to be kept was counted, its answer left open, and no later table was seen
    by that connection: every page of a city with 20,000 targets failed.
    """
    engine = ibis.duckdb.connect()
    other = engine.con.cursor()
    engine.con.execute("create table large as select range as n from range(10)")
    large = stored_table(engine, "large", catalog="memory", database="main")
    assert rows_of(large, most=9) is None
    other.execute("create table later as select 1 as n")
    later = stored_table(engine, "later", catalog="memory", database="main")
    assert later.n.sum().execute() == 1
    assert rows_of(large, most=10).num_rows == 10
