"""Modals and Home tabs: what each person has open. Nothing pushes one modal onto another."""

from typing import Literal

from pydantic import BaseModel

from incident_bot.sandbox.cast import APP_ID, BOT_ID, TEAM_ID
from incident_bot.sandbox.jsontypes import JsonList, JsonObject


class View(BaseModel):
    id: str
    user_id: str
    hash: str
    type: Literal["modal", "home"]
    title: JsonObject | None = None
    submit: JsonObject | None = None
    close: JsonObject | None = None
    blocks: JsonList = []
    private_metadata: str = ""
    callback_id: str = ""
    state: JsonObject = {}

    def as_slack_sends_it(self) -> JsonObject:
        shown = self.model_dump(exclude={"user_id", "state"})
        return {
            **shown,
            "team_id": TEAM_ID,
            "state": {"values": self.state},
            "root_view_id": self.id,
            "previous_view_id": None,
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


class OpenViews:
    """Each person's modal and each person's Home tab."""

    def __init__(self) -> None:
        self.modals: dict[str, View] = {}
        self.homes: dict[str, View] = {}

    def get(self, view_id: str) -> View | None:
        every = [*self.modals.values(), *self.homes.values()]
        return next((view for view in every if view.id == view_id), None)

    def show(self, view: View) -> None:
        """Puts a view where one of its kind was."""
        shown = self.homes if view.type == "home" else self.modals
        shown[view.user_id] = view

    def close(self, user_id: str) -> None:
        self.modals.pop(user_id, None)
