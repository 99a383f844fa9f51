"""Taking a file in: read, check, submit, all or nothing; a dry run reports every finding and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, ImportRejected, Where

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


@dataclass(frozen=True)
class ImportReport:
    """What an import found and did. ``submission`` is None for a dry run; ``unchanged`` says the same file was there already."""

    form: str
    file: str
    sheet: str | None
    rows: int
    findings: list[Finding] = field(default_factory=list)
    submission: dict[str, Any] | None = None
    unchanged: bool = False
    dry_run: bool = False

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid taking the file in."""
        return [f for f in self.findings if f.level == "error"]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "form": self.form,
            "file": self.file,
            "sheet": self.sheet,
            "rows": self.rows,
            "dry_run": self.dry_run,
            "unchanged": self.unchanged,
            "submission": self.submission,
            "findings": [f.as_dict() for f in self.findings],
        }


def import_file(
    workspace: Workspace,
    form_id: str,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    sheet: str | None = None,
    approve: bool = False,
    place: str | None = None,
    progress: Callable[[float, str], None] | None = None,
    demo: bool = False,
) -> ImportReport:
    """Read a file as a form and submit its rows. Raises ImportRejected with every error finding; nothing is then written.

    ``approve`` records the approval in the same step (a one-person office); otherwise the submission waits as ``submitted``. ``demo`` marks the rows as made for
    demonstration.
    """
    from hengtan.ledger import Meta
    from hengtan.ledger.reading import read_form

    form = workspace.form(form_id)
    reading = read_form(
        path,
        form,
        places=workspace.pack.places(),
        lookups=lookups(workspace),
        sheet=sheet,
        progress=progress,
    )
    reading.findings.extend(_compared(workspace, form, reading, path.name))
    reading.findings.sort(key=lambda f: f.level != "error")
    report = ImportReport(
        form_id, path.name, reading.sheet, reading.table.num_rows, reading.findings, dry_run=dry_run
    )
    if report.errors and not dry_run:
        first = report.errors[0]
        raise ImportRejected(
            f"{first.zh}（共{len(report.errors)}处错误，未导入任何数据）",
            f"{first.en} ({len(report.errors)} errors, nothing imported)",
            where=first.where,
            todo=first.todo or "改正后重新导入",
            todo_en=first.todo_en or "correct the file and import again",
            findings=reading.findings,
        )
    if dry_run:
        return report
    if reading.table.num_rows == 0:
        raise ImportRejected(
            "没有数据行",
            "no rows of data",
            where=Where(path.name, reading.sheet),
            todo="检查表头与数据区",
            todo_en="check header and rows",
        )
    meta = Meta(
        actor=actor,
        place=place or workspace.settings.region,
        channel="file",
        file_name=path.name,
        file=path,
        sheet=reading.sheet,
        demo=demo,
    )
    done = workspace.ledger.submit(form_id, reading.table, meta)
    if approve and done.state == "submitted":
        workspace.ledger.record(done.id, "approved", actor)
    if not done.existing:
        workspace.ledger.tidy()
    return ImportReport(
        form_id,
        path.name,
        reading.sheet,
        done.rows,
        reading.findings,
        workspace.ledger.submission(done.id),
        done.existing,
    )


def _compared(workspace: Workspace, form: Any, reading: Any, file: str) -> list[Finding]:
    """Findings of the form's comparisons with what the ledger holds and with the ranges of the packs; rows with an error of their own are left out."""
    if not form.comparisons or not reading.table.num_rows:
        return []
    import pyarrow as pa
    import pyarrow.compute as pc

    from hengtan.ledger.comparisons import columns_of, compare
    from hengtan.packs.arrow import to_arrow

    wrong = pa.array(
        sorted({f.where.row for f in reading.errors if f.where.row is not None}), pa.int64()
    )
    sound = reading.table.filter(pc.invert(pc.is_in(reading.table["_source_row"], wrong)))
    columns = ", ".join(f'"{c}"' for c in columns_of(form))
    held = workspace.ledger.query_arrow(
        f'select {columns} from memory.main."{workspace.ledger.effective(form.id, schema=form.schema())}"'
    )
    ranges = {c.table: to_arrow(workspace.pack, c.table) for c in form.comparisons if c.table}
    return compare(
        form,
        sound,
        held,
        title=lambda field: str(reading.mapping.get(field, form.field(field).title_zh)),
        file=file,
        sheet=reading.sheet,
        ranges=ranges,
    )


