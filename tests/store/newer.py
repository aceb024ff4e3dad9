"""What a newer version of the bot might store, put there as it would be."""

from tests.databases import Rows
from tests.factories import BEN, FROM_THE_FUTURE, INCIDENTS


def newer_changed(rows: Rows, incident_id: int, kind: str = FROM_THE_FUTURE, text: str = "") -> int:
    """Have Ben change an incident in a way that is recorded with that kind; the entry's ID."""
    rows.execute(f"UPDATE incidents SET version = version + 1 WHERE id = {incident_id}")  # noqa: S608 - ours
    rows.execute(
        f"""INSERT INTO timeline_entries
                (incident_id, kind, actor, at, happened_at, version, text)
            SELECT id, '{kind}', '{BEN}', updated_at, updated_at, version, NULLIF('{text}', '')
            FROM incidents WHERE id = {incident_id}"""  # noqa: S608 - the same
    )
    [(entry_id,)] = rows.query("SELECT max(id) FROM timeline_entries")
    return int(entry_id)


def newer_notified(
    rows: Rows, entry_id: int, destination: str = INCIDENTS, operation: str = "notification"
) -> None:
    """Have an entry told there, due since it was made."""
    rows.execute(
        f"""INSERT INTO outbox (incident_id, entry_id, operation, destination, lane, dedupe_key,
                state, attempts, is_uncertain, created_at, due_at)
            SELECT incident_id, id, '{operation}', '{destination}', '{destination}', 'from newer',
                'pending', 0, false, at, at
            FROM timeline_entries WHERE id = {entry_id}"""  # noqa: S608 - ours
    )
