"""What a newer version of the bot recorded, for which this one has no words of its own."""

from typing import Final

from incident_bot.slack.text.mrkdwn import escape, mention

_WORD_LIMIT: Final = 300


def recorded_by_newer(actor: str, word: str) -> str:
    """Tell who did it, by the word that is stored."""
    return f"{mention(actor)}: {escape(word, _WORD_LIMIT)} (recorded by a newer version of the bot)"
