"""The record: one line per event with any content, and no one is identifiable without the key."""

import io
import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.infra.record import Record
from tests.support.world import ROSSIGNOL, World

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
KEY = "the key of these tests, long enough"
ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates too


def lines(request: str = "request-1", key: str = KEY, account: AccountRef | None = None, **more: str | int) -> str:
    """Write one event, and return everything written."""
    stream = io.StringIO()
    address = more.pop("address", None)
    Record(Pseudonyms(key), stream).write(
        "login_refused", NOW, request, account=account, address=str(address) if address else None, **more
    )
    return stream.getvalue()


def test_an_event_says_when_what_and_in_which_request() -> None:
    line = json.loads(lines(status=429, why="too_large"))

    assert line == {
        "time": "2026-09-01T07:00:00+00:00",
        "event": "login_refused",
        "request": "request-1",
        "status": 429,
        "why": "too_large",
    }


def test_moments_are_told_in_utc() -> None:
    stream = io.StringIO()
    in_paris = NOW.astimezone(timezone(timedelta(hours=2)))

    Record(Pseudonyms(KEY), stream).write("login_ok", in_paris, "request-1")

    assert json.loads(stream.getvalue())["time"] == "2026-09-01T07:00:00+00:00"


@given(request=ANYTHING, why=ANYTHING, path=ANYTHING)
@example(request="a\r\nb", why="a\nb", path="a\rb")
@example(request="\u2028", why="\u2029\u0085", path="\v\f\x1c\x1d\x1e")
@example(request="\ud800", why="\udfff\ud83d", path="\0\x7f")
@example(request='"}\n{"event": "login_ok"', why="\\n", path="\N{RIGHT-TO-LEFT OVERRIDE}")
def test_one_event_is_one_line_whatever_is_in_it(request: str, why: str, path: str) -> None:
    text = lines(request, why=why, path=path)

    assert text.splitlines(keepends=True) == [text]
    assert text.endswith("}\n")
    assert text.isascii()
    assert text.removesuffix("\n").isprintable()
    line = json.loads(text)
    assert (line["event"], line["request"], line["why"], line["path"]) == ("login_refused", request, why, path)


@given(ANYTHING)
def test_whatever_identifier_was_typed_the_event_is_written(entry: str) -> None:
    identifier = identifier_from(entry)

    line = lines(account=AccountRef("evry-xenakis", identifier))

    assert re.fullmatch("[0-9a-f]{20}", json.loads(line)["account"])


def test_who_it_was_is_told_by_pseudonyms_only() -> None:
    text = lines(account=AccountRef("evry-xenakis", "rossignol-91"), address="192.0.2.77")

    line = json.loads(text)
    assert line["site"] == "evry-xenakis"
    assert re.fullmatch("[0-9a-f]{20}", line["account"])
    assert re.fullmatch("[0-9a-f]{20}", line["client"])
    assert "rossignol" not in text
    assert "192.0.2.77" not in text


def test_the_same_one_is_known_again_and_another_is_not() -> None:
    def pseudonym(site: str, identifier: str) -> str:
        return str(json.loads(lines(account=AccountRef(site, identifier)))["account"])

    assert pseudonym("evry-xenakis", "xen1") == pseudonym("evry-xenakis", "xen1")
    assert (
        len({pseudonym("evry-xenakis", "xen1"), pseudonym("evry-magnard", "xen1"), pseudonym("evry-xenakis", "xen2")})
        == 3
    )


def test_without_the_key_nobody_is_known_again() -> None:
    line = json.loads(lines(account=ROSSIGNOL, address="192.0.2.7"))
    guess = json.loads(lines(account=ROSSIGNOL, address="192.0.2.7", key="another key, long enough as well"))

    assert line["account"] != guess["account"]
    assert line["client"] != guess["client"]


def test_events_follow_each_other_line_by_line() -> None:
    stream = io.StringIO()
    record = Record(Pseudonyms(KEY), stream)

    for number in range(3):
        record.write("login_ok", NOW, f"request-{number}")

    assert [json.loads(line)["request"] for line in stream.getvalue().splitlines()] == [
        "request-0",
        "request-1",
        "request-2",
    ]


def test_without_a_stream_it_is_printed_where_lambda_keeps_it(capsys: pytest.CaptureFixture[str]) -> None:
    Record(Pseudonyms(KEY)).write("login_ok", NOW, "request-1")

    assert json.loads(capsys.readouterr().out)["event"] == "login_ok"


def test_the_services_write_with_the_key_of_the_settings(world: World) -> None:
    world.services.record.write("login_ok", world.now, "request-1", account=ROSSIGNOL)

    expected = Pseudonyms(world.services.settings.record_key).of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    assert [event["account"] for event in world.events()] == [expected]
