"""Reads a Slack app manifest and refuses what Slack refuses of one."""

from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Url = Annotated[str, StringConstraints(pattern=r"^https?://")]


class ManifestError(Exception):
    """What is wrong with the manifest, in one line."""


class _Part(BaseModel):
    # Slack refuses keys that it does not know. Here those are refused as well that nobody needs.
    model_config = ConfigDict(extra="forbid", frozen=True)


class DisplayInformation(_Part):
    name: str = Field(min_length=1, max_length=35)
    description: str = Field(default="", max_length=140)
    background_color: str | None = Field(
        default=None, pattern=r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"
    )


class AppHome(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = True


class BotUser(_Part):
    display_name: str = Field(min_length=1, max_length=80)
    always_online: bool = False


class Command(_Part):
    command: str = Field(min_length=2, max_length=32, pattern=r"^/\S+$")
    description: str = Field(min_length=1, max_length=2000)
    usage_hint: str = Field(default="", max_length=1000)
    should_escape: bool = False
    url: Url | None = None


class Shortcut(_Part):
    name: str = Field(min_length=1, max_length=24)
    type: Literal["global", "message"]
    callback_id: str = Field(min_length=1, max_length=255)
    description: str = Field(min_length=1, max_length=150)


class Features(_Part):
    app_home: AppHome = AppHome()
    bot_user: BotUser | None = None
    shortcuts: list[Shortcut] = Field(default=[], max_length=10)
    slash_commands: list[Command] = Field(default=[], max_length=50)


class Scopes(_Part):
    bot: list[str] = Field(default=[], max_length=255)
    bot_optional: list[str] = []


class OauthConfig(_Part):
    scopes: Scopes = Scopes()


class EventSubscriptions(_Part):
    request_url: Url | None = None
    bot_events: list[str] = Field(default=[], max_length=100)


class Interactivity(_Part):
    is_enabled: bool
    request_url: Url | None = None


class Settings(_Part):
    event_subscriptions: EventSubscriptions = EventSubscriptions()
    interactivity: Interactivity = Interactivity(is_enabled=False)
    org_deploy_enabled: bool = False
    socket_mode_enabled: bool = False
    token_rotation_enabled: bool = False


class Manifest(_Part):
    display_information: DisplayInformation
    features: Features = Features()
    oauth_config: OauthConfig = OauthConfig()
    settings: Settings = Settings()

    @property
    def bot_scopes(self) -> list[str]:
        scopes = self.oauth_config.scopes
        return [*scopes.bot, *scopes.bot_optional]

    @property
    def bot_events(self) -> list[str]:
        return self.settings.event_subscriptions.bot_events

    @property
    def bot_name(self) -> str:
        bot = self.features.bot_user
        return bot.display_name if bot else self.display_information.name

    def command(self, name: str) -> Command | None:
        return next((c for c in self.features.slash_commands if c.command == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        return next((s for s in self.features.shortcuts if s.callback_id == callback_id), None)


def read_manifest(text: str) -> Manifest:
    """Takes YAML or JSON, as Slack's own form does."""
    try:
        return Manifest.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ManifestError(f"the manifest is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the manifest"
        raise ManifestError(f"{where}: {first['msg']}") from error
