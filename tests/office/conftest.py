"""A small city of two districts and an enterprise, its duties, and a ledger it files in."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.basis.place import Place, PlaceTree
from hengtan.basis.working_days import WorkingDays
from hengtan.ledger.forms import forms_of
from hengtan.ledger.submissions import Ledger, Meta
from hengtan.office.duties import Body, Due, DutyRule, Owers, obligations

PACK = packs.load("cn")
CITY, NORTH, SOUTH, HARBOUR, ENTERPRISE = (
    "889900",
    "889901",
    "889902",
    "889903",
    "91889901MA00000001",
)


@pytest.fixture(scope="session")
def announced():
    """The working days of the years whose holidays are announced."""
    return WorkingDays.from_rows(PACK.rows("public_holidays"))


@pytest.fixture(scope="session")
def forms():
    return forms_of(PACK)


@pytest.fixture(scope="session")
def places():
    return PlaceTree(
        [
            Place(CITY, "云河市", "Yunhe", "city"),
            Place(NORTH, "北岸区", "North Bank", "district", CITY),
            Place(SOUTH, "南岸区", "South Bank", "district", CITY),
            Place(HARBOUR, "临港园区", "Harbour Park", "park", NORTH),
        ]
    )


@pytest.fixture(scope="session")
def entities():
    return {
        ENTERPRISE: Body(ENTERPRISE, "云河化工", "Yunhe Chemical", HARBOUR, is_entity=True),
    }


@pytest.fixture
def rule():
    """Makes a rule; what is not said is monthly, by every district, due on the 10th."""

    def make(**changes):
        usual = {
            "id": "months",
            "form": "monthly_figures",
            "frequency": "month",
            "owers": Owers("district", CITY),
            "due": Due("day_of_month", 10),
            "valid_from": date(2024, 1, 1),
            "department": "市统计局",
        }
        return DutyRule(**{**usual, **changes})

    return make


@pytest.fixture
def owed(places, entities):
    """The obligations of rules that end in a span of days."""
    from hengtan.office.duties import bodies_of

    def make(rules, first, last, exceptions=(), days=WorkingDays()):
        def bodies(owers):
            return bodies_of(owers, places, entities)

        return list(obligations(rules, bodies, first, last, exceptions, days))

    return make


@pytest.fixture
def ledger(tmp_path):
    with Ledger.create(tmp_path / "ledger") as empty:
        yield empty


@pytest.fixture
def file(ledger, forms):
    """Hands rows in on a day; gives the id of the submission."""

    def hand_in(form_id, rows, *, on, behalf=None, **meta):
        form = forms[form_id]
        numbered = [{**row, "_source_row": n} for n, row in enumerate(rows, start=2)]
        schema = form.schema().append(pa.field("_source_row", pa.int64()))
        table = pa.Table.from_pylist(numbered, schema=schema)
        at = datetime(on.year, on.month, on.day, 9)
        return ledger.submit(form, table, Meta(Actor("filer", behalf), **meta), at=at).id

    return hand_in


@pytest.fixture
def decide(ledger):
    """Takes a step of a submission on a day."""

    def take(submission, state, *, on, reason=""):
        at = datetime(on.year, on.month, on.day, 15)
        ledger.record(submission, state, Actor("reviewer"), reason, at=at)

    return take
