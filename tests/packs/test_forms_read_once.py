"""Definitions of forms that ship with the program are read once a process; what a caller does to
those it was given stays with it.
"""

from hengtan import packs
from hengtan.packs import pack as of_packs


def test_a_second_pack_reads_no_form_again(monkeypatch):
    first = packs.load("wulong").forms()
    read_yaml, read = of_packs.read_yaml, []

    def noted(path, name):
        read.append(name)
        return read_yaml(path, name)

    monkeypatch.setattr(of_packs, "read_yaml", noted)
    again = packs.load("wulong")
    assert again.forms() == first and again.form_ids() == set(first)
    assert read and not [name for name in read if "/forms/" in name]


def test_a_changed_definition_is_its_callers_alone():
    mine = packs.load("wulong").forms()
    form = next(iter(mine))
    mine[form]["fields"].clear()
    assert packs.load("wulong").forms()[form]["fields"]
