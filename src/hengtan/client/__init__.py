"""A client of a Hengtan that runs elsewhere: status, tables, provenance, filing.

It needs nothing but Python; tables become Arrow or pandas where those are installed. Whatever the
server refuses is raised as ``Refused``, with its findings.
"""

from hengtan.client.asking import Client, Refused
from hengtan.client.rows import Rows

__all__ = ["Client", "Refused", "Rows"]
