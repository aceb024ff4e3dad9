"""What a command cannot do, said in one line."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

import click

from incident_bot.settings import SettingError
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.engine.errors import DatabaseUnusable

P = ParamSpec("P")

_REFUSED: Final = 2


class Refused(Exception):
    """It cannot be done; the text says why and what to do."""


def unusable(error: DatabaseUnusable) -> SettingError:
    """The words with which `incident-bot run` says the same."""
    return SettingError("INCIDENT_BOT_DATABASE_URL", f"is not usable: {error}")


def in_one_line(command: Callable[P, int]) -> Callable[P, int]:
    """Have `command`, which gives an exit status, end with status 2 and one line instead."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> int:
        try:
            return command(*arguments, **options)
        except (DatabaseAway, Refused, SettingError) as error:
            click.echo(f"incident-bot: {error}", err=True)
            return _REFUSED

    return run
