"""Lists of the desk all end: pages, orders, filters to take away, a count, and a file of their rows."""

import csv
import re
from datetime import date, timedelta
from functools import partial
from html import unescape

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import nothing
from chalicelib.office.enrolment.export import EXPORT_TRAIL
from chalicelib.office.roster.applied_imports import begin_import
from chalicelib.wings.teaching.domain.courses import TaughtCourse, course_key
from chalicelib.wings.teaching.domain.messages import CourseMessage, CourseMessages
from chalicelib.wings.teaching.domain.rolls import UnexcusedAbsences
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.desk_routes import DOORS
from tests.support.french import plain
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, enter
from tests.support.teaching import SITE, WEDNESDAY, ref_of, settle_pupil, stores
from tests.support.wing_examples import examples_here
from tests.support.world import Visitor, World

FAMILIES = 51
OF_APPLICATIONS = f"{DESK}/demandes"  # fifty applications a page, a line for each candidate: tested apart
OF_STAFF = f"{DESK}/personnel"  # a manager's, who alone has its file: tested apart
LISTS = {
    path.removesuffix("/csv"): door.right
    for (_, path), door in DOORS.items()
    if path.endswith("/csv") and not path.startswith((OF_APPLICATIONS, OF_STAFF))
}


@pytest.fixture
def full(world: World) -> World:
    """Store 51 families, each with a line in every list: a course, a missing roll, absences, a change, a bill."""
    world.now = WEDNESDAY + timedelta(days=1)
    for number in range(FAMILIES):
        ref = AccountRef(SITE, f"fam{number:02}")
        course = Course(f"Atelier {number:02}", "", f"=Professeur {number:02}", "mercredi 14 h 30 - 15 h 15", "salle 1")
        pupil = Pupil(f"Élève {number:02}", date(2015, 5, 4), (course,))
        change = Correction("payer", ("Avant",), ("Après",), Actor("family", "Aimée"), world.now, "")
        settle_pupil(world, ref, pupil, name=f"=Famille {number:02}", corrections=(change,), password=None)
        for examples in examples_here():
            examples.fill(world, ref, number)
        for week in range(3):
            lesson = (course_key(course), WEDNESDAY.date() - timedelta(days=7 * week))
            miss = partial(UnexcusedAbsences.with_lesson, lesson=lesson, discipline="Atelier")
            stores(world).absences.revise_at(SITE, ref_of(ref, pupil), miss)
        message = CourseMessage("0" * 16, world.now, "=Gaspard Roitelet", f"Apportez la page {number}.", 1, 1)
        taught_course = TaughtCourse(course_key(course), course.discipline, course.slot, "", ())
        words = stores(world).messages.find(SITE, taught_course.key, WEDNESDAY.date())
        send = partial(
            CourseMessages.with_message, message=message, limit=1, teacher=course.teacher, course=taught_course
        )
        stores(world).messages.revise(words, send, nothing)
        asked_at = world.now - timedelta(minutes=number)
        world.services.staff.jobs.create(DeskJob.ask("families", "=Odile", asked_at, {"sites": [SITE]}))
        begin_import(world.services, AppliedImport(f"{number:020}", "desk", "=Odile", asked_at, f"{number:064}"))
    rebuild(world.services, (SITE,), world.now)
    return world


def link(page: str, text: str) -> str:
    """Find the address of a link. Empty if there is none."""
    match = re.search(rf'<a href="([^"]*)"[^>]*>{text}</a>', page)
    return unescape(match[1]) if match else ""


def has_neighbours(visitor: Visitor, path: str) -> bool:
    """Open the first row and go on, open the last row of a page and go on, and go back to its list."""
    rows = re.findall(r'href="([^"]*ligne=\d+%2F51[^"]*)"', visitor.get(path).text)
    first, last = (visitor.get(unescape(rows[place])).text for place in (0, -1))
    steps = [visitor.get(link(page, "Suivant")).location for page in (first, last)]
    after = [visitor.get(step).text for step in steps]
    end = visitor.get(link(after[1], "Retour à la liste")).text
    return (
        len(rows) == 50
        and all(f">{place} sur 51<" in page for place, page in zip((1, 50, 2, 51), (first, last, *after), strict=True))
        and [bool(link(page, "Précédent")) for page in (first, *after)] == [False, True, True]
        and not link(after[1], "Suivant")
        and "51 à 51 sur 51" in plain(end)
    )


