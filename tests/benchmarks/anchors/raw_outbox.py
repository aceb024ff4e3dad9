"""The updates that empty an outbox, by raw sqlite3: it is told beforehand which rows come when.

`python -m tests.benchmarks.anchors.raw_outbox PATH AT-ONCE` begins when told by a line, and prints
"done". Rows are claimed so many at a time in one commit, and noted as sent in another.
"""

import sqlite3
import sys

_CLAIM = """
    UPDATE outbox SET state = 'sending', attempts = attempts + 1, first_tried_at = ?,
        claimed_by = 'raw', lease_until = ? WHERE id = ?
"""
_SENT = """
    UPDATE outbox SET state = 'sent', settled_at = ?, claimed_by = NULL, lease_until = NULL
    WHERE id = ?
"""
_PLACE = """
    UPDATE announcements SET channel_id = ?, message_ts = '1.000001'
    WHERE incident_id = ? AND destination = ?
"""
_AT = "2026-11-22T12:00:00.000000Z"


def main() -> None:
    path, at_once = sys.argv[1], int(sys.argv[2])
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    rows = connection.execute(
        "SELECT id, incident_id, destination FROM outbox ORDER BY id"
    ).fetchall()
    print("open", flush=True)
    sys.stdin.readline()
    for start in range(0, len(rows), at_once):
        drain(connection, rows[start : start + at_once])
    print("done")


def drain(connection: sqlite3.Connection, rows: list[tuple[int, int, str]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_CLAIM, [(_AT, _AT, row_id) for row_id, _, _ in rows])
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    for row_id, incident_id, destination in rows:
        connection.execute(_SENT, (_AT, row_id))
        connection.execute(_PLACE, (destination, incident_id, destination))
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
