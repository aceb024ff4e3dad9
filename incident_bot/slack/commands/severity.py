"""`/incident severity INC-12 High`: changes the severity."""

from incident_bot.domain.reference import reference
from incident_bot.slack.commands.subcommand import incident_and_rest, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood, for_example
from incident_bot.slack.text.mrkdwn import escape


@subcommand("severity", "INC-12 High", "changes its severity", aliases=("sev",))
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    least, *_ = services.severities
    example = f"severity INC-12 {least}"
    incident_id, wanted = await incident_and_rest(command, arguments, example, services)
    if not wanted:
        meant = for_example(f"severity {reference(incident_id)} {least}")
        allowed = ", ".join(services.severities)
        raise NotUnderstood("Which severity?", f"{meant} Severities are {allowed}.")
    severity = services.severities.parse(wanted)
    incident = await services.store.set_severity(command.request, incident_id, severity)
    said = f"{incident.reference} has severity {escape(severity)} now."
    return Reply(services.told(said, incident))
