"""Short ways to read a text and to say what was found."""

from __future__ import annotations

import importlib.util
import json
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hengtan.plan.reader.reading import read
from hengtan.plan.reader.stated import StatedTarget


def in_a_line(target: StatedTarget) -> str:
    """A target as a line of sentences.yaml: indicator | operator | value | unit | deadline | base
    year | region | modifier."""
    upper = f"~{target.value2}" if target.value2 else ""
    parts = [
        target.indicator,
        target.operator,
        target.value + upper,
        target.unit,
        str(target.deadline),
        str(target.base_year or ""),
        target.region,
        target.modifier,
    ]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


@pytest.fixture(scope="session")
def targets():
    """Targets of a text as lines."""

    def of(text: str, year: int | None = 2022) -> list[str]:
        return [in_a_line(target) for target in read(text, year).targets]

    return of


@pytest.fixture(scope="session")
def material(facts) -> Path:
    """The folder of annotated passages beside the checkout."""
    folder = facts / "plan-reader"
    if not folder.is_dir():
        pytest.skip("annotated passages are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def scorer(material) -> ModuleType:
    """The scorer that comes with the passages."""
    spec = importlib.util.spec_from_file_location("plan_reader_score", material / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def passages(material) -> list[dict[str, Any]]:
    """The annotated passages; ``held``: the third that was not looked at while the grammar was
    built."""
    rows = [
        json.loads(line)
        for line in (material / "passages_dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [
        {**row, "held": int(sha256(row["id"].encode()).hexdigest(), 16) % 3 == 0} for row in rows
    ]


@pytest.fixture(scope="session")
def seeds(material) -> list[dict[str, Any]]:
    """The two whole documents with their targets and clauses; skips where their text is absent."""
    rows = [
        json.loads(line)
        for line in (material / "seeds_gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row in rows:
        path = material.parents[1] / "seeds" / row["text_file"]
        if not path.is_file():
            pytest.skip("the two documents are not beside this checkout")
        row["text"] = path.read_text(encoding="utf-8")
    return rows
