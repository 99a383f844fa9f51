"""Fields of a target that a person corrects: read as people write them, refused by their name."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.desk.plan_fields import read_field


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("value", "12.50", "12.50"),
        ("value", "1,234.5", "1234.5"),
        ("value", "1.2万", "12000"),
        ("value", "−3", "-3"),
        ("value2", "", ""),
        ("deadline", "2030年", 2030),
        ("strict", True, True),
        ("strict", False, False),
        ("strict", "on", True),
        ("strict", "", False),
        ("strict", "√", True),
        ("strict", "否", False),
        ("keeps", "是", True),
        ("keeps", "否", False),
    ],
)
def test_fields_are_kept_as_they_were_meant(name, written, kept):
    assert read_field(name, written, None) == kept


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("value", "60%"),
        ("value", "1,2"),
        ("value", "约5"),
        ("value", "nan"),
        ("value", "1e19"),
        ("deadline", "30"),
        ("strict", "也许"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_name_of_the_field(name, written):
    with pytest.raises(HengtanError) as refused:
        read_field(name, written, None)
    assert refused.value.where is not None and refused.value.where.column == name
