"""Values in DynamoDB's format: each kind in its own type, and missing values are not written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.infra.dynamo.values import decode, encode, encode_item, moment, moment_or_none

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        ("1", {"S": "1"}),
        ("", {"S": ""}),
        (NINE, {"N": "1788246000"}),
        (["a", 2], {"L": [{"S": "a"}, {"N": "2"}]}),
        (("a",), {"L": [{"S": "a"}]}),
        ({"a": False}, {"M": {"a": {"BOOL": False}}}),
        ({}, {"M": {}}),
    ],
    ids=repr,
)
def test_a_value_is_held_in_its_own_type(value: object, content: object) -> None:
    assert encode(value) == content


@pytest.mark.parametrize("value", [True, 1, 10**30])
def test_a_truth_is_no_number_and_comes_back_as_it_was(value: int) -> None:
    assert repr(decode(encode(value))) == repr(value)


def test_what_is_not_there_is_not_written() -> None:
    assert encode_item({"a": None, "b": {"c": None}}) == {"b": {"M": {}}}


def test_a_moment_is_the_same_wherever_it_was_told() -> None:
    in_paris = NINE.astimezone(timezone(timedelta(hours=2)))

    assert encode(in_paris) == encode(NINE)
    assert moment(decode(encode(in_paris))) == NINE
    assert moment_or_none(None) is None
    assert moment_or_none(0) == datetime(1970, 1, 1, tzinfo=UTC)
