"""`/incident reopen INC-12`: takes a resolved incident up again."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands.subcommand import step_subcommand

SUBCOMMAND = step_subcommand("reopen", "takes a resolved incident up again", Step.REOPEN)
