"""Whether a kind of case file fits the forms, accounts and rules it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from hengtan.instruments.case_files.declared import (
    FIXED_WORD,
    JUDGED_ON,
    Asked,
    CaseFile,
    Deadline,
    Issued,
)

Forms = Mapping[str, Sequence[str]]
"""Columns by form."""


def problems_of(case_file: CaseFile, forms: Forms, accounts: Collection[str]) -> Iterator[str]:
    """What does not fit forms, accounts or rules; columns of accounts are known only in a run."""
    for table in case_file.tables:
        if table not in forms and table not in accounts:
            yield f"没有报表或账户“{table}”"
    head = forms.get(case_file.form, ())
    named = (case_file.subject, case_file.name, case_file.place, case_file.entity)
    for column in (*named, case_file.begins, case_file.ends):
        if column and column not in head:
            yield f"“{case_file.form}”没有列“{column}”"
    for table, (column, head_column) in case_file.feeds.items():
        if column not in forms.get(table, (column,)):
            yield f"“{table}”没有列“{column}”"
        if head_column not in head:
            yield f"“{case_file.form}”没有列“{head_column}”"
    for listed in case_file.lists:
        form = listed.of or case_file.form
        columns = filter(None, (*listed.when, listed.until, listed.name))
        missing = (column for column in columns if column not in forms.get(form, ()))
        yield from (f"“{form}”没有列“{column}”" for column in missing)
    for asked in case_file.asked:
        yield from _problems_of_rule(asked)
        yield from _problems_of_columns(case_file, asked, forms)
    for deadline in case_file.deadlines:
        yield from _problems_of_deadline(case_file, deadline, forms)
    for document in case_file.documents:
        yield from _problems_of_document(case_file, document, forms)


def _problems_of_rule(asked: Asked) -> Iterator[str]:
    """What of inputs, options and parameters the rule does not have."""
    from hengtan.instruments.registry import rules

    editions = [rule for rule in rules() if rule.id == asked.rule]
    if not editions:
        yield f"没有规则“{asked.rule}”"
        return
    inputs = {item.name for rule in editions for item in rule.inputs}
    options = {name for rule in editions for name in rule.options}
    parameters = {name for rule in editions for name in rule.parameter_names}
    for name in asked.inputs:
        if name not in inputs:
            yield f"规则“{asked.rule}”没有输入项“{name}”"
    for name, source in asked.inputs.items():
        items = [item for rule in editions for item in rule.inputs if item.name == name]
        fields = {part.name for item in items for part in item.fields}
        for column in source.columns:
            if column not in fields:
                yield f"规则“{asked.rule}”的“{name}”没有列“{column}”"
    for name in asked.options:
        if name not in options:
            yield f"规则“{asked.rule}”没有选项“{name}”"
    for name in asked.parameters:
        if not any(name == known or name.startswith(f"{known}.") for known in parameters):
            yield f"规则“{asked.rule}”没有参数“{name}”"


def _problems_of_columns(case_file: CaseFile, asked: Asked, forms: Forms) -> Iterator[str]:
    """Columns that are named and that no form has."""
    near = {JUDGED_ON, *forms.get(case_file.form, ()), *forms.get(asked.of, ())}
    is_known = not asked.of or asked.of in forms
    for source in asked.sources:
        if source.column and not source.table and is_known and source.column not in near:
            yield f"“{asked.id}”：没有列“{source.column}”"
        columns = forms.get(source.table)
        if columns is None:
            continue
        for column in (source.column, source.name, source.amount, *source.columns.values()):
            if column and column[0] != FIXED_WORD and column not in columns:
                yield f"“{asked.id}”：“{source.table}”没有列“{column}”"


def _problems_of_deadline(case_file: CaseFile, deadline: Deadline, forms: Forms) -> Iterator[str]:
    near = {*forms.get(case_file.form, ()), *forms.get(deadline.of, ())}
    is_known = not deadline.of or deadline.of in forms
    of_verdict = deadline.day.rpartition(".")[0]
    if of_verdict:
        if of_verdict not in [asked.id for asked in case_file.asked]:
            yield f"期限“{deadline.id}”：没有判定“{of_verdict}”"
    elif is_known and deadline.day not in near:
        yield f"期限“{deadline.id}”：没有列“{deadline.day}”"
    for column in (*deadline.since, deadline.every):
        if column and column[0] != FIXED_WORD and column not in forms.get(case_file.form, ()):
            yield f"期限“{deadline.id}”：没有列“{column}”"
    if deadline.done and is_known and deadline.done not in near:
        yield f"期限“{deadline.id}”：没有列“{deadline.done}”"


def _problems_of_document(case_file: CaseFile, document: Issued, forms: Forms) -> Iterator[str]:
    """Columns that a document states and that its forms do not have."""
    stated = {case_file.form: (*document.facts, *filter(None, (document.to,))), **document.tables}
    for table, columns in stated.items():
        for column in columns:
            if column not in forms.get(table, (column,)):
                yield f"文书“{document.id}”：“{table}”没有列“{column}”"
