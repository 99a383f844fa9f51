"""Handing rows in: who hands in what, and what the ledger gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, WrongState
from hengtan.ledger import chain
from hengtan.ledger.chain import Record, Register

OF_TASK = "task"
"""The channel of files that answer a task; their note names it: number and title."""


@dataclass(frozen=True)
class Meta:
    """Who hands in what.

    ``place`` is the place the rows are about; the reporting body is ``actor.behalf``, else the
    place. ``file`` is the original's bytes or path; ``supersedes`` the submission this one corrects
    as a whole; ``whole_list`` says that the rows are all of their lists, so that what is no longer
    among them is taken away on approval. ``key``: the name a program gave its request; what the
    same actor sends again under it is the submission that is there, whatever became of it.
    """

    actor: Actor
    place: str | None = None
    channel: str = "file"
    file_name: str | None = None
    file: bytes | Path | None = None
    sheet: str | None = None
    demo: bool = False
    note: str | None = None
    supersedes: str | None = None
    whole_list: bool = False
    key: str | None = None

    def record(
        self,
        now: Register,
        form: str,
        file_sha: str | None,
        counted: tuple[int, str],
        columns: Mapping[str, str],
        moment: datetime,
    ) -> Record:
        """The record of a new submission; ``counted``: number and digest of its rows."""
        return Record(
            submission=f"S{len(now.records) + 1:06d}",
            form=form,
            place=self.place,
            actor=self.actor.name,
            channel=self.channel,
            file_name=self.file_name,
            file_sha256=file_sha,
            sheet=self.sheet,
            demo=bool(self.demo),
            note=self.note,
            supersedes=self.supersedes,
            rows=counted[0],
            rows_digest=counted[1],
            columns=json.dumps(list(columns.items())),
            at=moment,
            body=self.actor.behalf,
            whole_list=True if self.whole_list else None,
            key=self.key,
        )


class KeyUsedAgain(HengtanError):
    """A request under the name of another one."""

    def __init__(self, key: str, submission: str) -> None:
        super().__init__(
            f"幂等键“{key}”已用于另一份内容（{submission}）",
            f"the key '{key}' was used for other content ({submission})",
            todo="内容不同的请求请换一个键",
            todo_en="use another key for another request",
        )


@dataclass(frozen=True)
class Submission:
    """What ``submit`` gives back; ``existing`` when the same file was there already and nothing was
    written.
    """

    id: str
    form: str
    state: str
    rows: int
    head: str
    existing: bool = False

    @classmethod
    def existing_one(cls, now: Register, record: Record) -> Submission:
        """The submission that stands already, as it is now."""
        number = record.submission
        return cls(number, record.form, now.state(number), record.rows, now.head, existing=True)

    def __repr__(self) -> str:
        stands = "，已在台账中" if self.existing else ""
        state = chain.STATES_ZH.get(self.state, self.state)
        return f"<Submission {self.id} {self.form} {self.rows}行 {state}{stands}>"


def known(now: Register, submission: str) -> Record:
    """The record of a submission. Raises ``WrongState`` naming an unknown one."""
    if submission not in now.records:
        raise WrongState(
            f"没有编号为 {submission} 的提交",
            f"there is no submission {submission}",
            todo="请用 hengtan submissions 查看编号",
            todo_en="see the ids with hengtan submissions",
        )
    return now.records[submission]


def is_held(now: Register, form: str, file_sha: str | None) -> bool:
    """Whether a submission of the form came from this very file."""
    return file_sha is not None and any(
        record.file_sha256 == file_sha for record in now.by_form.get(form, ())
    )


def same_request(
    now: Register, form: str, file_sha: str | None, meta: Meta, digest: str
) -> Record | None:
    """The submission of the request that has this name, whatever became of it since.

    The name stands in the record, written with the rows in one transaction: whoever sends again
    because no answer came finds it wherever it was answered, or it was never written. Raises
    KeyUsedAgain where other content has the name.
    """
    if meta.key is None:
        return None
    record = now.by_key.get((meta.actor.name, meta.key))
    if record is None:
        return None
    content = (file_sha, None) if file_sha else (None, digest)
    wanted = (form, meta.place, meta.actor.behalf, meta.supersedes, *content)
    stored = (record.file_sha256, None) if file_sha else (record.file_sha256, record.rows_digest)
    if wanted != (record.form, record.place, record.body, record.supersedes, *stored):
        raise KeyUsedAgain(meta.key, record.submission)
    return record


def same_file(
    now: Register, form: str, file_sha: str | None, meta: Meta, digest: str
) -> Record | None:
    """The submission that already holds exactly this file's rows, if it still stands."""
    if file_sha is None:
        return None
    gone = {"returned", "rejected", "withdrawn"} | ({"superseded"} if meta.supersedes else set())
    wanted = (file_sha, meta.sheet, digest)
    for record in reversed(now.by_form.get(form, ())):
        same = (record.file_sha256, record.sheet, record.rows_digest) == wanted
        if same and now.state(record.submission) not in gone:
            return record
    return None


def supersedable(now: Register, form: str, old: str | None) -> None:
    """Raise ``WrongState`` unless a submission of this form may take the place of ``old``."""
    if old is None:
        return
    if known(now, old).form != form:
        raise WrongState(
            f"{old} 属于报表“{now.records[old].form}”，不是“{form}”",
            f"{old} belongs to the form {now.records[old].form!r}, not {form!r}",
            todo="请检查编号",
            todo_en="check the id",
        )
    if "superseded" not in chain.STEPS[now.state(old)]:
        chain.check_step(old, now.state(old), "superseded")
