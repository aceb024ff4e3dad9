"""`/incident severity INC-12 High`: changes the severity."""

from incident_bot.domain.errors import IncidentError
from incident_bot.domain.reference import parse_reference
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services
from incident_bot.slack.words import escape


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    name, wanted = _in_order(arguments.split())
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


def _in_order(words: list[str]) -> tuple[str, str]:
    """The incident and the severity, whichever was typed first."""
    if len(words) > 1 and parse_reference(words[0]) is None and parse_reference(words[-1]):
        words = [words[-1], *words[:-1]]
    return "".join(words[:1]), " ".join(words[1:])


SUBCOMMAND = Subcommand(
    "severity", "INC-12 High", "changes its severity", run, is_change=True, aliases=("sev",)
)
