"""Case files of the city: permits filed by their districts and approved, a verdict put on record,
and a month corrected after it.
"""

from __future__ import annotations

from hengtan.basis.actor import Actor
from hengtan.demo.city import INDUSTRIAL
from hengtan.demo.city_permits import KEPT, MONTHS, Row, corrected, permits_of
from hengtan.desk.case_files import RECORDED, opened, record
from hengtan.office.permission import Thing
from hengtan.web import trail
from hengtan.web.demo_city import filing
from hengtan.web.demo_city.stage import Stage
from hengtan.workspace.asof import AsOf

KIND = "discharge_permit"


def keep_files(stage: Stage) -> None:
    """File the permits of each district, then what makes a verdict on record out of date."""
    for place in INDUSTRIAL:
        for form, rows in permits_of(stage.story, place).items():
            _approved(stage, place, form, rows)
    _record(stage, INDUSTRIAL[0], KEPT)
    _approved(stage, INDUSTRIAL[0], MONTHS, corrected(stage.story))


def _approved(stage: Stage, place: str, form: str, rows: list[Row]) -> None:
    """Typed by the district's filer, approved by its reviewer."""
    story = stage.story
    number = filing.file(stage, story.named("filer", place), form, rows, "")
    filing.decide(stage, story.named("reviewer", place), [number], "approve")


def _record(stage: Stage, place: str, subject: str) -> None:
    """Put the verdicts of a case file on record, as its page does."""
    filer = stage.story.named("filer", place)
    person = stage.let(filer, filing.FILE, Thing(place=place, form=RECORDED))
    as_of = AsOf.of(today=stage.clock.day)
    of_one = stage.app.site.ask(opened, KIND, subject, as_of)
    report = record(stage.workspace, of_one, Actor(person.name), writer=stage.app.writer)
    number = str((report.submission or {})["submission"])
    trail.add("filed", f"{RECORDED} {number}", by=person.name)
    filing.decide(stage, stage.story.named("reviewer", place), [number], "approve")
