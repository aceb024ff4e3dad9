"""While a title is typed, its form shows what is going on already that it may be about.

Nobody is answered: what cannot be shown is left out, and in the log.
"""

from typing import Final

import structlog

from incident_bot.domain.actors import Viewer
from incident_bot.domain.errors import IncidentError
from incident_bot.slack.api.outcomes import CALL_ERRORS
from incident_bot.slack.modals.similar import SHOWN, with_similar
from incident_bot.slack.payloads import Press, PressedForm
from incident_bot.slack.replies.conversations import Messenger
from incident_bot.slack.services import Services

log = structlog.get_logger(__name__)

_MOST_KEPT: Final = 1_000


class Suggestions:
    """Of each form one title at a time is looked up; of those typed meanwhile, then the latest."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger
        self._latest: dict[str, Press] = {}
        self._became: dict[str, PressedForm] = {}

    async def follow(self, press: Press) -> None:
        """Show what is similar to the title that was typed, unless more is typed by then."""
        form = press.form
        if form is None:
            return
        latest = self._latest.get(form.view_id)
        if latest is None or latest.action_ts < press.action_ts:
            self._latest[form.view_id] = press
        if latest is not None:  # whoever shows that will see this one, too
            return
        try:
            await self._show_all(form)
        except (*CALL_ERRORS, IncidentError) as error:
            log.info("similar incidents are not shown", error=str(error))
        finally:
            del self._latest[form.view_id]

    async def _show_all(self, form: PressedForm) -> None:
        """Until what was typed last is shown."""
        # It may have been typed before the person's client had the change that is there by now.
        form = self._newest(form)
        press = None
        while press is not self._latest[form.view_id]:
            press = self._latest[form.view_id]
            form = await self._show(press, form)

    def _newest(self, form: PressedForm) -> PressedForm:
        """What has become of a form by our own changes; however they hang together, this ends."""
        for _ in range(_MOST_KEPT):
            if form.hash not in self._became:
                break
            form = self._became[form.hash]
        return form

    async def _show(self, press: Press, form: PressedForm) -> PressedForm:
        """Gives the form as it is now: with that, its next change is no conflict (views.update)."""
        await self._services.people.refuse_outsiders(press.user_id, press.user_team_id)
        found = await self._services.lists.find_similar(press.value, Viewer(press.user_id), SHOWN)
        view = with_similar(form, found)
        if view is None:
            return form
        shown = PressedForm.model_validate(
            await self._messenger.update_modal(form.view_id, view, form.hash)
        )
        if len(self._became) >= _MOST_KEPT:
            self._became.clear()
        self._became[form.hash] = shown
        return shown
