"""How the API is started: alone, beyond this machine, and with settings that are wrong."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from incident_bot.settings import Settings
from tests.bots.bot import Bot
from tests.bots.command import Ended, run
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.rest.client import Client

# Should a wrong setting be taken, the run must end all the same.
_NOWHERE: Final = {
    "INCIDENT_BOT_DATABASE_URL": "sqlite:////no/such/folder/incident_bot.db",
    "INCIDENT_BOT_PORT": "0",
}

LONG: Final = "hunter2-hunter2-hunter2"


Starts = Callable[..., Ended]


@pytest.fixture
def starts(tmp_path: Path) -> Starts:
    """Starts the bot with these settings and no others, to its end."""

    def start(*options: str, **settings: str) -> Ended:
        return run(("run", *options), tmp_path, _NOWHERE | settings)

    return start


@pytest.fixture
def starts_alone(starts: Starts) -> Starts:
    return partial(starts, "--no-slack")


def assert_says(ended: Ended, *words: str) -> None:
    """One line on standard error, nothing else, and status 2."""
    assert ended.status == 2
    assert ended.said == ""
    [line] = ended.complained.splitlines()
    for part in words:
        assert part in line


async def test_alone_it_says_so_in_one_line_and_keeps_what_is_to_be_announced(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    incident = await rest.declares()
    await rest.patch(incident["id"], {"status": "Resolved"})

    _, state = await own.answers("/readyz")

    assert state.pop("oldest_seconds") < 60
    assert state == {"problems": {}, "outbox": {"pending": 2}, "failures": []}
    lines = own.output.splitlines()
    assert ["without Slack" in line for line in lines] == [True]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - what is refused
def test_beyond_this_machine_it_does_not_start_without_tokens(
    starts_alone: Starts, host: str
) -> None:
    result = starts_alone(INCIDENT_BOT_HOST=host)

    assert_says(result, "INCIDENT_BOT_API_TOKENS is not set", f"INCIDENT_BOT_HOST={host}")


def test_with_slack_it_does_not_start_beyond_this_machine_either(starts: Starts) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    host = {"INCIDENT_BOT_HOST": "0.0.0.0"}  # noqa: S104 - what is refused

    result = starts(**slack, **host)

    assert_says(result, "INCIDENT_BOT_API_TOKENS is not set")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9", "::1"])
def test_on_this_machine_it_needs_none(starts_alone: Starts, host: str) -> None:
    assert_says(starts_alone(INCIDENT_BOT_HOST=host), "INCIDENT_BOT_DATABASE_URL")


def test_with_tokens_it_may_listen_anywhere(starts_alone: Starts) -> None:
    result = starts_alone(
        INCIDENT_BOT_HOST="0.0.0.0",  # noqa: S104 - as said
        INCIDENT_BOT_API_TOKENS=f"ci:{LONG}",
    )

    assert_says(result, "INCIDENT_BOT_DATABASE_URL")


@pytest.mark.parametrize(
    "tokens",
    [
        LONG,
        f":{LONG}",
        "ci:",
        f"ci:{LONG},",
        ",",
        f"ci:{LONG},,b:{LONG}x",
        "ci:hunter2 hunter2 hunter2",
        "ci:hünter2-hunter2-hunter2",
        f"UPTIME:{LONG}",
        f"-x:{LONG}",
        f"{'x' * 51}:{LONG}",
        f"ci:{LONG},grafana:{LONG}",
    ],
)
def test_tokens_that_are_malformed_are_refused_and_not_shown(
    starts_alone: Starts, tokens: str
) -> None:
    result = starts_alone(INCIDENT_BOT_API_TOKENS=tokens)

    assert_says(result, "INCIDENT_BOT_API_TOKENS ")
    assert "hunter" not in result.complained


@pytest.mark.slow
async def test_of_a_token_that_might_be_guessed_the_bot_warns_without_showing_it(
    tmp_path: Path,
) -> None:
    bot = BotProcess({}, tmp_path, free_port())
    bot.is_forked = True
    await bot.begins("--no-slack", INCIDENT_BOT_API_TOKENS=f"ci:hunter2,grafana:{LONG}")
    await bot.says("running without Slack")

    await bot.stops()

    assert '"token_of": "ci"' in await bot.says("might be guessed")
    assert "hunter" not in bot.output
    assert "grafana" not in bot.output


@pytest.mark.parametrize(
    ("tokens", "names"),
    [
        ("ci:sixteen:letters:", ["ci"]),
        (f" ci:{LONG} , Grafana Cloud:{LONG}b", ["ci", "Grafana Cloud"]),
        (f"ci:{LONG}new,ci:{LONG}old", ["ci", "ci"]),
        (f"ana@example.org:{LONG}", ["ana@example.org"]),
    ],
)
def test_tokens_that_are_taken(
    tokens: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INCIDENT_BOT_API_TOKENS", tokens)

    settings = Settings.load(with_slack=False)

    assert [name for name, _ in settings.api_tokens] == names
    assert all(token.get_secret_value() in settings.secrets for _, token in settings.api_tokens)
