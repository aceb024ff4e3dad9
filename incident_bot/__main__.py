"""`python -m incident_bot` is `incident-bot`."""

from incident_bot.cli import main

main(prog_name="incident-bot")
