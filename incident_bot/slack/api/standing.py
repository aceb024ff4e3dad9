"""What somebody is to this workspace, and what that keeps them from."""

from dataclasses import dataclass
from enum import Enum

from incident_bot.domain.errors import IncidentError, NotAllowed, OfPerson


class Standing(Enum):
    """What somebody is to this workspace, in the words that refuse them a role."""

    MEMBER = "is a member"
    GUEST = "is a guest, and guests may not change incidents"
    BOT = "is a bot"
    DEACTIVATED = "is deactivated"
    OUTSIDER = "is not of this workspace"


@dataclass(eq=False)
class MayChangeNothing(NotAllowed):
    """Only members of the workspace change incidents."""

    standing: Standing

    @property
    def words(self) -> str:
        if self.standing is Standing.GUEST:
            return (
                "Guests may declare and read incidents, but not change them. "
                "Ask a member of the workspace to do it."
            )
        rule = "Only people of this workspace may change incidents."
        is_human = self.standing is Standing.OUTSIDER
        return f"{rule} Ask one of them in this channel to do it." if is_human else rule


@dataclass(eq=False)
class CannotRespond(OfPerson):
    """This person can neither lead nor respond."""

    user_id: str
    standing: Standing
    sentence = "{standing.value}. Name a member of this workspace."


class Unsaid(Enum):
    """What Slack does not say just now."""

    WHO_ASKS = "who you are"
    WHETHER_THEY_MAY = "whether you may change incidents, so nothing was changed"
    WHO_THAT_IS = "who that is, so nothing was changed"


@dataclass(eq=False)
class NotLookedUp(NotAllowed):
    """Who may have something done depends on what Slack does not say."""

    unsaid: Unsaid
    sentence = "Slack did not say {unsaid.value}. Please try again in a moment."


@dataclass(eq=False)
class NobodyKnown(IncidentError):
    """Whether somebody can be given a role depends on what Slack does not say."""

    unsaid: Unsaid = Unsaid.WHO_THAT_IS
    sentence = NotLookedUp.sentence
