"""The application over a ledger of a test's own, where one may write."""

from __future__ import annotations

import pytest


@pytest.fixture
def app(app_of_its_own):
    return app_of_its_own
