"""Where the workings stand in pages, and what each group of them needs."""

from __future__ import annotations

from dataclasses import dataclass

from hengtan.desk.workings import (
    Working,
    assessments,
    budgets,
    checks,
    plans,
    portfolios,
    rules,
)


@dataclass(frozen=True)
class Group:
    """Workings under one address and one need; ``here``: the entry of the menu that is marked;
    ``back``: the page they belong to.
    """

    prefix: str
    need: str
    here: str
    back: str
    workings: tuple[Working, ...]

    def working(self, name: str) -> Working | None:
        """A working by its name."""
        return next((working for working in self.workings if working.name == name), None)


WORKBOOKS = Group(
    "/workbooks",
    "account.read",
    "workings",
    "/workbooks",
    (*assessments.WORKINGS, *budgets.WORKINGS, *portfolios.WORKINGS, *checks.WORKINGS),
)
RULES = Group("/rules/tables", "rule.use", "rules", "/rules", rules.WORKINGS)
PLANS = Group("/plans/documents", "plan.read", "plans", "/plans", plans.WORKINGS)
GROUPS = (WORKBOOKS, RULES, PLANS)


def working_of(name: str) -> Working:
    """A working of any group. Raises KeyError."""
    return {working.name: working for group in GROUPS for working in group.workings}[name]
