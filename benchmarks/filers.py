"""Filers at once through the API, each with a token of his own, one month of one place each.

    python benchmarks/filers.py [--filers 200] [--postgres ADDRESS] [--processes 2] [--no-kill]

Without PostgreSQL one process serves. With it several do, and once a third of the filers have their
answer one process is killed (-9) and not started again: whoever has no answer sends again, to
another process, under the same name of his request. Each process has answered one dry run before.
Figures: seconds until half, and until 95 of
100 had their answer, and CPU of the servers and of the filers for each filing; the work is then
looked through: none lost, none doubled, the chain sound.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FORM, CATALOGUE = "monthly_figures", "HENGTAN_FILERS_CATALOGUE"
FILING = ("record.file", "record.read")
LONGEST = 120.0
"""Seconds after which a filer without an answer gives up."""


def make(folder: Path, filers: int, catalogue: str = "") -> list[str]:
    """A made-up city with a district for each filer; the tokens of the filers."""
    from hengtan.demo.synthetic_months import district_codes, synthetic_city
    from hengtan.office.permission import Grant, Person
    from hengtan.web import Site
    from hengtan.web.application import Application
    from hengtan.web.settings import configure

    configure()
    from hengtan.web.rooms.people import persons, tokens
    from hengtan.web.rooms.people.models import Account
    from hengtan.web.store import point_to

    alone, secrets = Person("benchmark", is_alone=True), []
    with synthetic_city(folder / "ws", filers, catalogue) as workspace:
        app = Application(Site(workspace), is_shared=True)
        app.prepare()
        point_to(app.store)
        for number, place in enumerate(district_codes(filers)):
            account = Account.objects.create(username=f"filer{number}")  # nobody signs in
            persons.give(app.permission, alone, account, Grant("filer", place=place))
            person = persons.person_of(account)
            secrets.append(tokens.make(app.permission, person, "benchmark", FILING, None))
        app.close()
    return secrets


def serve(folder: Path, port: int) -> None:
    """Serve the workspace until the process ends; says when it is ready."""
    from hengtan.web.app import SWITCHED_EVERY
    from hengtan.web.server import make_server
    from hengtan.web.wsgi import shared
    from hengtan.workspace import Workspace

    sys.setswitchinterval(SWITCHED_EVERY)
    workspace = Workspace.open(folder / "ws")
    server = make_server(shared(workspace, ("127.0.0.1",), False), "127.0.0.1", port)
    print("ready", flush=True)
    server.run()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(processes: Iterable[subprocess.Popen[str]]) -> float:
    """CPU of some processes so far [s]; not a number where the system does not say it in files."""
    ticks = 0
    for process in processes:
        try:
            about = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("nan")
        ticks += int(about[11]) + int(about[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def servers(folder: Path, number: int) -> Iterator[tuple[list[str], list[subprocess.Popen[str]]]]:
    """So many processes that serve, ready; their addresses."""
    ports = [free_port() for _ in range(number)]
    started = [
        subprocess.Popen(
            [sys.executable, __file__, "--serve", str(folder), "--port", str(port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for port in ports
    ]
    try:
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()
        yield [f"http://127.0.0.1:{port}" for port in ports], started
    finally:
        for process in started:
            process.kill()
            process.wait()


class Filer(threading.Thread):
    """One who hands in a month, and again under the same name until he has an answer."""

    def __init__(self, number: int, place: str, token: str, addresses: Sequence[str]) -> None:
        super().__init__()
        self.number, self.place, self.token = number, place, token
        self.addresses = addresses
        self.seconds, self.sent, self.submission = 0.0, 0, ""
        self.refusal: Exception | None = None

    @property
    def month(self) -> dict[str, Any]:
        """The row."""
        energy = 10.0 + self.number
        row = {"place": self.place, "period": "2025年1-6月", "energy": energy}
        return row | {"source_title": "benchmark"}

    def try_dry(self) -> None:
        """Have the row checked, nothing written."""
        from hengtan.client import Client

        client = Client(self.addresses[0], self.token)
        client.submit(FORM, [self.month], place=self.place, dry_run=True)

    def run(self) -> None:
        """Hand in."""
        from hengtan.basis.errors import HengtanError
        from hengtan.client import Client, Refused

        began = time.monotonic()
        while not self.submission and time.monotonic() - began < LONGEST:
            address = self.addresses[(self.number + self.sent) % len(self.addresses)]
            self.sent += 1
            try:
                client = Client(address, self.token, tries=1)
                report = client.submit(
                    FORM, [self.month], key=f"june-{self.number}", place=self.place
                )
                self.submission = str(report["submission"]["submission"])
            except Refused as error:
                self.refusal = error
                if error.status < 500:
                    return
            except HengtanError:
                time.sleep(0.1)  # nobody answers there: the next address
        self.seconds = time.monotonic() - began


def file_all(
    addresses: Sequence[str], secrets: Sequence[str], kill: subprocess.Popen[str] | None = None
) -> list[Filer]:
    """All at once; ``kill``: the process that is killed when a third have their answer."""
    from hengtan.demo.synthetic_months import district_codes

    places = district_codes(len(secrets))
    filers = [Filer(n, places[n], token, addresses) for n, token in enumerate(secrets)]
    for filer in filers:
        filer.start()
    while kill is not None and any(filer.is_alive() for filer in filers):
        if sum(bool(filer.submission) for filer in filers) * 3 >= len(filers):
            kill.send_signal(signal.SIGKILL)
            kill = None
        time.sleep(0.005)
    for filer in filers:
        filer.join()
    return filers


def looked_through(folder: Path, filers: Sequence[Filer]) -> dict[str, Any]:
    """What the ledger holds beside what the filers were told."""
    from hengtan.workspace import Workspace

    with Workspace.open(folder / "ws") as workspace:
        ledger = workspace.ledger
        now = ledger.current()
        # the program hands in the heads of its trail beside
        filed = [record for record in now.records.values() if record.form == FORM]
        keys = [record.key for record in filed]
        by_key = {record.key: record.submission for record in filed}
        answers = {f"june-{f.number}": f.submission for f in filers if f.submission}
        view = ledger.all_rows(FORM)
        rows = ledger.query(f'select place from memory.main."{view}"')
        return {
            "answered": len(answers),
            "lost": sum(by_key.get(key) != number for key, number in answers.items()),
            "doubled": len(keys) - len(set(keys)),
            "submissions": len(keys),
            "rows": len(rows),
            "places": len({row["place"] for row in rows}),
            "findings": [str(finding) for finding in ledger.verify()],
        }


def measure(filers: int, postgres: str | None, processes: int, kills: bool) -> dict[str, Any]:
    """Figures of one run on a new workspace."""
    from hengtan.demo.synthetic_months import district_codes

    folder = Path(tempfile.mkdtemp(prefix="hengtan-filers-"))
    try:
        if postgres:
            os.environ[CATALOGUE] = postgres
        secrets = make(folder, filers, CATALOGUE if postgres else "")
        with servers(folder, processes if postgres else 1) as (addresses, started):
            for address in addresses:
                Filer(0, district_codes(1)[0], secrets[0], [address]).try_dry()
            killed = started[0] if postgres and kills and processes > 1 else None
            served, asked = cpu_seconds(started), time.process_time()
            done = file_all(addresses, secrets, killed)
            served, asked = cpu_seconds(started) - served, time.process_time() - asked
        taken = sorted(f.seconds for f in done)
        figures: dict[str, Any] = {
            "half": round(taken[len(taken) // 2], 2),
            "p95": round(taken[int(len(taken) * 0.95)], 2),
            "longest": round(taken[-1], 2),
            "sent": sum(f.sent for f in done),
            "server_cpu_ms_each": round(1000 * served / filers, 1),
            "filer_cpu_ms_each": round(1000 * asked / filers, 1),
        }
        refusals = {str(f.refusal) for f in done if not f.submission and f.refusal}
        return figures | looked_through(folder, done) | {"refusals": sorted(refusals)[:3]}
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filers", type=int, default=200)
    parser.add_argument("--postgres")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.port)
        return
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    kills = not arguments.no_kill
    figures = measure(arguments.filers, arguments.postgres, arguments.processes, kills)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
