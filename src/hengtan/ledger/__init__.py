"""Evidence: forms and registries, submissions and their events, reading Excel and CSV, the lake,
history.
"""

from hengtan.ledger.handing_in import Meta, Submission
from hengtan.ledger.submissions import Ledger

__all__ = ["Ledger", "Meta", "Submission"]
