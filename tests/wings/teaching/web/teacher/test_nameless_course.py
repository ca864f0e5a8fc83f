"""A course without a discipline in the yearly file: its teacher finds it, and opens each of its pages."""

import re
from dataclasses import replace
from typing import Final

from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.staff import TEACHER, enter
from tests.support.teaching import (
    DOOR,
    SITE,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    pupil_address,
    settle_pupil,
)
from tests.support.world import ROSSIGNOL, Visitor, World

NAMELESS: Final = replace(VIOLIN, discipline="")
PAGES: Final = (
    f"{DOOR}/semaine",
    f"{DOOR}/eleves",
    course_address(NAMELESS),
    course_address(NAMELESS, "appel", "2026-11-04"),
    course_address(NAMELESS, "mot"),
    pupil_address(ROSSIGNOL, ZELIE, course=NAMELESS),
    pupil_address(ROSSIGNOL, ZELIE, "appreciations", "semestre-1", course=NAMELESS),
)
_EMPTY: Final = re.compile(r"<(a|h[1-3]|title)\b[^>]*>\s*</\1>|(?:Appel|suivant) : ?[<,]|<p>, ")


def test_no_link_nor_heading_is_empty_where_the_file_names_no_discipline(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    settle_pupil(world, ROSSIGNOL, replace(ZELIE, courses=(NAMELESS,)))
    rebuild(world.services, (SITE,), world.now)
    enter(world, visitor, TEACHER)

    answers = {page: visitor.get(page) for page in PAGES}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert [(page, match[0]) for page, answer in answers.items() if (match := _EMPTY.search(answer.text))] == []
