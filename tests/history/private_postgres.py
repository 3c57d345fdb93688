"""A real PostgreSQL server of the tests' own, on a socket in a temporary folder, from the machine's binaries."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine

REQUIRED = "MYTRADER_REQUIRE_POSTGRES"
"""With this in the environment a machine without PostgreSQL fails the tests instead of skipping them."""

_DEBIAN = Path("/usr/lib/postgresql")
_NOT_ROOT = "postgres"
_START_SECONDS = 120.0
_numbers = count(1)


class PrivatePostgres:
    """A running server; `database` makes a new empty database and says where it is."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._data = folder / "data"

    def start(self) -> None:
        """Make the cluster and start the server. Raises CalledProcessError or TimeoutExpired."""
        self._run("initdb", "--pgdata", self._data, "--username=tests", "--auth=trust", "--no-sync", "--encoding=UTF8")
        self.restart()

    def stop(self) -> None:
        """Stop the server at once."""
        self._run("pg_ctl", "--pgdata", self._data, "--mode=immediate", "stop")

    def restart(self) -> None:
        """Start the server again after `stop`."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
        log = self._folder / "log"
        self._run("pg_ctl", "--pgdata", self._data, "--wait", "--options", options, "--log", log, "start")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server and all that work for it do nothing, and answer nobody, until the end of the block."""
        server = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        processes = [server, *map(int, workers)]
        try:
            for process in processes:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def database(self) -> URL:
        """A new, empty database."""
        name = f"history_{os.getpid()}_{next(_numbers)}"
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self._url(name)

    def _url(self, database: str) -> URL:
        return URL.create("postgresql+psycopg", username="tests", database=database, query={"host": str(self._folder)})

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        # The server refuses to run as root: there it runs as the user that its package made.
        user = {"user": _NOT_ROOT, "group": _NOT_ROOT, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, timeout=_START_SECONDS, stdout=subprocess.DEVNULL, cwd=self._folder, **user)


def why_not() -> str:
    """Why there can be no server here, in words; empty if there can."""
    if binaries() is None:
        return "PostgreSQL's initdb and pg_ctl are not on this machine"
    if os.geteuid() == 0 and not _is_user(_NOT_ROOT):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None."""
    found = shutil.which("initdb")
    if found is not None and shutil.which("pg_ctl") is not None:
        return Path(found).parent
    versions = sorted(
        _DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0
    )
    return versions[-1].parent if versions else None


@contextmanager
def running(folder: Path) -> Iterator[PrivatePostgres]:
    """A server whose files are in `folder`, stopped at the end."""
    programs = binaries()
    assert programs is not None, why_not()
    if os.geteuid() == 0:
        owner = pwd.getpwnam(_NOT_ROOT)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = PrivatePostgres(programs, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _is_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())
