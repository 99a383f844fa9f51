"""What an installation is made with: the unit, the container, the proxy and the wheels name what is
there.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
import typer

from hengtan.cli.app import app as commands
from hengtan.cli.main import run  # noqa: F401 (registers the verbs)
from hengtan.web.application import LARGEST_FILE
from hengtan.web.guard import is_proxy
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def refused_options(command):
    """Options of a command line of ``hengtan`` that its verb does not know."""
    words = shlex.split(command) if isinstance(command, str) else command
    assert Path(words[0]).name == "hengtan"
    verb = typer.main.get_command(commands).commands[words[1]]
    known = {name for parameter in verb.params for name in parameter.opts}
    return [word for word in words[2:] if word.startswith("-") and word not in known]


def unit():
    parsed = configparser.RawConfigParser(strict=False)
    parsed.optionxform = str
    parsed.read(DEPLOY / "hengtan.service", encoding="utf-8")
    return parsed


def instructions():
    """The lines of the container file: instruction and what follows it."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [tuple(line.split(" ", 1)) for line in lines]


def of(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def test_options_of_the_unit_exist_and_it_may_write_only_where_it_must():
    service = unit()["Service"]
    assert refused_options(service["ExecStart"]) == []
    assert "--workspace /srv/hengtan/city" in service["ExecStart"]
    assert service["ReadWritePaths"] == "/srv/hengtan"
    assert (service["ProtectSystem"], service["UMask"]) == ("strict", "0077")
    # a cache that may be written, for ProtectHome hides every home
    assert service["Environment"] == "HENGTAN_CACHE=/srv/hengtan/cache"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    text = (DEPLOY / "hengtan.service").read_text(encoding="utf-8")
    command = unit()["Service"]["ExecStart"].split()[0]
    (tmp_path / "hengtan.service").write_text(text.replace(command, sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "hengtan.service"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_container_runs_exists():
    (entry,), (more,) = of("ENTRYPOINT"), of("CMD")
    assert refused_options([*json.loads(entry), *json.loads(more)]) == []
    (health,) = of("HEALTHCHECK")
    python, option, code = json.loads(health[health.index("[") :])
    assert (python, option) == ("python", "-c")
    compile(code, "health", "exec")
    (installing,) = (rest for rest in of("RUN") if "pip install" in rest)
    assert "--no-index --find-links /wheels" in installing
    (extra,) = re.findall(r"hengtan\[(\w+)\]", installing)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extra in project["optional-dependencies"]
    assert of("COPY") == ["wheels /wheels"]
    # never root
    assert instructions().index(("USER", "hengtan")) < instructions().index(("ENTRYPOINT", entry))


def test_the_proxy_hands_on_what_the_program_needs(tmp_path):
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_set_header Host $http_host;" in text
    (most,) = re.findall(r"client_max_body_size +(\d+)m;", text)
    assert int(most) * 2**20 >= LARGEST_FILE
    (port,) = re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", text)
    assert f"--port {port}" in unit()["Service"]["ExecStart"]


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx")
def test_nginx_takes_the_file(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=hengtan.example.gov.cn", "-days", "2"]
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    subprocess.run([*making, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/nginx/tls/hengtan.pem", str(certificate))
    text = text.replace("/etc/nginx/tls/hengtan.key", str(key))
    site, whole = tmp_path / "site.conf", tmp_path / "nginx.conf"
    site.write_text(re.sub(r"listen (80|443)\b", r"listen 127.0.0.1:18\g<1>", text))
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
        f" http {{ access_log off; include {site}; }}"
    )
    done = subprocess.run(["nginx", "-t", "-c", whole], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("address", "named", "trusted"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("10.88.0.1", "", False),
        ("10.88.0.1", "10.88.0.1", True),
        ("10.88.0.9", "192.0.2.1, 10.88.0.0/16", True),
        ("10.89.0.9", "10.88.0.0/16", False),
        ("fd00::1", "10.88.0.0/16,fd00::/8", True),
        ("10.88.0.1", "not an address", False),
        ("nonsense", "10.88.0.0/16", False),
    ],
)
def test_only_a_trusted_proxy_says_where_somebody_asks_from(address, named, trusted):
    assert is_proxy(address, named) is trusted


def test_the_wheels_of_make_are_those_of_the_container(tmp_path):
    """The verb exists, and its folder is the one that the container copies."""
    said = subprocess.run([sys.executable, "make.py"], cwd=ROOT, capture_output=True, text=True)
    assert "wheels" in said.stderr
    text = (ROOT / "make.py").read_text(encoding="utf-8")
    assert 'else "wheels"' in text and '".[shared]"' in text


def serving(folder, port):
    words = ["serve", "--shared", "--workspace", str(folder), "--port", str(port), "--workers", "2"]
    code = "from hengtan.cli import main; main()"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_two_processes_serve(tmp_path):
    """As the unit starts them: both answer, and whoever asks is told to sign in."""
    pytest.importorskip("granian")
    folder = tmp_path / "ws"
    Workspace.create(folder, Settings("测试", "Test", "500156", "wulong")).close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serving(folder, port)
    try:
        end = time.monotonic() + 90
        while True:
            assert server.poll() is None, server.communicate()[0][-2000:]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    assert answer.url.endswith("/account/login/?next=%2F")
                break
            except OSError:
                assert time.monotonic() < end, "not in time"
                time.sleep(0.5)
        for _ in range(8):
            address = f"http://127.0.0.1:{port}/api/health"
            with urllib.request.urlopen(address, timeout=20) as answer:
                assert answer.status == 200
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=60)
    assert "worker-1" in said and "worker-2" in said
