"""What is said of a single action item to whoever added it, did it or took it up again."""

from incident_bot.domain.action_item import ActionItem
from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.action_items import facts, how_to_list
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.parts import aside, quotation, rendered, sentence


def added_item(incident: Incident, item: ActionItem) -> Reply:
    """What was understood: the words, the owner and the due time."""
    said = f"Action item of *{incident.reference}* added: {facts(item, item.created_at)}"
    return _with_its_words(said, incident, item)


def changed_item(incident: Incident, item: ActionItem) -> Reply:
    """What was done to it, for who pressed its button in a direct message."""
    name = incident.reference
    said = (
        f"You did this action item of *{name}*."
        if item.is_done
        else (f"This action item of *{name}* is open again.")
    )
    return _with_its_words(said, incident, item)


def _with_its_words(said: str, incident: Incident, item: ActionItem) -> Reply:
    parts = sentence(said), quotation(item.text), aside(how_to_list(incident))
    return Reply(*rendered(parts))
