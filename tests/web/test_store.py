"""The store of people: its steps are whole, its secret is its owner's, a newer one is refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from hengtan.basis.errors import HengtanError
from hengtan.web.store import Store, bring_up_to_date, copy_of, point_to


def test_no_model_was_changed_without_a_step(empty_store, tmp_path):
    store = Store(tmp_path / "work")
    copy_of(empty_store, store)
    point_to(store)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are asked of POSIX systems")
def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path):
    store = Store(tmp_path / "work")
    secrets, threads = [], []
    for _ in range(8):
        threads.append(threading.Thread(target=lambda: secrets.append(store.secret())))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 8 and len(set(secrets)) == 1 and len(secrets[0]) > 40
    path = store.folder / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in store.folder.iterdir()] == ["secret"]
    path.chmod(0o644)
    with pytest.raises(HengtanError, match="可被他人读取"):
        store.secret()


def test_a_store_of_a_newer_program_is_refused(empty_store, tmp_path):
    store = Store(tmp_path / "work")
    copy_of(empty_store, store)
    point_to(store)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into django_migrations (app, name, applied)"
            " values ('people', '9999_later', '2030-01-01')"
        )
    with pytest.raises(HengtanError, match=r"people\.9999_later"):
        bring_up_to_date(store)


def test_a_store_is_copied_before_it_is_changed(empty_store, tmp_path):
    """The copy is the way back: it opens, and holds what was there."""
    store = Store(tmp_path / "work")
    copy_of(empty_store, store)
    point_to(store)
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'audit'")
        cursor.execute("drop table audit_entry")
        cursor.execute("insert into people_setting values ('x', '1', '', '2026-01-01')")
    assert bring_up_to_date(store) == ["audit.0001_initial"]
    assert bring_up_to_date(store) == []
    (copy,) = store.folder.glob("app.sqlite.before-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = Store(copy.parent / "back")
    copy_of(copy, before)
    point_to(before)
    with connection.cursor() as cursor:
        cursor.execute("select name from people_setting")
        assert cursor.fetchall() == [("x",)]


def test_the_command_line_and_its_help_never_import_django():
    code = (
        "import sys, hengtan.cli.main; from typer.testing import CliRunner;"
        "from hengtan.cli.app import app; r = CliRunner().invoke(app, ['--help']);"
        "print(r.exit_code, [m for m in sys.modules if m.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "0 []", done.stderr


def test_passwords_are_hashed_by_argon2():
    code = (
        "from hengtan.web.settings import configure; configure();"
        "from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("argon2$argon2id$"), done.stderr
