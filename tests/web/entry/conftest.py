"""The application over a ledger of a test's own, where one may write."""

from __future__ import annotations

import shutil

import pytest

from hengtan.web.application import Application


@pytest.fixture
def app(empty_folder, small, small_site, prepared_store, tmp_path):
    """The small site over a ledger of the test's own, where one may write."""
    shutil.copytree(empty_folder, tmp_path / "own")
    workspace = type(small_site.workspace).of(tmp_path / "own", small)
    app = Application(type(small_site)(workspace))
    prepared_store(app)
    yield app
    app.close()
    workspace.close()
