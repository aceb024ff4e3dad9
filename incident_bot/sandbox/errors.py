"""What the stand-in refuses: to the bot in Slack's error names, to the page in words."""

from incident_bot.sandbox.jsontypes import JsonObject


class SlackError(Exception):
    """A refusal that the bot is told by its name, as in `{"ok": false, "error": name}`."""

    def __init__(self, name: str, *, messages: list[str] | None = None, **extra: object) -> None:
        super().__init__(name)
        self.name = name
        self.extra: JsonObject = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": messages}

    def body(self) -> JsonObject:
        return {"ok": False, "error": self.name, **self.extra}


class RefusedError(Exception):
    """What a person at the page may not do, in words fit to show."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
