"""Rooms of the application that keep what people enter: each a package with ``models.py``,
``migrations/`` and modules ``pages*.py`` that hold a ``router``. One put here is served and
migrated, no list elsewhere names it. Figures are never kept here: they live in the ledger.
"""
