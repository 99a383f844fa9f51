"""Case files over rows that are handed in as a person would, from a file with Chinese headings."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import docx
import pytest
from filed_rows import file_rows
from papers_of_stories import write_papers
from reproducing import reproduced

from hengtan.desk.case_documents import document_bytes
from hengtan.desk.case_files import opened


@pytest.fixture
def hand_in(workspace, tmp_path, request):
    """Import rows of a form from a CSV file with Chinese headings and approve them.

    With HENGTAN_PAPERS=folder every paper of every file of the story is written there at its end,
    to be looked at: ``HENGTAN_PAPERS=/tmp/papers pytest tests/instruments/case_files``.
    """

    def hand_in(form: str, rows: Sequence[Mapping[str, object]]):
        return file_rows(workspace, tmp_path, form, rows)

    yield hand_in
    if folder := os.environ.get("HENGTAN_PAPERS"):
        write_papers(workspace, Path(folder) / request.node.name)


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
def total(workspace):
    """The sum of an output of a kind by place; of yearly verdicts, of one year."""

    def total(kind: str, output: str, year: int | None = None) -> dict[str, float]:
        rows = workspace.execute(f"case_{kind}_totals").to_pylist()
        return {
            row["place"]: row["total"]
            for row in rows
            if row["output"] == output and year in (None, row["year"])
        }

    return total


@pytest.fixture
def explained(workspace):
    """Assert of accounts that the rows that explain a row alone give it again."""
    return partial(reproduced, workspace)


@pytest.fixture
def paper(workspace):
    """The words of a document that leaves a case file: its paragraphs and cells."""

    def paper(kind: str, subject: str, document: str) -> str:
        content = document_bytes(
            workspace, opened(workspace, kind, subject), document, date.today()
        )
        word = docx.Document(io.BytesIO(content))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])

    return paper
