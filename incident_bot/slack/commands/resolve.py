"""`/incident resolve INC-12`: ends an incident: Resolved."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands.subcommand import step_subcommand

SUBCOMMAND = step_subcommand("resolve", "ends an incident: Resolved", Step.RESOLVE)
