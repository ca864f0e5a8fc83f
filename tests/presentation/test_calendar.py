"""A calendar by RFC 5545: whole days and lessons, lines of 75 octets, escaped commas."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.presentation.calendar import CalendarLesson, WholeDay, calendar_of, subscribed_calendar

NOW = datetime(2027, 6, 2, 18, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
LESSON = CalendarLesson(
    *("a1@example.fr", datetime(2027, 3, 31, 14, 30, tzinfo=PARIS), datetime(2027, 3, 31, 15, 15, tzinfo=PARIS)),
    *("Violon", "salle Lully, Evry", "Professeur"),
)


def lines_of(title: str, words: str = "") -> list[str]:
    day = WholeDay("a1-jour@example.fr", date(2027, 12, 31), title, words, "https://example.fr/x")
    text = calendar_of([day], NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert [line for line in text.split("\r\n") if len(line.encode()) > 75 or "\n" in line] == []
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_day_is_whole_and_ends_where_the_next_one_begins() -> None:
    assert lines_of("Dernier jour") == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clef//Extranet//FR", "METHOD:PUBLISH"),
        *("BEGIN:VEVENT", "UID:a1-jour@example.fr", "DTSTAMP:20270602T180000Z"),
        *("DTSTART;VALUE=DATE:20271231", "DTEND;VALUE=DATE:20280101", "SUMMARY:Dernier jour", "DESCRIPTION:"),
        *("URL:https://example.fr/x", "TRANSP:TRANSPARENT"),
        *("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:", "TRIGGER:-PT15H", "END:VALARM"),
        *("END:VEVENT", "END:VCALENDAR"),
    ]


def test_what_would_end_a_value_is_escaped() -> None:
    words = {line for line in lines_of("x", "a;b,c\\d\r\ne : f") if line.startswith("DESCRIPTION")}

    assert words == {"DESCRIPTION:a\\;b\\,c\\\\d\\ne\xa0: f"}


@given(st.text("aé€🎻", min_size=60, max_size=200))
def test_a_long_line_is_folded_within_no_character_and_read_again_as_it_was(title: str) -> None:
    assert f"SUMMARY:{title}" in lines_of(title)


def subscribed(lesson: CalendarLesson) -> list[str]:
    return subscribed_calendar("Cours de Zélie", [lesson], NOW).replace("\r\n ", "").split("\r\n")[:-1]


def test_a_lesson_is_told_in_utc_and_its_calendar_asks_to_be_read_again() -> None:
    assert subscribed(LESSON) == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clef//Extranet//FR", "METHOD:PUBLISH"),
        *("NAME:Cours de Zélie", "X-WR-CALNAME:Cours de Zélie"),
        *("REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H"),
        *("BEGIN:VEVENT", "UID:a1@example.fr", "DTSTAMP:20270602T180000Z"),
        *("DTSTART:20270331T123000Z", "DTEND:20270331T131500Z", "SUMMARY:Violon", "LOCATION:salle Lully\\, Evry"),
        *("DESCRIPTION:Professeur", "END:VEVENT", "END:VCALENDAR"),
    ]


def test_a_cancelled_lesson_is_the_same_one_told_once_more_and_an_empty_place_is_not_told() -> None:
    lines = subscribed(replace(LESSON, place="", words="", is_cancelled=True, changed_at=NOW, revision=1))

    assert lines[-6:-2] == ["SUMMARY:Violon", "STATUS:CANCELLED", "SEQUENCE:1", "LAST-MODIFIED:20270602T180000Z"]
    assert "UID:a1@example.fr" in lines
