"""GET /extranet/compte/reinscription: where the re-enrolment stands, step by step, and what is awaited next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalice.app import Response

from chalicelib import texts
from chalicelib.announcement import announced_for
from chalicelib.domain.enrolment.checklist import Step, StepKind, next_step
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, StepMoved
from chalicelib.flows.reenrolment import Enrolling, Said, enter
from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.refused import told

routes = Door(__name__)

_PATHS: Final[Mapping[StepKind, str]] = {
    "household": f"{REENROLMENT_PAGE}/foyer",
    "pupil": f"{REENROLMENT_PAGE}/eleves",
    "documents": f"{REENROLMENT_PAGE}/pieces",
    "summary": f"{REENROLMENT_PAGE}/recapitulatif",
}


@routes.get(REENROLMENT_PAGE)
def overview(visit: Visit) -> Response:
    """Show every step, those that are done, and the next one."""
    return step_page(visit, enrol(visit), "reenrolment", NOTHING)


def enrol(visit: Visit) -> Enrolling:
    """Let in who is logged in, to the re-enrolment."""
    visit.check_form_proof()
    enrolling = enter(visit.services, visit.token, visit.client, visit.now, visit.speaks)
    visit.check_whose(enrolling.visitor)
    return enrolling


def said(visit: Visit) -> Said:
    """Read what each step's form says besides its answers."""
    return Said(by=visit.typed("par"), shown=visit.typed("vu"), later="plus_tard" in visit.form)


def path_of(step: Step | None) -> str:
    """Give the address of a step; that of the overview where nothing is awaited."""
    if step is None:
        return REENROLMENT_PAGE
    return f"{_PATHS[step.kind]}/{step.key}" if step.key else _PATHS[step.kind]


def go_on(visit: Visit, enrolling: Enrolling, after: Enrolment, *, later: bool) -> Response:
    """Go to the next step that is not done, or to the overview to go on later."""
    awaited = next_step(replace(enrolling, enrolment=after).steps(visit.services))
    return answers.redirect(visit.services, REENROLMENT_PAGE if later else path_of(awaited))


def step_page(
    visit: Visit,
    enrolling: Enrolling,
    name: str,
    what: Told,
    tab: str = "reenrolment",
    **facts: Any,  # noqa: ANN401 - what the page takes besides
) -> Response:
    """Render a page of the re-enrolment, with its steps and its period."""
    taken = enrolling.steps(visit.services)
    return answers.account_page(
        visit.services,
        enrolling.visitor,
        name,
        tab=tab,
        told=what,
        enrolling=enrolling,
        asked=visit.services.settings.network.enrolment,
        period=announced_for(visit.services.settings.network, enrolling.period, visit.now),
        steps=taken,
        awaited=next_step(taken),
        path_of=path_of,
        **facts,
    )


def step_told(refusal: FormRefusal, visit: Visit) -> Told:
    """Say why a step was refused, and that nothing is saved; another guardian is named, with the hour."""
    if isinstance(refusal, StepMoved):
        who = refusal.saved.by if refusal.saved else "quelqu'un d'autre"
        when = f"le {texts.day_and_hour(refusal.saved.at)}" if refusal.saved else "entre-temps"
        return Told(422, texts.say(refusal.code, who=who, when=when))
    what = told(refusal, visit)
    return replace(what, alert=texts.say("step_refused")) if type(refusal) is FieldsRefused else what
