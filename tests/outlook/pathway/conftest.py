"""The accounts over rows as plain dicts: the fixtures of the tests of the accounts."""

import importlib.util
from pathlib import Path

OF_ACCOUNTS = Path(__file__).parents[2] / "accounts" / "conftest.py"


def _fixtures():
    spec = importlib.util.spec_from_file_location("conftest_of_accounts", OF_ACCOUNTS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_shared = _fixtures()
pack, forms, pack_tables = _shared.pack, _shared.forms, _shared.pack_tables
accounts, fact_rows, chongqing_2014 = _shared.accounts, _shared.fact_rows, _shared.chongqing_2014
