"""Teachers, as deployed: the desk's function answers them, and their marks reach guardians by mail, once."""

import json
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import today
from chalicelib.office.staff.members import StaffInput
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.mail import AbsencesDue
from chalicelib.wings.teaching.office.links import link, unlink
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.services.lessons import school_year
from operations.deploy.stack import named_resources
from tests.support.breaker import Breaker, wait_for
from tests.support.desk_walk import fresh_code
from tests.support.events import scheduled
from tests.support.roles import reached
from tests.support.stack_visitor import Visitor
from tools.local.families import FAMILIES
from tools.local.post import Mail
from tools.local.staff import STAFF
from tools.program import Form, Forms
from tools.stack.deployed import Stack
from tools.stack.emulator import HOST

pytestmark = pytest.mark.e2e

DOOR = "/extranet/enseignant"
TEACHERS = [staff for staff in STAFF if staff.role == "teacher"]
TEACHER = TEACHERS[0]
(NAME,), (SITE,) = TEACHER.names, TEACHER.sites
FAMILY, PUPIL, COURSE = next(
    (family, pupil, course)
    for family in FAMILIES
    for pupil in family.household.pupils
    for course in pupil.courses
    if course.teacher == NAME and len(family.emails) > 1
)


def log_in(visitor: Visitor) -> None:
    visitor.post("/extranet/bureau/connexion", {"courriel": TEACHER.email, "mot_de_passe": TEACHER.password})
    answer = visitor.post("/extranet/bureau/code", {"code": fresh_code(TEACHER.totp)})
    assert answer.status == 303, answer.text


def settled(stack: Stack, breaker: Breaker, request: str) -> list[Mail]:
    """Wait until no queue holds a job of a request, and list the mails so far."""
    queues = (breaker.outputs.mail_queue_url, breaker.outputs.slow_mail_queue_url)
    wait_for(lambda: not [job for queue in queues for job in breaker.jobs(queue) if request in job["Body"]])
    return stack.mails()


def test_the_teachers_door_is_the_desk_s_function(visitor: Visitor, breaker: Breaker) -> None:
    with breaker.without_capacity(breaker.outputs.api_function):
        page, inside = visitor.get(DOOR), visitor.get(f"{DOOR}/semaine")
    with breaker.without_capacity(breaker.outputs.desk_function):
        answer = visitor.get(DOOR)

    assert (page.status, page.is_french_page, answer.status) == (200, True, 503)
    assert (inside.status, inside.headers["Location"]) == (303, DOOR)


def test_a_family_s_function_reaches_nothing_of_teaching_and_the_desk_s_does(stack: Stack, breaker: Breaker) -> None:
    assert "Teaching" not in reached(stack, breaker.outputs.api_function, ())
    assert {"Teaching", "Lessons"} <= reached(stack, breaker.outputs.desk_function, ())


