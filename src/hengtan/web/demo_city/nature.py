"""Air, water and waste of one district of the city, filed from files by it and approved."""

from __future__ import annotations

from pathlib import Path

from hengtan.demo.city_nature import PLACE, nature_of
from hengtan.web.demo_city import filing
from hengtan.web.demo_city.stage import Stage


def file_nature(stage: Stage, folder: Path) -> None:
    """File each form of the district as a file, as its page does, and approve it."""
    story = stage.story
    filer, reviewer = story.named("filer", PLACE), story.named("reviewer", PLACE)
    name = next(called for code, called, _ in story.districts if code == PLACE)
    for form, rows in nature_of(story, name).items():
        number = filing.load_list(stage, filer, form, rows, folder)
        filing.decide(stage, reviewer, [number], "approve")
