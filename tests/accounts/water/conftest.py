"""Records of water handed in as a person would, from files with Chinese headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pytest
from filed_rows import file_rows
from reproducing import reproduced


@pytest.fixture
def hand_in(workspace, tmp_path):
    """Import rows of a form from a CSV file with Chinese headings and approve them."""

    def hand_in(form: str, rows: Sequence[Mapping[str, object]]):
        return file_rows(workspace, tmp_path, form, rows)

    return hand_in


@pytest.fixture
def explained(workspace):
    """Assert of accounts that the rows that explain a row alone give it again."""
    return partial(reproduced, workspace)
