"""GET /extranet/bureau/cours: the courses of a site with their teachers, and the teachers' access."""

import re

import pytest

from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.staff import DESK, MANAGER, READER, TEACHER, enter, member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import PINSON, SITE, VIOLIN, link, settle_courses
from tests.support.world import Visitor, World

COURSES = f"{DESK}/cours"


def rows(page: str) -> list[list[str]]:
    """Read the table."""
    cells = (
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        for row in re.findall(r"<tr>\s*<th scope=.row.*?</tr>", page, re.DOTALL)
    )
    return [[re.sub(r"<[^>]+>", "", cell).replace("\u00a0", " ").strip() for cell in row] for row in cells]


@pytest.fixture(autouse=True)
def _courses(world: World) -> None:
    settle_courses(world)
    member(world, TEACHER)
    link(world)


@pytest.mark.wing("teaching")
def test_courses_are_listed_by_teacher_in_the_order_of_a_week_with_access(world: World, visitor: Visitor) -> None:
    enter(world, visitor, READER)

    page = visitor.get(COURSES).text

    assert [(row[0].split(",")[0], row[1], row[2], row[3], row[5]) for row in rows(page)] == [
        ("Violoncelle", "mercredi 14 h 30 - 15 h 15", "M. Choucas", "sans accès", "1"),
        ("Violon", "mercredi 14 h 30 - 15 h 15", PINSON, "Gaspard Roitelet", "2"),
        ("Ensemble à cordes", "vendredi 18 h - 19 h", PINSON, "Gaspard Roitelet", "1"),
    ]
    assert f'href="{COURSES}/{SITE}/{course_key(VIOLIN)}?ligne=' in page
    assert "lus le 1er septembre 2026 à 9 h 00" in page.replace("\u00a0", " ")


@pytest.mark.wing("teaching")
@pytest.mark.parametrize("change", ["role", "closed", "site"])
def test_a_link_of_who_opens_no_course_any_more_is_no_access(world: World, visitor: Visitor, change: str) -> None:
    enter(world, visitor, MANAGER)
    before = member(world, "grue@example.org", "teacher")
    after = {
        "role": before.with_role("reader", (SITE,)),
        "closed": before.with_disabled(is_disabled=True),
        "site": before.with_role("teacher", ("evry-magnard",)),
    }[change]
    link(world, "M. Choucas", "grue@example.org")
    staff_stores(world).members.change(before, after)

    (cello,) = [row for row in rows(visitor.get(f"{COURSES}?site={SITE}").text) if row[0].startswith("Violoncelle")]

    assert cello[3] == "sans accès"


@pytest.mark.wing("teaching")
def test_a_site_is_chosen_among_those_one_sees_and_one_without_courses_says_so(world: World, visitor: Visitor) -> None:
    enter(world, visitor, READER)
    assert visitor.get(f"{COURSES}?site=evry-magnard").status_code == 404

    enter(world, visitor, MANAGER)
    page = visitor.get(f"{COURSES}?site=evry-magnard").text.replace("\u00a0", " ")

    assert "Aucun cours : le fichier annuel" in page
    assert rows(page) == []
