"""A table as JSON in pages, or whole as CSV or Parquet: as the end of the name or the ``Accept``
header asks.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from hengtan.report.files import safe

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET, CSV, JSON = "application/vnd.apache.parquet", "text/csv", "application/json"
ENDINGS = {".parquet": PARQUET, ".csv": CSV, ".json": JSON}
BOM = b"\xef\xbb\xbf"
"""So that Excel reads Chinese."""


def asked_for(request: HttpRequest, name: str) -> tuple[str, str]:
    """The name without its ending, and the kind of answer."""
    for ending, kind in ENDINGS.items():
        if name.endswith(ending):
            return name.removesuffix(ending), kind
    accepted = request.headers.get("Accept", "")
    return name, next((kind for kind in (PARQUET, CSV) if kind in accepted), JSON)


def as_file(table: pa.Table, name: str, kind: str) -> HttpResponse:
    """A table whole."""
    ending = next(end for end, known in ENDINGS.items() if known == kind)
    content = _parquet(table) if kind == PARQUET else _csv(table)
    disposition = f'attachment; filename="{name}{ending}"'
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": disposition, "Vary": "Accept"}
    )


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _csv(table: pa.Table) -> bytes:
    import csv

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.column_names)
    for batch in table.to_batches():
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow([_cell(value) for value in row])
    return BOM + text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return safe(";".join(map(str, value)) if isinstance(value, (list, tuple)) else value)
