"""The hand-made view the rendering tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def small() -> dict[str, Any]:
    """A fresh mapping of the view in ``small_view.yaml``."""
    return yaml.safe_load(Path(__file__).with_name("small_view.yaml").read_text(encoding="utf-8"))
