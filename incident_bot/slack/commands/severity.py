"""`/incident severity INC-12 High`: changes the severity."""

from incident_bot.domain.errors import IncidentError
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services
from incident_bot.slack.words import escape


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    name, _, wanted = arguments.partition(" ")
    incident_id = incident_id_from(name, "severity")
    least, *_ = services.severities
    allowed = ", ".join(services.severities)
    if not wanted.strip():
        raise IncidentError(
            f"Which severity? Type for example `/incident severity {name} {least}`. "
            f"Severities are {allowed}."
        )
    severity = services.severities.parse(wanted)
    incident = await services.store.set_severity(command.request, incident_id, severity)
    return Reply(f"{incident.reference} has severity {escape(severity)} now.")


SUBCOMMAND = Subcommand(
    "severity", "INC-12 High", "changes the severity", run, is_change=True, aliases=("sev",)
)
