"""The settings: read from the environment, or a `.env` file, here and nowhere else."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import unquote, unquote_plus

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from incident_bot.domain.actors import BOT
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.names import nearest_name
from incident_bot.domain.reminder import ReminderKind, ReminderPolicy
from incident_bot.domain.role import Roles
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status
from incident_bot.domain.text import UNSEEN
from incident_bot.failpoints import Failpoint

_CHANNEL_ID: Final = re.compile(r"[CG][A-Z0-9]+")
_CHANNEL_NAME: Final = re.compile(r"[^\s#@<>A-Z]{1,80}")
_TOKEN_NAME: Final = re.compile(r"(?=.*[a-z])[A-Za-z0-9][A-Za-z0-9 ._@-]{0,49}")
_TOKEN: Final = re.compile(r"[!-+\--~]+")
_ADDRESS: Final = re.compile(r"https?://[!-~]+")
_SLACK_TOKEN: Final = re.compile(r"[!-~]+")
_SIGNING_SECRET: Final = re.compile(r"[A-Za-z0-9]+")
# SQLAlchemy's own understanding of its URLs: a password may hold a slash.
_PASSWORD: Final = re.compile(r"://[^:/]*:(?P<password>[^@]*)@|[?&]password=(?P<asked>[^&]*)")
_WITHIN: Final = re.compile(r"(?P<number>[1-9]\d{0,4})(?P<unit>[mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
# For the highest severity and the next; others have no time unless the setting gives one.
_USUALLY_WITHIN: Final = (timedelta(minutes=5), timedelta(minutes=30))
# Text editors turn straight quotation marks into curly ones.
_QUOTATION_MARKS: Final = {'"': '"', "'": "'", "“": "”", "\u2018": "\u2019", "„": "“"}
_ANY_QUOTATION_MARK: Final = frozenset("\"'“”„\u2018\u2019")
_A_PAIR: Final = 2
_AROUND: Final = rf"(?:\s|{UNSEEN.pattern})+"
_EDGES: Final = re.compile(rf"\A{_AROUND}|{_AROUND}\Z")
_PREFIX: Final = "INCIDENT_BOT_"
_OF_TESTS: Final = "INCIDENT_BOT_TEST_"
# Kubernetes sets these itself where a service is called incident-bot.
_OF_KUBERNETES: Final = re.compile(r"INCIDENT_BOT_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP|SCTP)).*")
_UNGUESSABLE_LENGTH: Final = 16
_OPTION_LIMIT: Final = 75
_MOST_NAMES: Final = 20


class SettingError(Exception):
    """A setting is missing or wrong; one line that names it and says how to mend it."""

    def __init__(self, name: str, words: str) -> None:
        self.name = name
        super().__init__(f"{name} {words}")


def _cleaned(given: Mapping[str, str | None]) -> dict[str, str | None]:
    """All values without what editors, shells and env files leave around them; no empty ones.

    Quotation marks belong to the file's format, but `docker --env-file` keeps them.
    """
    cleaned = {name: None if value is None else _bare(value) for name, value in given.items()}
    return {name: value for name, value in cleaned.items() if value != ""}


def _bare(value: str) -> str:
    value = _EDGES.sub("", value)
    first, last = value[:1], value[-1:]
    marks = sum(value.count(mark) for mark in {first, last})
    if _QUOTATION_MARKS.get(first) == last and marks == _A_PAIR:
        return _EDGES.sub("", value[1:-1])
    return value


def _channel(text: str) -> str:
    name = text.strip().removeprefix("#")
    if not (_CHANNEL_ID.fullmatch(name) or _CHANNEL_NAME.fullmatch(name)):
        raise ValueError("must be a channel's name, such as incidents, or its ID")
    return name


def _names(text: str, example: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if any(_ANY_QUOTATION_MARK.intersection(name[:1] + name[-1:]) for name in names):
        raise ValueError(f"must be written without quotation marks, such as {example}")
    folded = {name.casefold() for name in names}
    if "" in folded or len(folded) < len(names):
        raise ValueError(f"must be names parted by commas, each once, such as {example}")
    if len(names) > _MOST_NAMES or max(map(len, names)) > _OPTION_LIMIT:
        raise ValueError(f"may have {_MOST_NAMES} names of {_OPTION_LIMIT} characters each")
    return names


def _severities(value: object) -> object:
    if not isinstance(value, str):
        return value
    names = _names(value, "Low,Medium,High")
    taken_by_list = {"all", "mine", *(status.casefold() for status in Status)}
    if taken := taken_by_list.intersection(map(str.casefold, names)):
        raise ValueError(f"may not contain {taken.pop()}, which /incident list takes for itself")
    return Severities(names)


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    return Roles(_names(value, "Lead,Communications,Scribe"))


def _api_tokens(value: object) -> object:
    """Part `name:token,name:token`. What is wrong is said without showing a token."""
    if not isinstance(value, str):
        return value
    pairs = [pair.strip().partition(":") for pair in value.split(",")]
    for name, _, token in pairs:
        if not (_TOKEN_NAME.fullmatch(name) and _TOKEN.fullmatch(token)) or name == BOT:
            # A name of capitals alone could be taken for a Slack user ID.
            raise ValueError(
                "must be name:token pairs parted by commas, without spaces in the token and with "
                "a lower-case letter in the name"
            )
    if len({token for _, _, token in pairs}) < len(pairs):
        raise ValueError("has the same token twice: each token says who uses it")
    return tuple((name, token) for name, _, token in pairs)


def _acknowledge_within(value: object) -> object:
    """Read `High:5m,Medium:30m`: how long it may take, by severity."""
    if not isinstance(value, str):
        return value
    parts = [part.strip().partition(":") for part in value.split(",")]
    times = {name.strip(): _WITHIN.fullmatch(time.strip()) for name, _, time in parts}
    if not all(times.values()) or len(times) < len(parts):
        raise ValueError("must be severities, each once with a time, such as High:5m,Medium:1h")
    return {
        name: timedelta(**{_UNITS[match["unit"]]: int(match["number"])})
        for name, match in times.items()
        if match
    }


def _reminders(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip() == "none":
        return frozenset()
    names = _names(value, "acknowledge,update,silence,action")
    if unknown := sorted(set(names) - set(ReminderKind)):
        allowed = ", ".join(ReminderKind)
        raise ValueError(f"names {unknown[0]}: choose from {allowed}, or none of them with none")
    return frozenset(map(ReminderKind, names))


def _token_names(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(_names(value, "ci,grafana"))


def _api_url(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("must be an address such as https://slack.com/api/")
    return text if text.endswith("/") else f"{text}/"


def _bot_token(token: SecretStr) -> SecretStr:
    return _with_prefix(token, "xoxb-", "OAuth & Permissions")


def _app_token(token: SecretStr) -> SecretStr:
    return _with_prefix(token, "xapp-", "Basic Information, App-Level Tokens")


def _signing_secret(secret: SecretStr) -> SecretStr:
    if not _SIGNING_SECRET.fullmatch(secret.get_secret_value()):
        # A blank one would do for whoever thinks of it.
        raise ValueError(
            "must be letters and digits: copy it from your Slack app's page, Basic Information"
        )
    return secret


def _with_prefix(token: SecretStr, prefix: str, page: str) -> SecretStr:
    if not token.get_secret_value().startswith(prefix):
        raise ValueError(f"must begin with {prefix}: copy it from your Slack app's page, {page}")
    if not _SLACK_TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError(f"has spaces or other odd characters in it: copy it again, from {page}")
    return token


def _passwords(address: str) -> Iterator[str]:
    """The password of a database's address, as it is written there and as it is meant."""
    for match in _PASSWORD.finditer(address):
        written = match["password"] or match["asked"] or ""
        yield from (written, unquote(written), unquote_plus(written))


