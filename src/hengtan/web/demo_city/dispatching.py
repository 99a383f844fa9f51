"""Tasks of the city: dispatched, answered, returned, overdue, closed; and what it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hengtan.basis.actor import Actor
from hengtan.demo.city import CITY, DEPARTMENTS, Someone
from hengtan.desk.bulletin import make
from hengtan.desk.bulletin_issues import freeze
from hengtan.office import publishing
from hengtan.office.bulletin_drafts import BulletinDraft, fingerprint
from hengtan.office.permission import Thing
from hengtan.report.bulletin_text import paragraphs
from hengtan.web import trail
from hengtan.web.demo_city.stage import Stage
from hengtan.web.rooms.bulletins.models import DraftRow
from hengtan.web.rooms.tasks import doing
from hengtan.web.rooms.tasks.doing import Said, Wish
from hengtan.web.rooms.tasks.models import Task
from hengtan.workspace.asof import AsOf


@dataclass(frozen=True)
class Kind:
    """A task of the city: what becomes of it, who leads, who helps, days from today to its last."""

    state: str
    title: str
    lead: int
    helpers: tuple[int, ...]
    days: int
    urgent: bool = False


TASKS = (
    Kind("draft", "演示：汇总园区循环化改造清单", 2, (1,), 30),
    Kind("open", "演示：报送充换电设施建设进度", 4, (0,), 12),
    Kind("open", "演示：核对绿色工厂名单", 2, (), 20, urgent=True),
    Kind("overdue", "演示：补报县城生活垃圾分类数据", 4, (1,), -4),
    Kind("answered", "演示：开展重点行业节能诊断", 0, (2,), 8),
    Kind("returned", "演示：提出再生资源回收网点方案", 3, (0,), 6),
    Kind("closed", "演示：发布公共机构节能情况", 0, (), 3),
)
"""Departments by their number in ``DEPARTMENTS``."""
DISPATCHED_BEFORE = 9
"""Days before today on which tasks went out."""


def department(stage: Stage, number: int) -> Someone:
    """Who answers for a department."""
    name = DEPARTMENTS[number]
    return next(p for p in stage.story.people if p.department == name)


def dispatch(stage: Stage) -> dict[str, Task]:
    """Make all tasks and hand out those that are no draft; gives them by title."""
    by = stage.let(stage.story.named("coordinator"), "task.dispatch", Thing(place=CITY)).name
    tasks = {}
    for kind in TASKS:
        wish = Wish(
            title=kind.title,
            departments=tuple(DEPARTMENTS[n] for n in (kind.lead, *kind.helpers)),
            place=CITY,
            text="演示任务，内容为虚构：请按季度报送进展并附佐证材料。",
            due=stage.story.day + timedelta(days=kind.days),
            is_urgent=kind.urgent,
        )
        tasks[kind.title] = task = doing.make(wish, by)
        if kind.state != "draft":
            doing.dispatch(stage.app, task, by, stage.clock.day)
    return tasks


def answer(stage: Stage, tasks: dict[str, Task], evidence: Path) -> None:
    """What departments answer, each with a file, and what the coordinator makes of it."""
    by = stage.person(stage.story.named("coordinator")).name
    permission, steps = stage.app.permission, _Steps(stage, evidence)
    for kind in TASKS:
        task = tasks[kind.title]
        if kind.state in ("answered", "returned", "closed"):
            for number in (kind.lead, *kind.helpers):
                steps.answers(task, number)
        if kind.state == "returned":
            reason = "演示：缺少网点坐标，请补充后再报"
            doing.send_back(permission, task, DEPARTMENTS[kind.lead], reason, by)
        if kind.state == "closed":
            doing.close(stage.app, task, "演示：材料齐全", by, stage.clock.day)
        if kind.state == "overdue":
            doing.remind(permission, task, by, "演示：已过时限，请尽快报送")


@dataclass(frozen=True)
class _Steps:
    stage: Stage
    evidence: Path

    def answers(self, task: Task, number: int) -> None:
        """A department answers, with a file."""
        someone, name = department(self.stage, number), DEPARTMENTS[number]
        by = self.stage.let(someone, "task.answer", Thing(place=CITY, department=name)).name
        said = Said(
            name,
            "演示：已完成摸底，正按计划推进。",
            percent=60.0,
            figures="演示：完成 12 家，共 20 家",
            files=((self.evidence.name, self.evidence.read_bytes()),),
        )
        doing.answer(task, said, by, self.stage.app)


def publish(stage: Stage) -> None:
    """The publisher freezes where the targets stand."""
    publisher = stage.let(stage.story.named("publisher"), "record.publish", Thing(place=CITY))
    view = stage.app.site.view()
    within = stage.app.permission.within(CITY)
    head, events = str(view.meta["ledger_head"]), stage.workspace.ledger.current().events
    draft = publishing.Draft("演示：重庆市目标进度", CITY, publisher.name, "演示城市，供试用")
    publication = publishing.publish(
        stage.workspace.folder,
        draft,
        publishing.published_view(view, lambda target: target["region_code"] in within),
        head=head,
        entries=len(events),
        now=stage.clock.at,
    )
    what = f"{publication.id} {publication.title} {publication.digest[:16]} @{head[:16]}"
    trail.add("published", what, by=publisher.name)


def bulletins(stage: Stage, before: str, now: str) -> None:
    """The bulletin of the month before is approved and frozen; that of the month under way waits
    for approval, where there are figures for one.
    """
    analyst = stage.let(stage.story.named("analyst"), "bulletin.write", Thing(place=CITY)).name
    publisher = stage.let(
        stage.story.named("publisher"), "bulletin.approve", Thing(place=CITY)
    ).name

    def written(period: str) -> tuple[dict[str, object], BulletinDraft]:
        as_of = AsOf.of(today=stage.clock.day)
        bulletin = stage.app.site.ask(make, period, as_of=as_of)
        text, figures = tuple(paragraphs(bulletin)), fingerprint(bulletin)
        draft = BulletinDraft(period, text, figures, {}, analyst)
        _keep(draft, None, "bulletin.start", analyst)
        after = draft.submitted(figures)
        _keep(after, draft.version, "bulletin.submit", analyst)
        return bulletin, after

    bulletin, draft = written(before)
    approved = draft.approved(draft.figures)
    text = [list(section) for section in approved.text]
    issue = {**bulletin, "text": text, "official": {}, "written_by": analyst}
    _keep(approved, draft.version, "bulletin.approve", publisher)
    stage.app.site.ask(freeze, issue, Actor(publisher))
    written(now)


def _keep(draft: BulletinDraft, before: int | None, kind: str, by: str) -> None:
    DraftRow.keep(draft, before)
    trail.add(kind, draft.period, by=by)
