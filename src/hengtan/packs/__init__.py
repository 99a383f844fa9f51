"""Finds, loads and checks packs: law, plans, places, forms and public statistics as dated, cited
data.

A pack is a folder of CSV tables and YAML forms with ``pack.yaml``; what tables exist stands in
``data/schemas/*.yaml``.
"""

from hengtan.packs.check import check, check_pack
from hengtan.packs.english_names import names_in_english
from hengtan.packs.pack import Pack, PackFolder, Row, find, load

__all__ = [
    "Pack",
    "PackFolder",
    "Row",
    "check",
    "check_pack",
    "find",
    "load",
    "names_in_english",
]