class Settings(BaseSettings):
    """What the bot needs to know. Secrets are never shown."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",  # which some editors write
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN"
    )
    app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(
        None, validation_alias="SLACK_APP_TOKEN"
    )
    signing_secret: Annotated[SecretStr, AfterValidator(_signing_secret)] | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET"
    )
    api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        "https://slack.com/api/", validation_alias="SLACK_API_URL"
    )
    channel: Annotated[str, AfterValidator(_channel)] = Field(
        "incidents", validation_alias="INCIDENT_BOT_CHANNEL"
    )
    database_url: str = Field(
        "sqlite:///incident_bot.db", validation_alias="INCIDENT_BOT_DATABASE_URL"
    )
    host: str = Field("127.0.0.1", validation_alias="INCIDENT_BOT_HOST")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(5000, validation_alias="INCIDENT_BOT_PORT")
    api_tokens: Annotated[
        tuple[tuple[str, SecretStr], ...], NoDecode, BeforeValidator(_api_tokens)
    ] = Field((), validation_alias="INCIDENT_BOT_API_TOKENS")
    api_private: Annotated[frozenset[str], NoDecode, BeforeValidator(_token_names)] = Field(
        frozenset(), validation_alias="INCIDENT_BOT_API_PRIVATE"
    )
    severities: Annotated[Severities, NoDecode, BeforeValidator(_severities)] = Field(
        Severities(), validation_alias="INCIDENT_BOT_SEVERITIES"
    )
    roles: Annotated[Roles, NoDecode, BeforeValidator(_roles)] = Field(
        Roles(), validation_alias="INCIDENT_BOT_ROLES"
    )
    acknowledge_within: Annotated[
        dict[str, timedelta] | None, NoDecode, BeforeValidator(_acknowledge_within)
    ] = Field(None, validation_alias="INCIDENT_BOT_ACK_WITHIN")
    reminders: Annotated[frozenset[ReminderKind], NoDecode, BeforeValidator(_reminders)] = Field(
        frozenset(ReminderKind), validation_alias="INCIDENT_BOT_REMINDERS"
    )
    incident_channels: ChannelPolicy = Field(
        ChannelPolicy.ASK, validation_alias="INCIDENT_BOT_INCIDENT_CHANNELS"
    )
    archive_after_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        None, validation_alias="INCIDENT_BOT_ARCHIVE_AFTER_DAYS"
    )
    event_log: Path | None = Field(None, validation_alias="INCIDENT_BOT_EVENT_LOG")
    log_format: Literal["console", "json"] | None = Field(
        None, validation_alias="INCIDENT_BOT_LOG_FORMAT"
    )

    # Set by tests alone, which cannot reach into the bot's process; documented nowhere else.
    test_failpoint: Failpoint | None = Field(None, validation_alias="INCIDENT_BOT_TEST_FAILPOINT")
    test_failpoint_passes: int = Field(0, validation_alias="INCIDENT_BOT_TEST_FAILPOINT_PASSES")
    test_post_interval: float | None = Field(
        None, validation_alias="INCIDENT_BOT_TEST_POST_INTERVAL"
    )
    test_clock_shift: float = Field(0.0, validation_alias="INCIDENT_BOT_TEST_CLOCK_SHIFT")
    test_clock_file: Path | None = Field(None, validation_alias="INCIDENT_BOT_TEST_CLOCK_FILE")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Have every value cleaned, wherever it comes from."""
        for source in (env_settings, dotenv_settings):
            if isinstance(source, EnvSettingsSource):
                source.env_vars = _cleaned(source.env_vars)
        return super().settings_customise_sources(
            settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings
        )

    @property
    def is_http_mode(self) -> bool:
        """Whether Slack calls us, through a proxy, rather than by a connection that we open."""
        return self.app_token is None and self.signing_secret is not None

    @property
    def archive_after(self) -> timedelta | None:
        """How long after its resolution an incident's channel is archived."""
        days = self.archive_after_days
        return None if days is None else timedelta(days=days)

    @property
    def weak_api_tokens(self) -> tuple[str, ...]:
        """The names of those whose tokens are so short that they might be guessed."""
        return tuple(
            name
            for name, token in self.api_tokens
            if len(token.get_secret_value()) < _UNGUESSABLE_LENGTH
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        given = (
            self.bot_token,
            self.app_token,
            self.signing_secret,
            *(token for _, token in self.api_tokens),
        )
        return (
            *(secret.get_secret_value() for secret in given if secret),
            *_passwords(self.database_url),
        )

    @classmethod
    def load(cls, *, with_slack: bool = True) -> Self:
        """Read the settings; raises SettingError for the first that is missing or wrong."""
        try:
            settings = cls()
        except ValidationError as error:
            raise _first(error) from error
        except UnicodeDecodeError as error:
            raise SettingError(".env", "is not UTF-8: save it as UTF-8.") from error
        except OSError as error:
            raise SettingError(
                ".env",
                f"cannot be read: {error.strerror}; let the bot's user read it, or remove it.",
            ) from error
        settings.require_known_names()
        settings.reminder_policy  # noqa: B018 - it says what is wrong
        if with_slack:
            settings.require_slack()
        return settings

    def require_known_names(self) -> None:
        """Raise SettingError unless whoever may see private incidents has a token."""
        known = {name for name, _ in self.api_tokens}
        if unknown := sorted(self.api_private - known):
            raise SettingError(
                "INCIDENT_BOT_API_PRIVATE",
                f"names {unknown[0]}, which INCIDENT_BOT_API_TOKENS does not: "
                "give it a token, or take it out.",
            )

    @property
    def reminder_policy(self) -> ReminderPolicy:
        """Which reminders there are; raises SettingError for a severity that is not configured."""
        times = self.acknowledge_within
        if times is None:
            times = dict(zip(reversed(self.severities.names), _USUALLY_WITHIN, strict=False))
        if unknown := sorted(set(times) - set(self.severities)):
            raise SettingError(
                "INCIDENT_BOT_ACK_WITHIN",
                f"names {unknown[0]}, which is no severity: "
                f"there are {', '.join(self.severities)}.",
            )
        return ReminderPolicy(self.reminders, times)

    def require_slack(self) -> None:
        """Raise SettingError unless Slack can be reached and can reach us."""
        if self.bot_token is None:
            raise SettingError(
                "SLACK_BOT_TOKEN", "is not set: set it in the environment or in a .env file."
            )
        if self.app_token is None and self.signing_secret is None:
            raise SettingError(
                "SLACK_APP_TOKEN",
                "is not set: set it for Socket Mode, or set SLACK_SIGNING_SECRET for HTTP.",
            )


def unknown_names() -> dict[str, str | None]:
    """What is set and looks like a setting but is none, each with the setting probably meant."""
    known = {str(one.validation_alias) for one in Settings.model_fields.values()}
    known = {name for name in known if not name.startswith(_OF_TESTS)}
    given = {
        name.upper()
        for source in (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings))
        for name in source.env_vars
    }
    return {
        name: nearest_name(name, known)
        for name in sorted(given - known)
        if name.startswith(_PREFIX)
        and not name.startswith(_OF_TESTS)
        and not _OF_KUBERNETES.fullmatch(name)
    }


def _first(error: ValidationError) -> SettingError:
    detail = error.errors(include_url=False)[0]
    name = str(detail["loc"][0])
    words = detail["msg"].removeprefix("Value error, ")
    if detail["type"] != "value_error":
        words = f"is wrong: {words[:1].lower()}{words[1:]}"
    return SettingError(name, f"{words}.")
