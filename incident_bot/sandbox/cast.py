"""The fixed people, channels and tokens of the workspace."""

import secrets
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "sandbox"
PARTNER_TEAM_ID = "T0PARTNER"
PARTNER_TEAM_NAME = "Acme"
APP_ID = "A0INCIDENTBOT"
BOT_USER_ID = "U0BOT"
BOT_ID = "B0BOT"
GENERAL_ID = "C0GENERAL"


class User(BaseModel):
    id: str
    name: str
    real_name: str
    role: str = ""
    tz: str = "UTC"
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False

    @property
    def is_external(self) -> bool:
        return self.team_id != TEAM_ID


class Bookmark(BaseModel):
    id: str
    title: str
    link: str
    created: int = 1_763_800_000


class Channel(BaseModel):
    id: str
    name: str
    kind: Literal["channel", "private", "dm"] = "channel"
    members: list[str] = []
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""
    creator: str = "U0ANA"
    pins: list[str] = []
    bookmarks: list[Bookmark] = []
    dm_user_id: str | None = None
    created: int = 1_763_800_000
    read_until: dict[str, str] = {}

    @property
    def has_bot(self) -> bool:
        return BOT_USER_ID in self.members

    @property
    def is_general(self) -> bool:
        """The one channel that everybody is in; it stays that when it is renamed."""
        return self.id == GENERAL_ID


@dataclass(frozen=True)
class Credentials:
    """What opens this workspace: made up at each start, so that no web page can know it.

    The tokens have Slack's prefixes, which the SDK looks at.
    """

    bot_token: str = field(default_factory=lambda: f"xoxb-sandbox-{secrets.token_hex(16)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-{APP_ID}-{secrets.token_hex(16)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))


def people(bot_name: str) -> list[User]:
    return [
        User(id=BOT_USER_ID, name="incident_bot", real_name=bot_name, role="App", is_bot=True),
        User(id="U0ANA", name="ana", real_name="Ana Lindqvist", role="Lead", tz="Europe/Stockholm"),
        User(
            id="U0BEN", name="ben", real_name="Ben Okafor", role="Responder", tz="America/New_York"
        ),
        User(id="U0CARA", name="cara", real_name="Cara Thapa", role="Support", tz="Asia/Kathmandu"),
        User(
            id="U0GUS",
            name="gus",
            real_name="Gus Weber",
            role="Guest",
            tz="Europe/Berlin",
            is_guest=True,
        ),
        User(
            id="U0EVE",
            name="eve",
            real_name="Eve Martin",
            role=f"From {PARTNER_TEAM_NAME}",
            tz="Europe/Paris",
            team_id=PARTNER_TEAM_ID,
        ),
    ]


def channels() -> list[Channel]:
    team = ["U0ANA", "U0BEN", "U0CARA"]
    return [
        Channel(
            id="C0INCIDENTS",
            name="incidents",
            members=[BOT_USER_ID, *team, "U0GUS"],
            topic="Where incidents are announced",
        ),
        Channel(id=GENERAL_ID, name="general", members=[BOT_USER_ID, *team, "U0GUS"]),
        Channel(id="C0PAYMENTS", name="payments", members=team),
        Channel(
            id="C0ACME",
            name="ext-acme",
            members=[BOT_USER_ID, "U0ANA", "U0BEN", "U0EVE"],
            is_ext_shared=True,
        ),
        Channel(id="C0LEADS", name="leads", kind="private", members=["U0ANA", "U0BEN"]),
    ]
