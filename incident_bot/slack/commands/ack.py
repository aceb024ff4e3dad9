"""`/incident ack INC-12`: takes it on: it becomes In Progress."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands.subcommand import step_subcommand

step_subcommand(
    "ack", "takes it on: it becomes In Progress", Step.ACKNOWLEDGE, aliases=("acknowledge",)
)
