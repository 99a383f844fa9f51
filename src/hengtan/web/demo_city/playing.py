"""The month of the city, in the order of its days: what was there before, who files when, who
decides, what goes out. ``made_city`` plays it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hengtan.basis.period import Period
from hengtan.basis.whole_folders import refuse_used, whole_folder
from hengtan.demo.city import (
    CITY,
    ENTERPRISE,
    FIGURES,
    LONGER,
    MONTHLY,
    REVIEWED,
    Firm,
    Someone,
    Story,
)
from hengtan.demo.city_figures import goals, months, of_firm, of_firms_before, period_zh
from hengtan.demo.public import load_observations
from hengtan.web.demo_city import dispatching, filing, nature, people, permits
from hengtan.web.demo_city.stage import Stage, empty_city

Progress = Callable[[float, str], None]
FILES = "演示数据"
SETTLED_BEFORE = 19
"""Days before the month ended on which the figures before it came in."""
FILED = ("approved", "at_city", "at_district", "returned")
"""Districts that filed in time."""
REASON = "演示：煤炭消费量与上年同期相差过大，请核对后重报"
REASON_FIRM = "演示：用电量按千瓦时填报，应折成万千瓦时"


def make_city(folder: Path, day: date, progress: Progress) -> None:
    """Make the city of a day in a new folder, whole or not at all. Raises HengtanError."""
    refuse_used(folder)
    with whole_folder(folder) as home, empty_city(home) as workspace:
        story = Story.on(day, workspace.pack.places())
        stage = Stage.of(workspace, story)
        try:
            Play(stage, home / FILES, progress).all()
        finally:
            stage.app.close()


@dataclass
class Play:
    """The story being played; ``waiting``: submissions by who is to decide on them next."""

    stage: Stage
    files: Path
    progress: Progress
    numbers: dict[str, str] = field(default_factory=dict)
    """The submission of the month, by district or enterprise."""

    def all(self) -> None:
        """Play it."""
        stage, story = self.stage, self.stage.story
        self.progress(0.0, "建立账号与授权")
        people.make_people(stage)
        people.make_calendar(stage)
        self.progress(0.1, "载入公开统计资料")
        stage.clock.goes_to(story.ended - timedelta(days=SETTLED_BEFORE + 1), 9)
        load_observations(stage.workspace, lambda share, text: None, at=stage.clock.at)
        stage.clock.goes_to(story.ended - timedelta(days=SETTLED_BEFORE), 9)
        self.before()
        self.month()
        self.progress(0.85, "派发任务、编制通报、发布")
        self.after()
        self.progress(1.0, "完成")

    def before(self) -> None:
        """The months before the one under way, the goals, and the permits."""
        self.progress(0.15, "导入以前各月")
        stage, story = self.stage, self.stage.story
        clerk = next(p for p in story.people if p.name == f"演示{FIGURES}")
        earlier, now = months(story)
        names = {CITY: "重庆市"} | {code: name for code, name, _ in story.districts}
        period = Period.read(period_zh(story.ended.year, story.ended.month)).zh()
        self.now = {
            code: {**row, "place": names[code], "period": period} for code, row in now.items()
        }
        lists = {MONTHLY: earlier, "intensity_goals": goals(story)}
        firms = of_firms_before(story)
        if firms:  # none before January
            lists[ENTERPRISE] = firms
        reviewers = [p for p in story.people if p.role == "reviewer" and p.place == CITY]
        for n, (form, rows) in enumerate(lists.items()):
            number = filing.load(stage, clerk, form, rows, self.files)
            stage.clock.goes_to(stage.clock.day, 10 + n)
            # the form of districts has two levels, and nobody takes both
            for reviewer in reviewers if form in people.LEVELS else reviewers[:1]:
                filing.decide(stage, reviewer, [number], "approve")
        stage.clock.goes_to(stage.clock.day, 10 + len(lists))
        permits.keep_files(stage)
        nature.file_nature(stage, self.files)

    def month(self) -> None:
        """The month under way, act by act in the order of their moments."""
        acts = sorted(self._acts(), key=lambda act: act[:2])
        for n, (day, hour, _, act) in enumerate(acts):
            self.progress(0.3 + 0.55 * n / len(acts), f"{day:%m-%d} 填报与审核")
            self.stage.clock.goes_to(day, hour)
            act()

    def _acts(self) -> Iterator[tuple[date, int, int, Callable[[], object]]]:
        """Day, hour, number and act."""
        number = 0
        for group in (self._of_districts, self._of_firms, self._of_city):
            for day, hour, act in group():
                number += 1
                yield day, hour, number, act

    def _of_districts(self) -> Iterator[tuple[date, int, Callable[[], object]]]:
        story = self.stage.story
        first = story.ended + timedelta(days=2)
        span = max((story.due - first).days - 1, 1)
        for n, (code, _, state) in enumerate(story.districts):
            day = first + timedelta(days=n % span)
            if state in FILED:
                yield day, 9, self._files(code)
            if state == "late":
                yield story.due + timedelta(days=1), 9, self._files(code)
            if state in ("approved", "at_city"):
                yield day + timedelta(days=1), 15, self._reviews(code)
            if state == "late":
                yield story.due + timedelta(days=1), 15, self._reviews(code)
            if state == "returned":
                yield day + timedelta(days=1), 16, self._reviews(code, "return", REASON)
            if state == "drafted":
                yield story.due, 10, self._drafts(code)
            if state == "longer":
                yield story.due, 11, self._longer(code)

    def _files(self, code: str) -> Callable[[], object]:
        def act() -> None:
            row = self.now[code]
            who = self.stage.story.named("filer", code)
            self.numbers[code] = filing.file(self.stage, who, MONTHLY, [row], row["period"])

        return act

    def _drafts(self, code: str) -> Callable[[], object]:
        def act() -> None:
            row = {**self.now[code], "coal": None, "electricity": None}
            who = self.stage.story.named("filer", code)
            filing.begin(self.stage, who, MONTHLY, [row], row["period"])

        return act

    def _reviews(self, code: str, do: str = "approve", reason: str = "") -> Callable[[], object]:
        def act() -> None:
            who = self.stage.story.named("reviewer", code)
            filing.decide(self.stage, who, [self.numbers[code]], do, reason)

        return act

    def _longer(self, code: str) -> Callable[[], object]:
        return lambda: people.give_longer(self.stage, code, LONGER)

    def _of_firms(self) -> Iterator[tuple[date, int, Callable[[], object]]]:
        story = self.stage.story
        for n, firm in enumerate(story.firms):
            day = story.due - timedelta(days=1)
            if firm.state in ("approved", "waiting", "returned"):
                yield day, 13, self._firm_files(firm)
            if firm.state == "drafted":
                yield day, 14, self._firm_drafts(firm)
            if firm.state == "approved":
                yield story.due, 14 + n % 2, self._firm_reviewed(firm)
            if firm.state == "returned":
                yield story.due, 16, self._firm_reviewed(firm, "return", REASON_FIRM)

    def _who(self, firm: Firm) -> Someone:
        return next(p for p in self.stage.story.people if p.entity == firm.code)

    def _period(self) -> str:
        ended = self.stage.story.ended
        return f"{ended.year}年{ended.month}月"

    def _firm_files(self, firm: Firm) -> Callable[[], object]:
        def act() -> None:
            rows = of_firm(self.stage.story, firm, wrong=firm.state == "returned")
            self.numbers[firm.code] = filing.file(
                self.stage, self._who(firm), ENTERPRISE, rows, self._period()
            )

        return act

    def _firm_drafts(self, firm: Firm) -> Callable[[], object]:
        rows = of_firm(self.stage.story, firm)[:1]
        return lambda: filing.begin(self.stage, self._who(firm), ENTERPRISE, rows, self._period())

    def _firm_reviewed(
        self, firm: Firm, do: str = "approve", reason: str = ""
    ) -> Callable[[], object]:
        def act() -> None:
            who = self.stage.story.named("reviewer", firm.place)
            filing.decide(self.stage, who, [self.numbers[firm.code]], do, reason)

        return act

    def _of_city(self) -> Iterator[tuple[date, int, Callable[[], object]]]:
        """The city's own figures, and its approval of those of districts."""
        story = self.stage.story
        clerk = next(p for p in story.people if p.name == f"演示{FIGURES}")
        day = story.day - timedelta(days=REVIEWED)

        def files() -> None:
            row = self.now[CITY]
            self.numbers[CITY] = filing.file(self.stage, clerk, MONTHLY, [row], row["period"])

        def approves() -> None:
            reviewers = [p for p in story.people if p.role == "reviewer" and p.place == CITY]
            filing.decide(self.stage, reviewers[1], [self.numbers[CITY]], "approve")
            done = [c for c, _, state in story.districts if state in ("approved", "late")]
            numbers = [self.numbers[code] for code in (CITY, *done)]
            filing.decide(self.stage, reviewers[0], numbers, "approve")

        yield day, 11, files
        yield day, 17, approves

    def after(self) -> None:
        """Tasks, reminders, bulletins and the publication, on the last days."""
        stage, story = self.stage, self.stage.story
        stage.clock.goes_to(story.day - timedelta(days=1), 9)
        self._tasks()
        people.remind(stage)
        last = story.ended.replace(day=1) - timedelta(days=1)
        dispatching.bulletins(stage, f"{last:%Y-%m}", f"{story.ended:%Y-%m}")
        dispatching.publish(stage)

    def _tasks(self) -> None:
        """Tasks go out before they are answered; the ledger hears of neither."""
        stage, story, now = self.stage, self.stage.story, self.stage.clock.at
        stage.clock.goes_to(story.day - timedelta(days=dispatching.DISPATCHED_BEFORE), 9)
        tasks = dispatching.dispatch(stage)
        stage.clock.at = now
        dispatching.answer(stage, tasks, min(self.files.glob("*.xlsx")))
