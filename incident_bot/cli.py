"""The commands of `incident-bot`; nothing else parses arguments.

What a command needs is imported when it runs: `--help` answers in a tenth of a second, the
bot's libraries take a whole one.
"""

import sys
from pathlib import Path
from typing import Literal

import click

from incident_bot import __version__
from incident_bot.manifest import manifest_text


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="incident-bot")
def main() -> None:
    """Declare, work and resolve incidents without leaving Slack."""


@main.command()
@click.option("--no-slack", is_flag=True, help="Serve the REST API alone.")
def run(*, no_slack: bool) -> None:
    """Run the bot until it is stopped.

    Its settings come from the environment or a .env file; the README lists them.
    """
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
