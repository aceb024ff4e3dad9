"""`/incident assign INC-12 @person [role]`: gives a role, or makes somebody a responder."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.commands.subcommand import Named, named_in, subcommand
from incident_bot.slack.messages.done import leads_now, responds_now
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services


@subcommand("assign", "INC-12 @person [role]", "gives a role, or adds a responder")
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    del arguments
    named = await named_in(command, f"assign INC-12 @ana {services.roles.names[-1]}", services)
    role = services.roles.parse(named.rest) if named.rest else None
    await services.people.refuse_responder(named.user_id)
    incident, said = await _assign(command, named, role, services)
    return Reply(services.told(said, incident))


async def _assign(
    command: SlashCommand, named: Named, role: str | None, services: Services
) -> tuple[Incident, str]:
    """The incident, and what is to be said of it."""
    request, incident_id, user_id = command.request, named.incident_id, named.user_id
    if role == services.roles.lead:
        incident = await services.store.hand_over(request, incident_id, user_id)
        return incident, leads_now(incident, command.user_id)
    if role is None:
        incident = await services.store.add_responder(request, incident_id, user_id)
    else:
        incident = await services.store.assign(request, incident_id, user_id, role)
    return incident, responds_now(incident, user_id, role, command.user_id)
