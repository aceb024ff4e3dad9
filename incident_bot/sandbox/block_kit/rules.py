"""The small rules of which the Block Kit validator is built, and Slack's words for each failure."""

from collections.abc import Callable, Iterator, Mapping

# A rule looks at a value and the JSON pointer to it, and gives Slack's words for what is wrong.
Rule = Callable[[object, str], Iterator[str]]


def problem(words: str, pointer: str) -> str:
    return f"[ERROR] {words} [json-pointer:{pointer}]"


def string(most: int, *, least: int = 1) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)

    return check


def boolean(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must provide a boolean", pointer)


def integer(least: int, most: int) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", pointer)
        elif value < least:
            yield problem(f"must be greater than or equal to {least}", pointer)
        elif value > most:
            yield problem(f"must be less than or equal to {most}", pointer)

    return check


def one_of(*allowed: str) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield problem(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def matching(is_right: Callable[[str], bool], words: str) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str) or not is_right(value):
            yield problem(words, pointer)

    return check


def items(rule: Rule, most: int, *, least: int = 1) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", pointer)
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
            return
        for number, item in enumerate(value):
            yield from rule(item, f"{pointer}/{number}")

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no other."""
    known = {**required, **(optional or {})}

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for key in required.keys() - value.keys():
            yield problem(f"missing required field: {key}", pointer)
        for key, inner in value.items():
            if key in known:
                yield from known[key](inner, f"{pointer}/{key}")
            else:
                yield problem(f"invalid additional property: {key}", pointer)

    return check


def typed(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose `type` chooses the rule."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
        elif "type" not in value:
            yield problem("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield problem(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check


def both(*rules: Rule) -> Rule:
    """All of these; the later ones only look at what the earlier ones found right."""

    def check(value: object, pointer: str) -> Iterator[str]:
        for rule in rules:
            found = list(rule(value, pointer))
            yield from found
            if found:
                return

    return check


def exactly_one_of(*keys: str) -> Rule:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            return
        given = [key for key in keys if key in value]
        if not given:
            yield problem(f"missing required field: {' or '.join(keys)}", pointer)
        elif len(given) > 1:
            yield problem(f"only one of {' and '.join(given)} is allowed", pointer)

    return check


def anything(_value: object, _pointer: str) -> Iterator[str]:
    yield from ()
