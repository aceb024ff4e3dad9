"""Names for the shapes of decoded JSON; no code lives here."""

from typing import Any

JsonObject = dict[str, Any]
JsonList = list[Any]
