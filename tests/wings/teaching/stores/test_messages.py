"""Messages stored by course and day: concurrent ones are all kept, up to the limit."""

from datetime import date
from typing import Any

from chalicelib.domain.refusals import FormRefusal
from chalicelib.infra.dynamo.revise import nothing
from chalicelib.wings.teaching.domain.courses import TaughtCourse
from chalicelib.wings.teaching.domain.messages import KEPT, CourseMessage, CourseMessages
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, stores
from tests.support.world import World

DAY = date(2026, 11, 4)
COURSE = TaughtCourse("0123456789abcdef", "Violon", "mercredi 14 h 30", "", ())


def write(world: World, key: str, limit: int) -> None:
    messages = stores(world).messages
    message = CourseMessage(key, world.now, "Gaspard Roitelet", f"Mot {key}", 2, 3)
    words = messages.find(SITE, COURSE.key, DAY)
    messages.revise(words, lambda current: current.with_message(message, limit, "Mme Pinson", COURSE), nothing)


def refusals(world: World, limit: int) -> list[Any]:
    def refusal_of(number: int) -> str:
        try:
            write(world, str(number), limit)
        except FormRefusal as refusal:
            return refusal.code
        return ""

    return in_parallel(3, refusal_of)


def words_of(world: World) -> CourseMessages:
    return stores(world).messages.find(SITE, COURSE.key, DAY)


def test_of_words_written_at_once_one_is_kept_where_one_is_allowed(world: World) -> None:
    assert sorted(refusals(world, limit=1)) == ["", "words_enough", "words_enough"]
    assert len(words_of(world).messages) == 1


def test_words_are_listed_by_month_and_forgotten_a_year_later(world: World) -> None:
    write(world, "a", 1)

    (month,) = stores(world).messages.of_month(SITE, "2026-11")
    assert (month.discipline, month.teacher, month.messages) == ("Violon", "Mme Pinson", words_of(world).messages)
    assert list(stores(world).messages.of_month(SITE, "2026-10")) == []
    assert month.item["expires"] == int((world.now + KEPT).timestamp())
