"""Evidence: forms and registries, submissions and their events, reading Excel and CSV, the lake, history."""

from hengtan.ledger.submissions import Ledger, Meta, Submission

__all__ = ["Ledger", "Meta", "Submission"]
