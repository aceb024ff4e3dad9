"""Modals and Home tabs: what each person has open, at most three views on one another."""

from typing import Literal

from pydantic import BaseModel

from incident_bot.sandbox.cast import APP_ID, BOT_ID, TEAM_ID
from incident_bot.sandbox.jsontypes import JsonList, JsonObject

STACK_LIMIT = 3  # Slack, "Modals": views in one stack


class View(BaseModel):
    id: str
    user_id: str
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    type: Literal["modal", "home"]
    title: JsonObject | None = None
    submit: JsonObject | None = None
    close: JsonObject | None = None
    blocks: JsonList = []
    private_metadata: str = ""
    callback_id: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    submit_disabled: bool = False
    state: JsonObject = {}

    def as_slack_sends_it(self) -> JsonObject:
        shown = self.model_dump(exclude={"user_id", "state", "submit_disabled"})
        return {
            **shown,
            "team_id": TEAM_ID,
            "state": {"values": self.state},
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


class OpenViews:
    """Each person's stack of modals, bottom first, and each person's Home tab."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        return self.stacks.setdefault(user_id, [])

    def every(self) -> list[View]:
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def get(self, view_id: str) -> View | None:
        return next((view for view in self.every() if view.id == view_id), None)

    def by_external_id(self, external_id: str) -> View | None:
        if not external_id:
            return None
        return next((view for view in self.every() if view.external_id == external_id), None)

    def replace(self, view: View) -> None:
        """Puts a changed view where the one of the same identifier was."""
        if view.type == "home":
            self.homes[view.user_id] = view
            return
        stack = self.stack(view.user_id)
        stack[:] = [view if other.id == view.id else other for other in stack]

    def drop(self, view: View) -> None:
        stack = self.stack(view.user_id)
        stack[:] = [other for other in stack if other.id != view.id]
