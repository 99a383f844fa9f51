"""What has to be known of a table computed by a rule, beside its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hengtan.desk.rule_columns import nearest
from hengtan.desk.rule_tables import Computing

SHOWN_REASONS = 20
"""Reasons of refused rows that are shown beside the table."""


@dataclass(frozen=True)
class NotesOf:
    """What has to be known of a computed table, a line each; complete once the table is."""

    computing: Computing

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        tally, rule = self.computing.tally, self.computing.rule
        yield "规则", rule.id, rule.title_zh.partition("（")[0]
        if tally.totals:
            yield "合计行", f"{tally.totals} 行没有计算"
        if tally.carried:
            yield "原样带回", "、".join(tally.carried)
        for title in tally.unknown:
            near = nearest(rule, title)
            hint = f"，是否为“{near}”" if near else ""
            yield "没有用到", f"“{title}”不是这条规则的输入项{hint} | not an input"
        if tally.sheets:
            yield "没有读", f"其余工作表：{'、'.join(tally.sheets)}"
        for text, rows in tally.warnings.most_common():
            yield "提示", text, f"{rows} 行"
        for text, rows in tally.reasons.most_common(SHOWN_REASONS):
            yield "未能计算", text, f"{rows} 行"
        if len(tally.reasons) > SHOWN_REASONS:
            yield "未能计算", f"另有 {len(tally.reasons) - SHOWN_REASONS} 种原因，见 refused 列"
