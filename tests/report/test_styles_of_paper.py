"""Paper is printed as wide tables: a browser asks how wide the page is before it turns the paper,
so that rules for narrow windows would make a phone's page of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hengtan

STYLES = sorted(Path(hengtan.__file__).parent.rglob("*.css"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_rules_for_narrow_windows_are_for_screens_alone(path):
    narrow = re.findall(r"@media ([^{]*max-width[^{]*)\{", path.read_text(encoding="utf-8"))
    assert all(rule.startswith("screen and") for rule in narrow), narrow


def test_there_are_such_rules():
    assert any("max-width" in path.read_text(encoding="utf-8") for path in STYLES)
