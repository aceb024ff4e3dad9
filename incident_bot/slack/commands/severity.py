"""`/incident severity INC-12 High`: changes the severity."""

from incident_bot.domain.errors import IncidentError
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_first, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services
from incident_bot.slack.words import escape


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    name, wanted = incident_first(arguments)
    least, *_ = services.severities
    incident_id = incident_id_from(name, f"severity INC-12 {least}")
    if not wanted:
        allowed = ", ".join(services.severities)
        raise IncidentError(
            f"Which severity? Type for example `/incident severity {name} {least}`. "
            f"Severities are {allowed}."
        )
    severity = services.severities.parse(wanted)
    incident = await services.store.set_severity(command.request, incident_id, severity)
    said = f"{incident.reference} has severity {escape(severity)} now."
    return Reply(services.told(said))


SUBCOMMAND = Subcommand(
    "severity", "INC-12 High", "changes its severity", run, is_change=True, aliases=("sev",)
)
