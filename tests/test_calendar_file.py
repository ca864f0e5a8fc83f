"""A calendar as RFC 5545 has it: whole days, lines of 75 octets, words that no comma ends."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.calendar_file import WholeDay, calendar_of

NOW = datetime(2027, 6, 2, 18, 0, tzinfo=UTC)


def lines_of(title: str, words: str = "") -> list[str]:
    day = WholeDay("a1-jour@example.fr", date(2027, 12, 31), title, words, "https://example.fr/x")
    written = calendar_of([day], NOW)
    assert written.endswith("END:VCALENDAR\r\n")
    assert [line for line in written.split("\r\n") if len(line.encode()) > 75 or "\n" in line] == []
    return written.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_day_is_whole_and_ends_where_the_next_one_begins() -> None:
    assert lines_of("Dernier jour") == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clef//Extranet//FR", "METHOD:PUBLISH"),
        *("BEGIN:VEVENT", "UID:a1-jour@example.fr", "DTSTAMP:20270602T180000Z"),
        *("DTSTART;VALUE=DATE:20271231", "DTEND;VALUE=DATE:20280101", "SUMMARY:Dernier jour", "DESCRIPTION:"),
        *("URL:https://example.fr/x", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR"),
    ]


def test_what_would_end_a_value_is_escaped() -> None:
    (words,) = (line for line in lines_of("x", "a;b,c\\d\r\ne : f") if line.startswith("DESCRIPTION"))

    assert words == "DESCRIPTION:a\\;b\\,c\\\\d\\ne\xa0: f"


@given(st.text("aé€🎻", min_size=60, max_size=200))
def test_a_long_line_is_folded_within_no_character_and_read_again_as_it_was(title: str) -> None:
    assert f"SUMMARY:{title}" in lines_of(title)
