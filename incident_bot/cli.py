"""The commands of `incident-bot`; nothing else parses arguments.

What a command needs is imported when it runs: `--help` answers in a tenth of a second, the
bot's libraries take a whole one.
"""

import gc
import io
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

import click

from incident_bot import __version__
from incident_bot.manifest import manifest_text

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


class _Age(click.ParamType[timedelta]):
    """How old something is: 30m, 2h, 7d."""

    name = "age"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([0-9]{1,5})([mhd])", value)
        if match is None:
            self.fail(f"{value!r} is no age such as 30m, 2h or 7d.", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class _Program(click.Group):
    """Prepare the process, then run the command."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own
        # The first process of a container ignores a SIGTERM that nobody handles. This holds until
        # the command handles it itself.
        signal.signal(signal.SIGTERM, _end)
        # A terminal that cannot show a character is no reason to end with a traceback.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **kwargs)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="incident-bot")
def main() -> None:
    """Declare, work and resolve incidents without leaving Slack."""


@main.command()
@click.option("--no-slack", is_flag=True, help="Run everything except Slack.")
def run(*, no_slack: bool) -> None:
    """Run the bot until it is stopped.

    Its settings come from the environment or a .env file; docs/settings.md lists them.
    """
    # Until all is built: nothing is garbage yet, and to look for it takes an eighth of the start.
    gc.disable()
    from incident_bot.settings import SettingError, Settings  # noqa: PLC0415 - see above

    try:
        settings = Settings.load(with_slack=not no_slack)
        # What is wrong with the settings is said before the libraries are even loaded.
        from incident_bot import app  # noqa: PLC0415

        app.run(settings, with_slack=not no_slack)
    except SettingError as error:
        click.echo(f"incident-bot: {error}", err=True)
        sys.exit(2)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the page; 8080 or the next.")
@click.option(
    "--mode",
    type=click.Choice(["socket", "http"]),
    default="socket",
    show_default=True,
    help="How the workspace reaches the bot.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which workspace and incidents are kept; otherwise nothing is.",
)
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
def sandbox(
    port: int | None, mode: Literal["socket", "http"], data: Path | None, *, no_browser: bool
) -> None:
    """Try the bot in a workspace in the browser, without Slack."""
    from incident_bot.sandbox import server  # noqa: PLC0415 - see above

    sys.exit(
        server.run(
            manifest=manifest_text(), port=port, mode=mode, data=data, open_browser=not no_browser
        )
    )


@main.command()
def manifest() -> None:
    """Print the manifest to paste when you create the Slack app."""
    click.echo(manifest_text(), nl=False)


@main.group()
def outbox() -> None:
    """See what was not delivered; try it again or discard it."""


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was sent or discarded lately.")
def outbox_list(*, everything: bool) -> None:
    """List the messages that are not sent, and why."""
    from incident_bot.operations import outbox as operations  # noqa: PLC0415 - see above

    sys.exit(operations.show(with_settled=everything))


@outbox.command("retry")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="All that are not sent.")
def outbox_retry(ids: tuple[int, ...], *, everything: bool) -> None:
    """Try messages again now: those that failed, and those that wait for their time."""
    if bool(ids) == everything:
        raise click.UsageError("Name messages by their IDs, or say --all.")
    from incident_bot.operations import outbox as operations  # noqa: PLC0415 - see above

    sys.exit(operations.retry(ids, everything=everything))


@outbox.command("discard")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="All that are not sent.")
@click.option("--older-than", type=_Age(), help="All not sent that are older: 30m, 2h, 7d.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def outbox_discard(
    ids: tuple[int, ...], older_than: timedelta | None, *, everything: bool, yes: bool
) -> None:
    """Never send messages: those that failed, and those that wait.

    A discarded announcement takes nothing else with it: notifications of its incident are posted
    by themselves, and the incident's next change announces it after all.
    """
    if [bool(ids), everything, older_than is not None].count(True) != 1:
        raise click.UsageError("Name messages by their IDs, or say --all or --older-than.")
    from incident_bot.operations import outbox as operations  # noqa: PLC0415 - see above

    oldest = timedelta.min if everything else older_than
    sys.exit(operations.discard(ids, older_than=oldest, is_sure=yes))


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def db_backup(file: Path, *, force: bool) -> None:
    """Copy the SQLite database to FILE, also while the bot runs.

    FILE is a whole and checked database for its owner alone. A bot started on it posts nothing
    that was posted since: it looks in Slack first.
    """
    from incident_bot.operations import backup as operations  # noqa: PLC0415 - see above

    sys.exit(operations.backup(file, replace=force))
