"""Lines are appended whole, once each, by one process at a time."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from incident_bot.integrations.event_log.file import append, check

FIRST, SECOND = b'{"id":"a1"}', b'{"id":"b2"}'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def test_lines_are_appended_and_where_they_begin_is_known(log: Path) -> None:
    begin = [
        append(log, "a1", FIRST, may_be_there=False),
        append(log, "b2", SECOND, may_be_there=False),
    ]

    assert begin == [0, 12]
    assert log.read_bytes() == FIRST + b"\n" + SECOND + b"\n"


def test_the_file_is_for_the_bots_user_alone(log: Path) -> None:
    append(log, "a1", FIRST, may_be_there=False)

    assert log.stat().st_mode & 0o777 == 0o600


def test_what_may_be_there_is_looked_for_first(log: Path) -> None:
    append(log, "a1", FIRST, may_be_there=True)
    append(log, "b2", SECOND, may_be_there=True)

    begins_at = append(log, "b2", SECOND, may_be_there=True)

    assert begins_at == 12
    assert log.read_bytes().count(SECOND) == 1


@pytest.mark.parametrize("written", [b'{"id":"b', b'{"id":"b2"}'])
def test_a_line_that_was_written_in_part_is_cut_off(log: Path, written: bytes) -> None:
    log.write_bytes(FIRST + b"\n" + written)

    append(log, "b2", SECOND, may_be_there=True)

    assert log.read_bytes() == FIRST + b"\n" + SECOND + b"\n"


def test_many_who_append_at_once_write_whole_lines(log: Path) -> None:
    lines = {f"key{number}": f'{{"id":"key{number}"}}'.encode() * 500 for number in range(40)}

    with ThreadPoolExecutor(8) as threads:
        for key, line in lines.items():
            threads.submit(append, log, key, line, may_be_there=False)

    assert sorted(log.read_bytes().splitlines()) == sorted(lines.values())


def test_a_log_that_cannot_be_written_is_found_before_anything_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check(tmp_path / "nowhere" / "events.jsonl")
    with pytest.raises(IsADirectoryError):
        check(tmp_path)


def test_what_is_no_regular_file_is_refused_in_words(log: Path) -> None:
    os.mkfifo(log)

    for path in (log, Path(os.devnull)):
        with pytest.raises(OSError, match="not a regular file"):
            check(path)


def test_looking_at_a_log_changes_nothing_in_it(log: Path) -> None:
    append(log, "a1", FIRST, may_be_there=False)

    check(log)

    assert log.read_bytes() == FIRST + b"\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anything")
def test_a_log_of_somebody_else_cannot_be_written(log: Path) -> None:
    log.touch(0o400)

    with pytest.raises(PermissionError):
        check(log)
