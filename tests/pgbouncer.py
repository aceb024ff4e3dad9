"""PgBouncer in front of the tests' PostgreSQL: it pools transactions, on a few connections."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import URL, make_url

from tests.bots.ports import free_port
from tests.postgres import PostgresServer

# Debian puts it where only root looks.
_LOOKED_FOR_IN: Final = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
# Two connections are fewer than one bot has: hardly a transaction gets the one of the last.
_CONFIGURATION: Final = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
log_connections = 0
log_disconnections = 0
log_stats = 0
"""


class Pooler:
    """Listens at a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    def address(self, address: str) -> str:
        """A database's, by way of here."""
        url = make_url(address).set(host="127.0.0.1", port=self._port, query={})
        return url.render_as_string(hide_password=False)


@pytest.fixture
def pooler(postgres: PostgresServer) -> Iterator[Pooler]:
    """In front of the server of `postgres`; skips where PgBouncer is missing, except in CI."""
    program = shutil.which("pgbouncer", path=_LOOKED_FOR_IN)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("there is no PgBouncer: .ci/run installs it")
        pytest.skip("there is no PgBouncer")
    with _running(program, make_url(postgres.new_database())) as running:
        yield running


@contextlib.contextmanager
def _running(program: str, server: URL) -> Iterator[Pooler]:
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as configuration:
        configuration.write(_CONFIGURATION.format(server=_connection_to(server), port=port))
        configuration.flush()
        command = [program, *_not_as_root(server), configuration.name]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                said: list[str] = []
                while "process up" not in "".join(said):
                    said.append(_next_line(process, said))
                yield Pooler(port)
            finally:
                process.terminate()


def _next_line(process: "subprocess.Popen[str]", said: list[str]) -> str:
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line, f"PgBouncer did not start: {''.join(said)}"
    return line


def _connection_to(server: URL) -> str:
    host = server.query.get("host") or server.host or "127.0.0.1"
    parts = {"host": host, "port": server.port, "user": server.username}
    parts["password"] = server.password
    return " ".join(f"{name}='{value}'" for name, value in parts.items() if value)


def _not_as_root(server: URL) -> list[str]:
    """It refuses to be root; whom the server's socket belongs to may use that."""
    if os.geteuid() != 0:
        return []
    socket = server.query.get("host")
    owner = pwd.getpwuid(Path(str(socket)).stat().st_uid).pw_name if socket else "nobody"
    return ["-u", owner]
