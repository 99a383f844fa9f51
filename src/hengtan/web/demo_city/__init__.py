"""The demonstration city, made: its story (``demo/city.py``) played by its people through the
application, step by step, by the rules that hold for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path


def made_city(folder: Path, day: date | None, progress: Callable[[float, str], None]) -> None:
    """Make the city in a new folder as it stands on a day, by default today; whole or not at all.

    Raises HengtanError for a folder that is in use.
    """
    from hengtan.web.settings import configure

    configure()  # the rooms' models need it
    from hengtan.web.demo_city.playing import make_city

    make_city(folder, day or date.today(), progress)
