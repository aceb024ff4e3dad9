"""Settings that are missing or wrong: exit status 2, and one line that names the setting."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.role import Roles
from incident_bot.domain.severity import Severities
from incident_bot.settings import Settings, unknown_names
from tests.bots.command import Ended, run
from tests.bots.ports import free_port
from tests.bots.process import BotProcess

SOCKET_MODE: Final = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP_MODE: Final = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "8f7e"}
# Should a wrong setting be taken, the run must end all the same.
_NOWHERE: Final = {"INCIDENT_BOT_DATABASE_URL": "sqlite:////no/such/folder/incident_bot.db"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No .env lies about, and nothing is set that is not set by the test."""
    monkeypatch.chdir(tmp_path)
    for name in (*SOCKET_MODE, *HTTP_MODE, "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run_with(**settings: str) -> Ended:
    """Start the bot where the test is, with these settings and no others, to its end."""
    port = {"INCIDENT_BOT_PORT": "0"}
    return run(["run"], Path.cwd(), _NOWHERE | port | settings)


def assert_says(ended: Ended, *words: str) -> None:
    """One line on standard error, nothing else, and status 2."""
    assert ended.status == 2
    assert ended.said == ""
    [line] = ended.complained.splitlines()
    assert line.startswith("incident-bot: ")
    for part in words:
        assert part in line


@pytest.mark.parametrize(
    ("environment", "name", "way_out"),
    [
        ({}, "SLACK_BOT_TOKEN", "set it in the environment or in a .env file"),
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN", "set it in"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", "set SLACK_SIGNING_SECRET for HTTP"),
        (SOCKET_MODE | {"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", "must begin with xoxb-"),
        (SOCKET_MODE | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", "must begin with xapp-"),
        (SOCKET_MODE | {"SLACK_API_URL": "slack.com"}, "SLACK_API_URL", "https://slack.com/api/"),
        (SOCKET_MODE | {"INCIDENT_BOT_CHANNEL": "two words"}, "INCIDENT_BOT_CHANNEL", "name"),
        (SOCKET_MODE | {"INCIDENT_BOT_CHANNEL": "#"}, "INCIDENT_BOT_CHANNEL", "incidents"),
        (SOCKET_MODE | {"INCIDENT_BOT_DATABASE_URL": "x"}, "INCIDENT_BOT_DATABASE_URL", "URL"),
        (
            SOCKET_MODE | {"INCIDENT_BOT_DATABASE_URL": "mysql://a/b"},
            "INCIDENT_BOT_DATABASE_URL",
            "sqlite:///",
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_DATABASE_URL": "sqlite://"},
            "INCIDENT_BOT_DATABASE_URL",
            "needs a file",
        ),
        (SOCKET_MODE | {"INCIDENT_BOT_PORT": "http"}, "INCIDENT_BOT_PORT", "integer"),
        (SOCKET_MODE | {"INCIDENT_BOT_PORT": "65536"}, "INCIDENT_BOT_PORT", "65535"),
        (SOCKET_MODE | {"INCIDENT_BOT_HOST": "no such host"}, "INCIDENT_BOT_HOST", "address"),
        (SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": "Low,,High"}, "INCIDENT_BOT_SEVERITIES", "each"),
        *(
            (SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": quoted}, "INCIDENT_BOT_SEVERITIES", "quot")
            for quoted in ('"Low","High"', '"Low,High', "Low,High'", "“Low”,“High”")
        ),
        (SOCKET_MODE | {"SLACK_BOT_TOKEN": "xoxb-1\nX=1"}, "SLACK_BOT_TOKEN", "copy it again"),
        (SOCKET_MODE | {"SLACK_APP_TOKEN": "xapp-1 x"}, "SLACK_APP_TOKEN", "copy it again"),
        (
            SOCKET_MODE | {"SLACK_API_URL": "https://a b/"},
            "SLACK_API_URL",
            "https://slack.com/api/",
        ),
        (SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": "a,A"}, "INCIDENT_BOT_SEVERITIES", "each once"),
        (SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": "x" * 76}, "INCIDENT_BOT_SEVERITIES", "75"),
        (
            SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": ",".join(map(str, range(21)))},
            "INCIDENT_BOT_SEVERITIES",
            "20",
        ),
        (SOCKET_MODE | {"INCIDENT_BOT_SEVERITIES": "Mine,Big"}, "INCIDENT_BOT_SEVERITIES", "mine"),
        (SOCKET_MODE | {"INCIDENT_BOT_ROLES": "Lead,,Scribe"}, "INCIDENT_BOT_ROLES", "each once"),
        (SOCKET_MODE | {"INCIDENT_BOT_ROLES": "Lead,LEAD"}, "INCIDENT_BOT_ROLES", "each once"),
        (SOCKET_MODE | {"INCIDENT_BOT_ROLES": "x" * 76}, "INCIDENT_BOT_ROLES", "75"),
        (
            SOCKET_MODE | {"INCIDENT_BOT_ROLES": ",".join(map(str, range(21)))},
            "INCIDENT_BOT_ROLES",
            "20",
        ),
        (SOCKET_MODE | {"INCIDENT_BOT_LOG_FORMAT": "xml"}, "INCIDENT_BOT_LOG_FORMAT", "json"),
        *(
            (SOCKET_MODE | {"INCIDENT_BOT_ACK_WITHIN": wrong}, "INCIDENT_BOT_ACK_WITHIN", way_out)
            for wrong, way_out in (
                ("High", "High:5m,Medium:1h"),
                ("High:0m", "High:5m,Medium:1h"),
                ("High:5 minutes", "High:5m,Medium:1h"),
                ("High:5m,High:6m", "each once"),
                ("Huge:5m", "there are Low, Medium, High"),
            )
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_REMINDERS": "update,coffee"},
            "INCIDENT_BOT_REMINDERS",
            "choose from acknowledge, update, silence",
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_INCIDENT_CHANNELS": "sometimes"},
            "INCIDENT_BOT_INCIDENT_CHANNELS",
            "'ask', 'always' or 'never'",
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_ARCHIVE_AFTER_DAYS": "0"},
            "INCIDENT_BOT_ARCHIVE_AFTER_DAYS",
            "greater than or equal to 1",
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_API_PRIVATE": "ci"},
            "INCIDENT_BOT_API_PRIVATE",
            "names ci, which INCIDENT_BOT_API_TOKENS does not",
        ),
        (
            SOCKET_MODE | {"INCIDENT_BOT_API_TOKENS": "Incident Bot:0123456789abcdef"},
            "INCIDENT_BOT_API_TOKENS",
            "name:token",
        ),
    ],
)
def test_what_is_wrong_is_named_in_one_line_with_the_way_out(
    environment: dict[str, str], name: str, way_out: str
) -> None:
    result = run_with(**environment)

    assert_says(result, f"incident-bot: {name} ", way_out)


def test_a_wrong_token_is_not_shown() -> None:
    result = run_with(**SOCKET_MODE | {"SLACK_BOT_TOKEN": "hunter2"})

    assert "hunter2" not in result.complained


def test_the_database_has_to_be_writable() -> None:
    result = run_with(**SOCKET_MODE)

    assert_says(
        result, "INCIDENT_BOT_DATABASE_URL is not usable: ", "/no/such/folder/incident_bot.db"
    )


def test_settings_may_come_from_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text(
        "SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nINCIDENT_BOT_PORT=7\nOTHER=1\n"
    )
    monkeypatch.setenv("INCIDENT_BOT_PORT", "8")

    settings = Settings.load()

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == "xoxb-file"
    assert settings.port == 8


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SOCKET_MODE.items():
        monkeypatch.setenv(name, value)

    settings = Settings.load()

    assert settings.api_url == "https://slack.com/api/"
    assert settings.channel == "incidents"
    assert settings.database_url == "sqlite:///incident_bot.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 5000)
    assert settings.severities == Severities(("Low", "Medium", "High"))
    assert settings.roles == Roles(("Lead", "Communications", "Scribe"))
    assert settings.log_format is None


@pytest.mark.parametrize(
    ("name", "given", "attribute", "read"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:1/api", "api_url", "http://127.0.0.1:1/api/"),
        ("INCIDENT_BOT_CHANNEL", " #war-room ", "channel", "war-room"),
        ("INCIDENT_BOT_CHANNEL", "C0123ABCD", "channel", "C0123ABCD"),
        ("INCIDENT_BOT_CHANNEL", "störungen", "channel", "störungen"),
        ("INCIDENT_BOT_SEVERITIES", "SEV3, SEV2 ,SEV1", "severities", ("SEV3", "SEV2", "SEV1")),
        ("INCIDENT_BOT_SEVERITIES", "", "severities", ("Low", "Medium", "High")),
        ("INCIDENT_BOT_ROLES", "Commander, Scribe ", "roles", ("Commander", "Scribe")),
        ("INCIDENT_BOT_ROLES", "", "roles", ("Lead", "Communications", "Scribe")),
        (
            "INCIDENT_BOT_ACK_WITHIN",
            "Low:1d, High:5m",
            "acknowledge_within",
            {"Low": timedelta(days=1), "High": timedelta(minutes=5)},
        ),
        ("INCIDENT_BOT_REMINDERS", "none", "reminders", frozenset()),
        ("INCIDENT_BOT_REMINDERS", "update", "reminders", {ReminderKind.UPDATE}),
        ("INCIDENT_BOT_ARCHIVE_AFTER_DAYS", "30", "archive_after", timedelta(days=30)),
    ],
)
def test_settings_are_read_as_people_write_them(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, attribute: str, read: object
) -> None:
    for key, value in {**HTTP_MODE, name: given}.items():
        monkeypatch.setenv(key, value)

    value = getattr(Settings.load(), attribute)

    assert (tuple(value) if isinstance(value, Roles | Severities) else value) == read


AROUND = ["{}\n", "{}\r", "\r\n{}\r\n", " {} ", "\t{}", "\u00a0{}", '"{}"', "'{}'", '" {}\r\n" ']
AROUND += ["\ufeff{} \u200b", "“{}”", "„{}“", "\u2018\u200b{}\u2019"]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1-x"),
        ("SLACK_APP_TOKEN", "xapp-1-x"),
        ("SLACK_SIGNING_SECRET", "8f7e"),
        ("SLACK_API_URL", "https://slack.example/api/"),
        ("INCIDENT_BOT_CHANNEL", "war-room"),
        ("INCIDENT_BOT_DATABASE_URL", "sqlite:///x.db"),
        ("INCIDENT_BOT_HOST", "127.0.0.2"),
        ("INCIDENT_BOT_PORT", "7"),
        ("INCIDENT_BOT_API_TOKENS", "ci:0123456789abcdef"),
        ("INCIDENT_BOT_SEVERITIES", "Minor,Major"),
        ("INCIDENT_BOT_ROLES", "Boss,Clerk"),
        ("INCIDENT_BOT_ACK_WITHIN", "High:5m"),
        ("INCIDENT_BOT_REMINDERS", "update"),
        ("INCIDENT_BOT_INCIDENT_CHANNELS", "never"),
        ("INCIDENT_BOT_ARCHIVE_AFTER_DAYS", "3"),
        ("INCIDENT_BOT_LOG_FORMAT", "json"),
    ],
)
def test_what_is_left_around_a_value_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, around: str
) -> None:
    monkeypatch.setenv(name, value)
    plain = Settings.load(with_slack=False)

    monkeypatch.setenv(name, around.format(value))

    assert Settings.load(with_slack=False) == plain
    assert plain != Settings.model_construct()


@pytest.mark.parametrize("blank", ["", " ", "\r\n", "''", '" "', "\u200b", "“”"])
def test_a_blank_value_is_none(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("INCIDENT_BOT_ARCHIVE_AFTER_DAYS", blank)

    assert Settings.load(with_slack=False).archive_after is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_an_env_file_may_come_from_any_editor(folder: Path, newline: str, encoding: str) -> None:
    lines = ("SLACK_BOT_TOKEN=xoxb-1", "INCIDENT_BOT_SEVERITIES='Minor,Major'", "X=1", "")
    (folder / ".env").write_bytes(newline.join(lines).encode(encoding))

    settings = Settings.load(with_slack=False)

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == "xoxb-1"
    assert settings.severities == Severities(("Minor", "Major"))


def test_quotation_marks_inside_a_value_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_BOT_API_TOKENS", "ci:'0123\"456789abcdef'")

    [(_, token)] = Settings.load(with_slack=False).api_tokens

    assert token.get_secret_value() == "'0123\"456789abcdef'"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has such a file")
def test_an_env_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / ".env").symlink_to(
        "/proc/self/mem"
    )  # a file, and not even root can read its beginning

    assert_says(run_with(), "incident-bot: .env cannot be read: ", "let the bot's user read it")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_env_file_of_somebody_else_is_named(folder: Path) -> None:
    (folder / ".env").touch(mode=0o000)

    assert_says(run_with(), "incident-bot: .env cannot be read: Permission denied")


def test_an_env_file_that_is_no_utf_8_is_named(folder: Path) -> None:
    (folder / ".env").write_bytes("INCIDENT_BOT_CHANNEL=störungen".encode("latin-1"))

    assert_says(run_with(), "incident-bot: .env is not UTF-8: save it as UTF-8.")


@pytest.mark.parametrize(
    ("severities", "minutes"),
    [
        ("Low,Medium,High", {"High": 5, "Medium": 30}),
        ("low,medium,high", {"high": 5, "medium": 30}),
        ("SEV4,SEV3,SEV2,SEV1", {"SEV1": 5, "SEV2": 30}),
        ("High,Critical", {"Critical": 5, "High": 30}),
        ("Bad", {"Bad": 5}),
    ],
)
def test_the_two_highest_severities_are_reminded_of_whatever_they_are_called(
    monkeypatch: pytest.MonkeyPatch, severities: str, minutes: dict[str, int]
) -> None:
    monkeypatch.setenv("INCIDENT_BOT_SEVERITIES", severities)

    policy = Settings.load(with_slack=False).reminder_policy

    assert policy.acknowledge_within == {
        name: timedelta(minutes=number) for name, number in minutes.items()
    }


def test_times_that_are_given_are_the_only_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_BOT_ACK_WITHIN", "Low:1d")

    policy = Settings.load(with_slack=False).reminder_policy

    assert policy.acknowledge_within == {"Low": timedelta(days=1)}


def test_unknown_names_are_known_with_what_was_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("INCIDENT_BOT_SEVERITY=Low,High\nincident_bot_tokens=a:b\nX=1\n")
    monkeypatch.setenv("INCIDENT_BOT_CHANEL", "war-room")
    for known in ("INCIDENT_BOT_PORT", "incident_bot_host", "INCIDENT_BOT_TEST_CLOCK_SHIFT"):
        monkeypatch.setenv(known, "1")
    for set_by_kubernetes in ("SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT_5000_TCP_ADDR"):
        monkeypatch.setenv(f"INCIDENT_BOT_{set_by_kubernetes}", "1")

    assert unknown_names() == {
        "INCIDENT_BOT_CHANEL": "INCIDENT_BOT_CHANNEL",
        "INCIDENT_BOT_SEVERITY": "INCIDENT_BOT_SEVERITIES",
        "INCIDENT_BOT_TOKENS": "INCIDENT_BOT_API_TOKENS",
    }


@pytest.mark.slow
async def test_of_an_unknown_name_the_bot_warns_in_one_line_and_starts(folder: Path) -> None:
    bot = BotProcess({}, folder, free_port())
    bot.is_forked = True
    await bot.begins("--no-slack", INCIDENT_BOT_CHANEL="hunter2", INCIDENT_BOT_TOKENS="hunter3")
    await bot.says("running without Slack")

    await bot.stops()

    assert '"did_you_mean": "INCIDENT_BOT_CHANNEL"' in await bot.says("INCIDENT_BOT_CHANEL")
    assert bot.output.count("an unknown setting is ignored") == 2
    assert "hunter" not in bot.output


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-canary-1",
        "SLACK_APP_TOKEN": "xapp-canary-2",
        "SLACK_SIGNING_SECRET": "canary3",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)

    settings = Settings.load()

    assert "canary" not in repr(settings)
    assert set(secrets.values()) <= set(settings.secrets)


@pytest.mark.parametrize(
    ("address", "passwords"),
    [
        ("sqlite:///incident_bot.db", set()),
        ("postgresql+psycopg://bot:pa%22ss@db/bot", {"pa%22ss", 'pa"ss'}),
        ("postgresql+psycopg://bot:pa/ss@db/bot", {"pa/ss"}),
        ("postgresql+psycopg://bot:p%2Bs@[::1", {"p%2Bs", "p+s"}),
        ("postgresql+psycopg://db/bot?user=bot&password=p%2Bs+t", {"p%2Bs+t", "p+s+t", "p+s t"}),
    ],
)
def test_a_databases_password_is_a_secret_as_written_and_as_meant(
    monkeypatch: pytest.MonkeyPatch, address: str, passwords: set[str]
) -> None:
    monkeypatch.setenv("INCIDENT_BOT_DATABASE_URL", address)

    assert set(Settings.load(with_slack=False).secrets) - {""} == passwords
