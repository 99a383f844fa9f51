"""Runs accounts as a graph of tables, overrides inputs and explains any value down to its source
rows.
"""

from hengtan.graph.account import Account, InForce, Same, account, kernel
from hengtan.graph.graph import Graph
from hengtan.graph.joins import beside, first_of, newest_of
from hengtan.graph.origin import ORIGIN

__all__ = [
    "ORIGIN",
    "Account",
    "Graph",
    "InForce",
    "Same",
    "account",
    "beside",
    "first_of",
    "kernel",
    "newest_of",
]
