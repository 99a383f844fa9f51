"""What figures are about and how they are reported: places, indicators, forms, rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query

from hengtan.basis.errors import HengtanError
from hengtan.desk.rules import calc, rule_of
from hengtan.instruments.registry import rules as all_rules
from hengtan.web.rooms.api.asking import Paging, Where, conditions, site
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.routing import Router
from hengtan.web.site import as_json

FIELD = ("id", "title_zh", "title_en", "type", "required", "unit", "unit_field", "reference")


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "lists")

    @operations.get("/places", "status.read", ("地区", "Places"))
    def places(request: HttpRequest, asked: Query[Paging]) -> Any:
        return _of_pack(request, "places", asked)

    @operations.get("/indicators", "status.read", ("指标", "Indicators"))
    def indicators(request: HttpRequest, asked: Query[Paging]) -> Any:
        return _of_pack(request, "indicators", asked)

    @operations.get("/forms", "record.read", ("报表", "Forms"))
    def forms(request: HttpRequest) -> Any:
        shown = _forms_for(request)
        listed = [{"form": f.id, "title_zh": f.title_zh, "title_en": f.title_en} for f in shown]
        return as_json({"forms": listed})

    @operations.get("/forms/{form}", "record.read", ("报表的字段", "The fields of a form"))
    def form(request: HttpRequest, form: str) -> Any:
        return as_json(_defined(site(request).workspace.form(form)))

    @operations.get("/rules", "rule.use", ("规则", "Rules"))
    def rules(request: HttpRequest) -> Any:
        return as_json({"rules": [rule.as_dict() for rule in all_rules()]})

    @operations.get("/rules/{rule_id}", "rule.use", ("规则的输入与依据", "A rule"))
    def rule(request: HttpRequest, rule_id: str) -> Any:
        return as_json(rule_of(rule_id, {}).as_dict())

    @operations.get(
        "/rules/{rule_id}/result",
        "rule.use",
        ("按规则计算（`input=名称=值`）", "What a rule gives (`input=name=value`)"),
    )
    def result(request: HttpRequest, rule_id: str, input: Where) -> Any:
        stated = conditions(input)
        known = {entry.name for entry in rule_of(rule_id, stated).inputs} | {"date", "region"}
        strange = sorted(set(stated) - known)
        if strange:
            raise HengtanError(
                f"规则没有输入“{strange[0]}”",
                f"the rule has no input '{strange[0]}'",
                todo=f"可用：{'、'.join(sorted(known))}",
                todo_en=f"known: {', '.join(sorted(known))}",
            )
        return as_json(site(request).ask(calc, rule_id, stated))


def _of_pack(request: HttpRequest, table: str, asked: Paging) -> Any:
    pack = site(request).workspace.pack
    page = asked.cut(pack.rows(table), table, pack.version)
    return as_json({table: page["rows"], "next": page["next"]})


def _forms_for(request: HttpRequest) -> list[Any]:
    clauses = request.app.permission.clauses_of(request.person, "record.read")
    forms = site(request).workspace.forms.values()
    return [f for f in forms if any(way.form is None or f.id in way.form for way in clauses)]


def _defined(form: Any) -> dict[str, Any]:
    fields = [{name: getattr(field, name) for name in FIELD} for field in form.fields]
    return {
        "form": form.id,
        "title_zh": form.title_zh,
        "title_en": form.title_en,
        "note_zh": form.note_zh,
        "note_en": form.note_en,
        "key": list(form.key),
        "fields": fields,
        "checks": [{"id": c.id, "level": c.level, "zh": c.zh, "en": c.en} for c in form.checks],
    }
