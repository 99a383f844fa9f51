"""A made-up plan as a Word document, to try the plan reader with: its title and first line say that
it is fiction.
"""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.whole_files import write_whole


def sample() -> dict[str, Any]:
    """The text of the sample: title, fiction, parts, annex, indicators."""
    source = files("hengtan.report.word").joinpath("sample_plan.yaml")
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def write_sample(path: Path) -> Path:
    """Write the sample as .docx, whole or not at all."""
    import docx

    plan, document = sample(), docx.Document()
    document.add_heading(plan["title"], 0)
    document.add_paragraph(plan["fiction"])
    for part in plan["parts"]:
        document.add_paragraph(part["title"])
        for paragraph in part["paragraphs"]:
            document.add_paragraph(paragraph)
    document.add_paragraph(plan["annex"])
    rows = plan["indicators"]
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return write_whole(path, buffer.getvalue())
