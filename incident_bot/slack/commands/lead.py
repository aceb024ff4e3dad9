"""`/incident lead INC-12 @person`: hands the lead over."""

from incident_bot.slack.commands.subcommand import named_in, subcommand
from incident_bot.slack.messages.done import leads_now
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.mrkdwn import cut

_EXAMPLE = "lead INC-12 @ana"


@subcommand("lead", "INC-12 @person", "hands the lead over")
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    del arguments
    named = await named_in(command, _EXAMPLE, services)
    if named.rest:
        raise NotUnderstood(
            f"“{cut(named.rest, 40)}” is too much.",
            f"Type for example `/incident {_EXAMPLE}`; `/incident assign` gives other roles.",
        )
    await services.people.refuse_responder(named.user_id)
    incident = await services.store.hand_over(command.request, named.incident_id, named.user_id)
    return Reply(services.told(leads_now(incident, command.user_id), incident))
