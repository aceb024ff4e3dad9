"""The command `incident-bot`, as a person at a terminal meets it."""

import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from incident_bot import __version__
from incident_bot.manifest import manifest_text
from incident_bot.sandbox.faults import Fault
from tests.bots.bot import environment
from tests.new_sqlite import new_sqlite
from tests.slack_people import Slack
from tests.story import BOTH, SOCKET, story


def incident_bot(
    *arguments: str, folder: Path, **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "incident_bot", *arguments],
        cwd=folder,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_the_commands(tmp_path: Path, option: str) -> None:
    result = incident_bot(option, folder=tmp_path)

    assert result.returncode == 0
    assert result.stdout.startswith("Usage: incident-bot ")
    for command in ("run", "sandbox", "manifest", "outbox", "db"):
        assert f"\n  {command} " in result.stdout


def test_the_version_is_told(tmp_path: Path) -> None:
    result = incident_bot("--version", folder=tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"incident-bot, version {__version__}\n"


def test_the_manifest_is_printed_to_be_pasted(tmp_path: Path) -> None:
    result = incident_bot("manifest", folder=tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == manifest_text()


@pytest.mark.parametrize(
    "arguments", [["manifest"], ["--help"], ["outbox", "list"], ["sandbox", "--help"]], ids=" ".join
)
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_cannot_show_every_character_is_no_fault(
    tmp_path: Path, arguments: list[str], encoding: str
) -> None:
    database = new_sqlite(tmp_path)

    result = incident_bot(
        *arguments,
        folder=tmp_path,
        PYTHONIOENCODING=encoding,
        INCIDENT_BOT_DATABASE_URL=database,
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
    )

    assert (result.returncode, result.stderr) == (0, "")


def test_the_manifest_is_written_in_characters_that_every_terminal_has() -> None:
    assert manifest_text().isascii()


@pytest.mark.parametrize("arguments", [["run", "--no-slack"], ["sandbox", "--no-browser"]])
def test_a_container_that_is_stopped_while_it_starts_ends(
    tmp_path: Path, arguments: list[str]
) -> None:
    """Its first process has no handlers but its own: it is asked before its libraries load."""
    begin = (
        "import signal, os, sys; from incident_bot import cli;"
        "sys.meta_path.insert(0, type('', (), {'find_spec': staticmethod(lambda name, *_: "
        "os.kill(os.getpid(), signal.SIGTERM) if name in ('fastapi', 'aiohttp') else None)}));"
        "cli.main(sys.argv[1:])"
    )

    result = subprocess.run(
        [sys.executable, "-c", begin, *arguments],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert result.returncode == 128 + signal.SIGTERM


def test_an_unknown_command_is_told_apart_from_a_fault(tmp_path: Path) -> None:
    result = incident_bot("rum", folder=tmp_path)

    assert result.returncode == 2
    assert "No such command 'rum'" in result.stderr
    assert "Traceback" not in result.stderr


@story(own_process=True, modes=BOTH)
async def test_a_token_that_slack_refuses_ends_the_bot_in_one_line(slack: Slack) -> None:
    slack.breaks(Fault(method="auth.test", kind="error", error="account_inactive"))

    await slack.bot.begins()

    await _ends_in_one_line(slack, "SLACK_BOT_TOKEN is not accepted by Slack", "account_inactive")


@story(own_process=True, modes=SOCKET)
async def test_an_app_token_that_slack_refuses_ends_the_bot_in_one_line(slack: Slack) -> None:
    await slack.bot.begins(SLACK_APP_TOKEN="xapp-wrong-canary")

    assert await slack.process.ends() == 2
    last_line = slack.bot.output.splitlines()[-1]
    assert last_line.startswith("incident-bot: SLACK_APP_TOKEN is not accepted by Slack: ")
    assert "Traceback" not in slack.bot.output
    assert "canary" not in slack.bot.output


@story(own_process=True)
async def test_a_port_in_use_ends_the_bot_in_one_line(slack: Slack) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        await slack.bot.begins(INCIDENT_BOT_PORT=str(taken.getsockname()[1]))

        await _ends_in_one_line(slack, "INCIDENT_BOT_PORT cannot be listened on", "in use")


@story(own_process=True)
async def test_a_host_that_is_no_address_ends_the_bot_in_one_line(slack: Slack) -> None:
    await slack.bot.begins(INCIDENT_BOT_HOST="a..b")

    await _ends_in_one_line(slack, "INCIDENT_BOT_HOST is no address", "")


@story(own_process=True)
async def test_a_database_that_cannot_be_used_ends_the_bot_in_one_line(slack: Slack) -> None:
    folder = slack.bot.folder
    (folder / "text.db").write_text("This is no database, whatever its name says. " * 100)

    for path, said in {
        folder / "no such folder" / "bot.db": "No such file or directory",
        folder: "Is a directory",
        folder / "text.db": "not a database",
    }.items():
        await slack.bot.begins(INCIDENT_BOT_DATABASE_URL=f"sqlite:///{path}")
        await _ends_in_one_line(slack, "INCIDENT_BOT_DATABASE_URL is not usable", said)


@story(own_process=True)
async def test_a_database_of_another_bot_or_version_ends_the_bot_in_one_line(slack: Slack) -> None:
    second = slack.another_bot()
    await slack.bot.starts()

    await second.begins()
    assert await second.ends() == 2
    [line] = second.output.splitlines()
    assert "INCIDENT_BOT_DATABASE_URL is not usable" in line
    assert "in use by another incident-bot (process " in line

    assert await slack.bot.stops() == 0
    with slack.bot.opened_database() as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    await slack.bot.begins()
    await _ends_in_one_line(slack, "is at schema 9999", "Start the newer version again")


@story(modes=BOTH)
async def test_secrets_are_nowhere_in_what_the_bot_says(slack: Slack) -> None:
    slack.breaks(Fault(method="views.open", kind="down", times=1))
    await slack.cara.types("/incident new Secrets")
    await slack.cara.is_told("Slack did not open the form")

    known = slack.sandbox.workspace.credentials
    for secret in (known.bot_token, known.app_token, known.signing_secret):
        assert secret not in slack.bot.output


async def _ends_in_one_line(slack: Slack, *words: str) -> None:
    """Status 2, and one line with these words."""
    assert await slack.process.ends() == 2
    [line] = slack.bot.output.splitlines()
    assert line.startswith("incident-bot: ")
    for part in words:
        assert part in line