def test_a_calendar_is_polled_from_its_function_until_it_ends(stack: Stack, visitor: Visitor, breaker: Breaker) -> None:
    log_in(visitor)
    path = f"{DOOR}/agenda"

    def act(action: str) -> str:
        form = next(form for form in Forms(visitor.get(path).text).forms if form.action == path)
        assert visitor.post(path, form.fields | {"action": action}).status == 303
        return next(iter(re.findall(rf"{path}/[\w.-]+", visitor.get(path).text)), "")

    address, stranger = act("create"), Visitor(stack)
    with (
        breaker.without_capacity(breaker.outputs.api_function),
        breaker.without_capacity(breaker.outputs.desk_function),
    ):
        answer = stranger.get(address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")

    act("revoke")

    first, unknown = stranger.get(address), stranger.get(f"{path}/unknown")
    assert (first.status, first.is_french_page, first.text) == (404, True, unknown.text)
    assert stranger.post(address, {}).status == 405
    functions = stack.aws.client("lambda")
    url = functions.get_function_url_config(FunctionName=breaker.outputs.calendars_function)["FunctionUrl"]
    with closing(HTTPConnection(HOST, stack.emulator.port, timeout=120)) as line:
        line.request("GET", address, headers={"Host": str(urlsplit(url).hostname)})  # past the CDN
        assert line.getresponse().status == 403


@pytest.fixture
def roll(stack: Stack, visitor: Visitor) -> Form:
    """Link the teacher, make the timetables, and open the roll of a lesson made up today."""
    now, query = stack.services.clock(), StaffInput(TEACHER.email, Author("Mme Houx", "essai"))
    for act in (unlink, link):
        act(stack.services, query, SITE, NAME, now)
    rebuild(stack.services, [SITE], now)
    log_in(visitor)
    page = visitor.get(f"{DOOR}/cours/{SITE}/{course_key(COURSE)}/appel/{_today()}")
    assert page.status == 200, page.text
    return next(form for form in Forms(page.text).forms if "/appel/" in form.action)


def _today() -> date:
    return today(datetime.now(UTC))


def test_an_absence_reaches_each_guardian_once(stack: Stack, visitor: Visitor, breaker: Breaker, roll: Form) -> None:
    marks = dict.fromkeys((name for name in roll.choices if name.startswith("marque-")), "absent")
    answer = visitor.post(roll.action, roll.fields | marks)
    assert answer.status == 303, answer.text
    assert "Un mail part vers" in visitor.get(answer.headers["Location"]).text

    for request in ("e2e-absence-1", "e2e-absence-2"):  # in real time, so the half hour is skipped
        now = stack.services.clock()
        stack.services.post_box.post(
            AbsencesDue(
                request=request,
                asked_at=now,
                site=SITE,
                course=course_key(COURSE),
                day=_today().isoformat(),
                due_at=now,
            )
        )
        mails = [mail for mail in settled(stack, breaker, request) if "Absence au cours" in mail.subject]

        assert sorted(mail.to for mail in mails) == sorted(FAMILY.emails)
        assert [mail.to for mail in mails if PUPIL.name not in mail.text] == []


def test_rolls_not_taken_are_recalled_once_however_often_the_morning_comes(stack: Stack, breaker: Breaker) -> None:
    """On the morning after holidays or a Sunday there may be none."""
    day, year = _today(), school_year(stack.services.settings.network, _today())
    before = {day - timedelta(days=days) for days in (1, 2, 3)}
    courses = [course for family in FAMILIES for pupil in family.household.pupils for course in pupil.courses]
    rolls = stack.services.teaching.rolls.all(SITE)
    pairs = {(roll.ref.course, roll.ref.day) for roll in rolls if roll.taken_at}  # by the walk in Chromium, on a Sunday
    missing = {
        (teacher.email, lesson)
        for teacher in TEACHERS
        for course in courses
        if course.teacher in teacher.names
        for lesson in year.lessons(Slot.parse(course.slot), min(before), max(before))
        if (course_key(course), lesson) not in pairs
    }

    logs, sites = stack.aws.client("logs"), {site.code for site in stack.services.settings.network.sites}
    log = named_resources(stack.aws, f"clef-{stack.stage}", ResourceType="AWS::Logs::LogGroup")["RollsLog"]

    def recalled(request: str) -> bool:
        lines = [event["message"] for event in logs.filter_log_events(logGroupName=log, limit=10_000)["events"]]
        events = [json.loads(line) for line in lines if '"rolls_recalled"' in line]
        return {event["site"] for event in events if event["request"] == request} == sites

    for request in ("e2e-morning-1", "e2e-morning-2"):
        answer = stack.aws.client("lambda").invoke(
            FunctionName=breaker.outputs.rolls_function, Payload=json.dumps(scheduled(request))
        )
        assert (answer.get("FunctionError"), json.load(answer["Payload"])) == (None, None)
        wait_for(partial(recalled, request))
        recalls = [mail for mail in settled(stack, breaker, request) if re.match("Appels? à faire", mail.subject)]

        assert len(recalls) == len(missing)
        assert {mail.to for mail in recalls} == {email for email, _ in missing}