def fault_of(visitor: Visitor, path: str) -> str:
    """Walk a list by its own links. Returns the first promise that it breaks, empty if it keeps all."""

    def get(query: str = "") -> str:
        return plain(visitor.get(f"{path}{query}").text)

    page = get()
    rows = re.findall(
        r"<tr>\s*<th scope=.row.*?</tr>", page.partition('class="rows"')[2].partition("</table>")[0], re.DOTALL
    )
    orders = sorted({*re.findall(rf'href="{path}\?tri=([^"]*)"', page)})
    lines = list(csv.reader(visitor.get(f"{path}/csv").text.splitlines(), delimiter=";"))[1:]
    files = {
        name: visitor.get(f"{path}/csv?tri={name}").text.splitlines()[1:]
        for order in orders
        for name in (order, f"-{order}")
    }
    filters = re.findall(r'<select id="(?!site)([^"]*)".*?<option value="([^"]+)"', page, re.DOTALL)
    promises = {
        "a count": f" 1 à 50 sur {FAMILIES}" in page and f"Les {FAMILIES} lignes" in page,
        "pages": len(rows) == 50 and f'href="{path}?page=2"' in page and "51 à 51 sur 51" in get("?page=2"),
        "a file": len(lines) == FAMILIES,
        "what it shows": all(
            any(cell.strip("'") in row for cell in line) for line, row in zip(lines, rows, strict=False)
        ),
        "no formulas": not any(cell.startswith("=") for line in lines for cell in line),
        "orders": {len(rows) for rows in files.values()} == {FAMILIES},
        "both ways": any(files[name] == files[f"-{name}"][::-1] for name in orders),
        "the order set": 'aria-sort="ascending"' in get(f"?tri={orders[0]}"),
        "no other order": visitor.get(f"{path}?tri=inconnu").status_code == 404,
        "neighbours": "ligne=1%2F51" not in page or has_neighbours(visitor, path),
        "filters to take away": all("retirer ce filtre" in get(f"?{name}={value}") for name, value in filters),
    }
    return next((promise for promise, is_kept in promises.items() if not is_kept), "")


@pytest.mark.wing("billing", "teaching")
def test_every_list_has_pages_orders_filters_a_count_and_a_file(full: World, visitor: Visitor) -> None:
    faults: dict[str, str] = {}
    for member, right in ((SECRETARY, "secretary"), (MANAGER, "manager")):
        enter(full, visitor, member)
        faults |= {path: fault_of(visitor, path) for path in LISTS if LISTS[path] == right}

    assert {path: fault for path, fault in faults.items() if fault} == {}
    assert len(faults) == len(LISTS) >= 8
    exports = [entry.author.why for entry in full.services.audit_trail.on(SITE, EXPORT_TRAIL)]
    assert {"export : Cours", "export : Appels", "export : Élèves", "export : Familles", "export : Changements"} <= {
        *exports
    }


@pytest.mark.wing("teaching")
def test_who_only_reads_and_another_site_have_no_file(full: World, visitor: Visitor) -> None:
    enter(full, visitor, READER)
    page = visitor.get(f"{DESK}/cours").text
    codes = {path: visitor.get(f"{path}/csv").status_code for path in LISTS}
    enter(full, visitor, SECRETARY)
    of_another = {visitor.get(f"{path}/csv?site=ris-orangis-messiaen").status_code for path in LISTS}  # or of no site

    assert "(CSV)" not in page
    assert codes == dict.fromkeys(LISTS, 404)
    assert of_another == {404}
