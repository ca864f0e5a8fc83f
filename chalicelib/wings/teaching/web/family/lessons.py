"""/extranet/compte/eleves/ELEVE and /appreciations: a pupil's next lessons, and the teachers' assessments."""

from typing import Final

from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.web.family.edge import FAMILY, HOME_PAGE, FamilyRequest, FormBlueprint, family_page
from chalicelib.web.responses import FormFeedback, Response, confirmation, feedback_on, redirect
from chalicelib.wings.teaching.flows.family.lessons import LessonsContext, announce, enter, enter_assessments, take_back

routes = FormBlueprint(__name__, FAMILY)

_PATH: Final = f"{HOME_PAGE}/eleves/{{eleve}}"
_ANNOUNCE: Final = "annonce"
_TAKE_BACK: Final = "retrait"


def _enter(request: FamilyRequest) -> LessonsContext:
    context = enter(request, request.parts["eleve"])
    request.check_account(context.visitor)
    return context


@routes.get(_PATH, _enter)
def show_lessons(request: FamilyRequest, context: LessonsContext) -> Response:
    """Show the next lessons."""
    return _page(request, context, confirmation("absence_announced" if context.has_just_announced else None))


@routes.post(_PATH, _enter)
def take_form(request: FamilyRequest, context: LessonsContext) -> Response:
    """Announce an absence or take it back, or show the form again."""
    act, lesson = request.field("quoi"), request.field("seance")
    if act not in {_ANNOUNCE, _TAKE_BACK}:
        raise NotThere
    try:
        request.check_lengths()
        if act == _ANNOUNCE:
            announce(request, context, lesson, request.field("motif_absence"))
        else:
            take_back(request, context, lesson)
    except FormRefusal as refusal:
        return _page(request, context, feedback_on(refusal, request))
    return redirect(request.services, _PATH.format(eleve=context.key))


def _page(request: FamilyRequest, context: LessonsContext, feedback: FormFeedback) -> Response:
    fields = {name: request.field(name) for name in ("seance", "motif_absence")}
    return family_page(
        request, context.visitor, "lessons", tab="pupils", feedback=feedback, context=context, typed=fields
    )


@routes.get(f"{HOME_PAGE}/eleves/{{eleve}}/appreciations")
def show_assessments(request: FamilyRequest) -> Response:
    """Show the published assessments of a pupil."""
    visitor, view = enter_assessments(request, request.parts["eleve"])
    return family_page(request, visitor, "assessments", tab="pupils", view=view)
