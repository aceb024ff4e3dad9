"""Functions stay short enough to be read at a glance."""

from tests.sizes import functions, percentile


def test_no_function_is_longer_than_a_page() -> None:
    assert [one for one in functions() if one.lines > 50] == []


def test_nine_functions_of_ten_are_far_shorter() -> None:
    assert percentile([one.lines for one in functions()], 90) <= 30
