"""What a Web API method is: its arguments, and who may call it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.workspace import Workspace


class Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class NoArguments(Arguments):
    pass


class Page(Arguments):
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str = ""


_READS = {
    "getPermalink",
    "history",
    "info",
    "list",
    "members",
    "replies",
    "test",
}


@dataclass(frozen=True)
class Method:
    name: str
    arguments: type[Arguments]
    run: Callable[[Workspace, Any], JsonObject]
    scopes: tuple[str, ...] = ()  # any one of them is enough
    token: Literal["bot", "app"] = "bot"  # noqa: S105 - a kind of token, not one

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing, so that it may be called by GET."""
        return self.name.rpartition(".")[2] in _READS


def parse(method: Method, given: JsonObject) -> Arguments:
    try:
        return method.arguments.model_validate(given)
    except ValidationError as error:
        raise SlackError("invalid_arguments", messages=_words(error)) from error


def _words(error: ValidationError) -> list[str]:
    return [
        f"[ERROR] missing required field: {fault['loc'][0]}"
        if fault["type"] == "missing"
        else f"[ERROR] {fault['msg']} [json-pointer:/{'/'.join(map(str, fault['loc']))}]"
        for fault in error.errors()
    ]


def _decode(value: object, error_name: str) -> object:
    """Arguments that are JSON travel as text in a form, and either way in a JSON body."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise SlackError(error_name) from error


def _blocks(value: object) -> object:
    decoded = _decode(value, "invalid_blocks_format")
    if decoded is not None and not isinstance(decoded, list):
        raise SlackError("invalid_blocks_format")
    return decoded


def _view(value: object) -> object:
    decoded = _decode(value, "invalid_arguments")
    if not isinstance(decoded, dict):
        raise SlackError(
            "invalid_arguments", messages=["[ERROR] must provide an object [json-pointer:/view]"]
        )
    return decoded


def _metadata(value: object) -> object:
    return _decode(value, "metadata_must_be_sent_as_json")


Blocks = Annotated[JsonList | None, BeforeValidator(_blocks)]
ViewArgument = Annotated[JsonObject, BeforeValidator(_view)]
Metadata = Annotated[object, BeforeValidator(_metadata)]