def lookups(workspace: Workspace) -> dict[str, dict[str, str | tuple[str, ...]]]:
    """What a reference field may hold, by pack table: every id and name → id, or the ids of rows that share the name.

    Indicators also take the names of series; where both have a name, it is the indicator's.
    """
    pack = workspace.pack
    found: dict[str, dict[str, str | tuple[str, ...]]] = {"indicators": {}}
    for table, key, names in (
        ("series", "series", ("name_zh", "name_en")),
        ("indicators", "indicator", ("name_zh", "name_en")),
        ("milestones", "milestone", ("name_zh", "name_en")),
        ("measures", "clause_ref", ("title_zh", "title_en")),
        ("registries", "registry_id", ("title_zh", "title_en")),
        ("publishers", "publisher", ("name_zh", "name_en")),
        ("energy_products", "product", ("name_zh", "name_en")),
        ("balance_rows", "row", ("name_zh", "name_en")),
        ("industries", "industry", ("name_zh", "name_en")),
        ("activity_items", "item", ("name_zh", "name_en")),
        ("inventory_categories", "category", ("name_zh", "name_en")),
        ("unit_items", "item", ("name_zh", "name_en")),
    ):
        named: dict[str, list[str]] = {}
        for row in pack.rows(table):
            for text in {
                *(row[n] for n in names if row[n]),
                *row.get("aliases", ()),
                *_bare(table, row),
            }:
                named.setdefault(text, []).append(row[key])
        words = found.setdefault("indicators" if table == "series" else table, {})
        words |= {text: ids[0] if len(ids) == 1 else tuple(ids) for text, ids in named.items()}
        words |= {row[key]: row[key] for row in pack.rows(table)}
    for row in pack.rows("targets"):
        found["indicators"].setdefault(row["indicator_zh"], row["indicator"])
    return found


def _bare(table: str, row: dict[str, Any]) -> set[str]:
    """A balance row's name as people write it: without its number, without 其中 and the sign in brackets."""
    if table != "balance_rows":
        return set()
    name = re.sub(
        r"^(其中：|[一二三四五六七八九十]+、|（[一二三四五六七八九十]）)", "", row["name_zh"]
    )
    return {name, re.sub(r"（[-+]）", "", name)}


def choices(workspace: Workspace) -> dict[str, dict[str, str]]:
    """For the lists of a template: by pack table, id → Chinese name; indicators only those of the plans, if there are any."""
    pack = workspace.pack
    wanted = {row["indicator"] for row in pack.rows("targets")}
    return {
        "indicators": {
            r["indicator"]: r["name_zh"]
            for r in pack.rows("indicators")
            if not wanted or r["indicator"] in wanted
        },
        "milestones": {r["milestone"]: r["name_zh"] for r in pack.rows("milestones")},
        "measures": {r["clause_ref"]: r["title_zh"] for r in pack.rows("measures")},
        "registries": {r["registry_id"]: r["title_zh"] for r in pack.rows("registries")},
        "publishers": {r["publisher"]: r["name_zh"] for r in pack.rows("publishers")},
        "energy_products": {r["product"]: r["name_zh"] for r in pack.rows("energy_products")},
        "balance_rows": {r["row"]: r["name_zh"] for r in pack.rows("balance_rows")},
        "industries": {r["industry"]: r["name_zh"] for r in pack.rows("industries")},
        "activity_items": {r["item"]: r["name_zh"] for r in pack.rows("activity_items")},
        "unit_items": {r["item"]: r["name_zh"] for r in pack.rows("unit_items")},
        "inventory_categories": {
            r["category"]: r["name_zh"] for r in pack.rows("inventory_categories")
        },
    }
