"""A copy of a SQLite database, made while a bot may be working on it."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, NullPool, case, create_engine, func, update
from sqlalchemy.exc import SQLAlchemyError

from incident_bot.store.engine.database import cause
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.opening import is_sqlite, parse
from incident_bot.store.engine.schema import HEAD, problem_of, revision_of
from incident_bot.store.engine.sqlite import path_of
from incident_bot.store.outbox.undelivered import NOT_SENT
from incident_bot.store.rows.tables import outbox

_BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database while it is open."""


class NotBackedUp(Exception):
    """There is no backup; the text says why and what to do."""


def back_up(address: str, target: Path, *, replace: bool) -> None:
    """Copy the database at `address` to `target`, whole or not at all; raises NotBackedUp.

    Raises DatabaseUnusable when there is no such database.
    """
    source = _source(address)
    try:
        _require_place(source, target, replace=replace)
        with _private_file_beside(target) as copy:
            _copy(source, copy)
            _check_and_prepare(copy)
            copy.replace(target)
            _make_durable(target.parent)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        words = error.strerror if isinstance(error, OSError) else cause(error)
        raise NotBackedUp(f"{source} was not copied to {target}: {words}.") from error


def _source(address: str) -> Path:
    url = parse(address)
    if not is_sqlite(url):
        raise NotBackedUp(
            "this copies SQLite alone. PostgreSQL has its own tool: pg_dump --format=custom "
            "--file=FILE, with the database's name, copies it while the bot runs."
        )
    source = path_of(url)
    if not source.is_file():
        raise DatabaseUnusable(f"there is no file {source}.")
    return source


def _require_place(source: Path, target: Path, *, replace: bool) -> None:
    # The others lie beside the file itself, not beside a link to it.
    real = Path(os.path.realpath(source))
    taken = {str(_beside(real, suffix)) for suffix in ("", ".lock", *_BESIDE)}
    if os.path.realpath(target) in taken:
        raise NotBackedUp(f"{target} is the database itself: name another file.")
    if os.path.lexists(target):
        if not target.is_file():
            raise NotBackedUp(f"{target} is no file: name one.")
        if not replace:
            raise NotBackedUp(f"{target} is there already: name another file, or say --force.")
    for suffix in _BESIDE:
        # SQLite would take it for a part of the new file, and damage that.
        if (leftover := _beside(target, suffix)).exists():
            raise NotBackedUp(f"{leftover} belongs to a database in use: name another file.")


@contextmanager
def _private_file_beside(target: Path) -> Iterator[Path]:
    """A new file that its owner alone may read, on the same file system; in the end it is gone."""
    descriptor, name = tempfile.mkstemp(prefix=".incident-bot-backup-", dir=target.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *_BESIDE):
            _beside(Path(name), suffix).unlink(missing_ok=True)


def _copy(source: Path, copy: Path) -> None:
    """Copy it as it is at one moment.

    In one step: one read transaction, which in WAL mode holds up no writer. Read-only, since only
    the bot's one connection may write to the file or checkpoint it.
    """
    address = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as live,
        closing(sqlite3.connect(copy)) as made,
    ):
        live.backup(made)


def _check_and_prepare(copy: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(copy)), poolclass=NullPool)
    with engine.begin() as connection:
        # One file without others beside it; the bot turns WAL on again.
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if found != "ok":
            raise NotBackedUp(f"the database is damaged: {found}. No copy was kept.")
        _require_known(connection)
        _have_it_look_before_it_posts(connection)


def _require_known(connection: Connection) -> None:
    revision = revision_of(connection)
    if revision is None:
        raise NotBackedUp("this is no database of incident-bot.")
    if revision > HEAD:
        raise NotBackedUp(f"{problem_of(connection)}: use that version's incident-bot.")


def _have_it_look_before_it_posts(connection: Connection) -> None:
    # What is not sent now may be sent by the running bot a moment later, which the copy will never
    # know. Marked as uncertain, it is looked for in Slack before a bot on the copy posts it. No try
    # is known of for some: then it was made, if at all, after the message was put in.
    connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(NOT_SENT))
        .values(
            state=case((outbox.c.state == "sending", "pending"), else_=outbox.c.state),
            claimed_by=None,
            lease_until=None,
            is_uncertain=True,
            first_tried_at=func.coalesce(outbox.c.first_tried_at, outbox.c.created_at),
        )
    )


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
