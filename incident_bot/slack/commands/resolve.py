"""`/incident resolve INC-12`: ends it: it becomes Resolved."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands.subcommand import step_subcommand

step_subcommand("resolve", "ends it: it becomes Resolved", Step.RESOLVE)
