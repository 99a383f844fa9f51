"""Case files over rows that are handed in as a person would, from a file with Chinese headings."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence

import pytest

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file
from hengtan.graph.reproduce import reproduce


@pytest.fixture
def hand_in(workspace, tmp_path):
    """Import rows of a form from a CSV file with Chinese headings and approve them."""

    def hand_in(form: str, rows: Sequence[Mapping[str, object]]):
        path = tmp_path / f"{form}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(h for row in rows for h in row)))
            writer.writeheader()
            writer.writerows(rows)
        return import_file(workspace, form, path, actor=Actor("填报员"), approve=True)

    return hand_in


@pytest.fixture
def said(workspace):
    """What the rules say of the subjects of a kind: (subject, asked, period) → output → figure or
    text; a verdict that could not be reached is {state: why}.
    """

    def said(kind: str) -> dict[tuple[str, str, str], dict[str, object]]:
        verdicts: dict[tuple[str, str, str], dict[str, object]] = {}
        for row in workspace.execute(f"case_{kind}_verdicts").to_pylist():
            outputs = verdicts.setdefault((row["subject"], row["asked"], row["period"]), {})
            if row["state"] == "ruled":
                outputs[row["output"]] = row["text"] if row["value"] is None else row["value"]
            else:
                outputs[row["state"]] = row["why_zh"]
        return verdicts

    return said


@pytest.fixture
def due(workspace):
    """The calendar of a kind: (subject, deadline, label) → (day due, state)."""

    def due(kind: str) -> dict[tuple[str, str, str], tuple[str, str]]:
        rows = workspace.execute(f"case_{kind}_calendar").to_pylist()
        return {
            (row["subject"], row["deadline"], row["label"]): (row["due"], row["state"])
            for row in rows
        }

    return due


@pytest.fixture
def reproduced(workspace):
    """Assert of accounts that the explained rows alone give their rows again, three of each."""

    def reproduced(names: Iterable[str]) -> None:
        graph = workspace.graph()
        for name in names:
            rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
            assert rows, name
            for row in random.Random(5).sample(rows, min(3, len(rows))):
                by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
                assert again == {
                    column: pytest.approx(value) if isinstance(value, float) else value
                    for column, value in by_key.items()
                }

    return reproduced
