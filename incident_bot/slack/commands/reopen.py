"""`/incident reopen INC-12`: takes it up again: it becomes In Progress."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands.subcommand import step_subcommand

step_subcommand("reopen", "takes it up again: it becomes In Progress", Step.REOPEN)
