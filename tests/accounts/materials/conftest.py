"""Waste and materials over rows that are handed in as a person would, with Chinese headings."""

from __future__ import annotations

from functools import partial

import pytest
from filed_rows import file_rows
from reproducing import reproduced


@pytest.fixture
def hand_in(workspace, tmp_path):
    """Import rows of a form from a CSV file with Chinese headings and approve them."""
    return partial(file_rows, workspace, tmp_path)


@pytest.fixture
def rows_of(workspace):
    """``rows_of(account, column=value, ...)``: rows of an account as mappings."""

    def rows_of(account, **wanted):
        rows = workspace.execute(account).to_pylist()
        return [row for row in rows if all(row[c] == value for c, value in wanted.items())]

    return rows_of


@pytest.fixture
def row_of(rows_of):
    """The one row of an account with these values."""

    def row_of(account, **wanted):
        (row,) = rows_of(account, **wanted)
        return row

    return row_of


@pytest.fixture
def explained(workspace):
    """Assert of accounts that the rows that explain a row alone give it again."""
    return partial(reproduced, workspace)
