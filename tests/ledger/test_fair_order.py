"""Writers take turns in the order in which they came; one that was killed holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hengtan.basis.errors import LedgerBusy
from hengtan.ledger.one_writer import Patience, only_writer
from hengtan.ledger.queue import TICKETS, Ticket

PATIENT = Patience(30.0)


def tickets(folder: Path) -> int:
    return len(list(folder.glob(TICKETS)))


def test_writers_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    served: list[int] = []

    def write(number: int) -> None:
        with only_writer(tmp_path, None, PATIENT):
            served.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    with only_writer(tmp_path, None, PATIENT):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while tickets(tmp_path) < number:
                time.sleep(0.002)
    for thread in threads:
        thread.join()
    assert served == list(range(8)) and tickets(tmp_path) == 0


def test_nobody_writes_twice_while_another_waits(tmp_path: Path) -> None:
    """Eager writers that ask again at once share the turns: 0.2 s of turns of a hundredth each."""
    turns = dict.fromkeys("abcd", 0)
    until = time.monotonic() + 2.0

    def write(name: str) -> None:
        while time.monotonic() < until:
            with only_writer(tmp_path, None, PATIENT):
                turns[name] += 1
                time.sleep(0.01)

    threads = [threading.Thread(target=write, args=(name,)) for name in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(turns.values()) >= 3 and max(turns.values()) <= 2 * min(turns.values())


def test_a_writer_that_was_killed_in_the_line_holds_nobody_up(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from hengtan.ledger.queue import Ticket;"
        "t = Ticket(Path(sys.argv[1])); print('in line', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdout.readline() == "in line\n"
    behind = Ticket(tmp_path)
    assert not behind.is_first()
    child.kill()
    child.wait()
    assert behind.is_first()
    behind.give_up()
    with only_writer(tmp_path, None, Patience(2.0)):
        assert tickets(tmp_path) == 0


def test_a_ticket_that_was_taken_away_is_drawn_anew(tmp_path: Path) -> None:
    ticket = Ticket(tmp_path)
    ticket.path.unlink()
    assert ticket.is_first() and ticket.path.exists()
    ticket.give_up()


def test_patience_ends_in_the_line_too(tmp_path: Path) -> None:
    late = only_writer(tmp_path, None, Patience(0.2))
    with only_writer(tmp_path, None, PATIENT), pytest.raises(LedgerBusy), late:
        pass
    assert tickets(tmp_path) == 0
