"""`incident-bot outbox`: what is not sent, tried again or discarded.

On PostgreSQL and while no bot runs it works on the database itself. A SQLite file that a running
bot has must not be written to by anybody else: then that bot is asked to do it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import click

from incident_bot import log
from incident_bot.operations import words
from incident_bot.operations.refusals import in_one_line, unusable
from incident_bot.operations.running_bot import RunningBot, running_bot
from incident_bot.settings import Settings
from incident_bot.store.engine.errors import DatabaseInUse, DatabaseUnusable
from incident_bot.store.engine.opening import open_as_it_is
from incident_bot.store.outbox.undelivered import (
    LAST_ID,
    PAGE,
    Mended,
    Message,
    Refusal,
    Undelivered,
)

_NOT_ALL_DONE: Final = 1


@in_one_line
def show(*, with_settled: bool) -> int:
    messages = asyncio.run(_messages(_settings(), with_settled=with_settled))
    if messages:
        click.echo(words.table(messages, _now()))
    else:
        click.echo(words.NOTHING_KEPT if with_settled else words.NOTHING_WAITS)
    return 0


@in_one_line
def retry(ids: Sequence[int], *, everything: bool) -> int:
    settings = _settings()
    if everything:
        messages = asyncio.run(_messages(settings))
        ids = [message.id for message in messages if message.state != "sending"]
        if not ids:
            click.echo(words.NOTHING_WAITS)
            return 0
    mended = asyncio.run(_mended(settings, "retry", ids))
    return _told(mended, words.retried(mended.done))


@in_one_line
def discard(ids: Sequence[int], *, older_than: timedelta | None, is_sure: bool) -> int:
    """Discard the messages with these IDs or, if `older_than` is given, all that are older.

    Those that are not named one by one are shown first, and asked for unless the person is sure.
    """
    settings = _settings()
    if older_than is not None:
        messages = asyncio.run(_messages(settings))
        chosen = [message for message in messages if _now() - message.created_at >= older_than]
        if not chosen:
            click.echo(words.NOTHING_SO_OLD if messages else words.NOTHING_WAITS)
            return 0
        if not is_sure:
            click.echo(words.table(chosen, _now()))
            click.confirm(words.question(len(chosen)), abort=True)
        ids = [message.id for message in chosen]
    mended = asyncio.run(_mended(settings, "discard", ids))
    return _told(mended, words.discarded(mended.done))


def _settings() -> Settings:
    settings = Settings.load(with_slack=False)
    log.set_up(settings.log_format, settings.secrets)
    return settings


def _told(mended: Mended, done: str) -> int:
    if mended.done:
        click.echo(done)
    for refusal in mended.refused:
        click.echo(f"incident-bot: {words.left(refusal)}", err=True)
    return _NOT_ALL_DONE if mended.refused else 0


async def _messages(settings: Settings, *, with_settled: bool = False) -> list[Message]:
    found: list[Message] = []
    async with _outbox(settings) as outbox:
        while page := await outbox.page(found[-1].id if found else 0, with_settled=with_settled):
            found.extend(page)
    return found


async def _mended(
    settings: Settings, how: Literal["retry", "discard"], ids: Sequence[int]
) -> Mended:
    asked = [message_id for message_id in dict.fromkeys(ids) if message_id <= LAST_ID]
    refused = [Refusal(message_id, None) for message_id in ids if message_id > LAST_ID]
    done: list[int] = []
    async with _outbox(settings) as outbox:
        mend = outbox.retry if how == "retry" else outbox.discard
        for first in range(0, len(asked), PAGE):
            mended = await mend(asked[first : first + PAGE])
            done.extend(mended.done)
            refused.extend(mended.refused)
    return Mended(tuple(done), tuple(refused))


@contextlib.asynccontextmanager
async def _outbox(settings: Settings) -> AsyncIterator[Undelivered | RunningBot]:
    """Opened for one step and closed again: a bot may start while a person thinks."""
    try:
        database = open_as_it_is(settings.database_url)
    except DatabaseInUse as in_use:
        async with running_bot(settings, in_use) as bot:
            yield bot
        return
    except DatabaseUnusable as error:
        raise unusable(error) from error
    with contextlib.closing(database):
        # A file that is not shared was free: whoever was sending something is gone.
        yield Undelivered(database, _now, lambda: None, is_alone=not database.is_shared)


def _now() -> datetime:
    return datetime.now(UTC)
