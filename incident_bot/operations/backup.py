"""`incident-bot db backup`."""

from pathlib import Path

import click

from incident_bot.operations.refusals import Refused, in_one_line, unusable
from incident_bot.settings import Settings
from incident_bot.store.backup import NotBackedUp, back_up
from incident_bot.store.engine.errors import DatabaseUnusable


@in_one_line
def backup(target: Path, *, replace: bool) -> int:
    settings = Settings.load(with_slack=False)
    try:
        back_up(settings.database_url, target, replace=replace)
    except NotBackedUp as error:
        raise Refused(str(error)) from error
    except DatabaseUnusable as error:
        raise unusable(error) from error
    click.echo(f"{target} is a whole copy of the database, and was checked.")
    return 0
