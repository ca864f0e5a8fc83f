"""/extranet/bureau/reinscriptions/SITE/FAMILLE/saisie: the family's own steps, filled in for them by a member.

They are the family's pages, entered and shown by the desk (decision 154).
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial
from typing import Any, Final

from chalicelib.domain.enrolment.enrolments import Channel, PaperForm
from chalicelib.domain.enrolment.paperwork import next_step
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import birth_date_from as day_from  # any day is typed as one's birth is
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.staff.counter import enter
from chalicelib.office.account import audit, note_consultation
from chalicelib.presentation.papers import paper_text
from chalicelib.web.edge import PageRequest, View
from chalicelib.web.family import pupil_step, summary, unchanged
from chalicelib.web.family.edge import REENROLMENT_PAGE, Counter, FamilyRequest, RequestOfFamily, Visitor
from chalicelib.web.family.reenrolment import path_of
from chalicelib.web.office.acts import typed_days
from chalicelib.web.office.edge import STAFF, DeskRequest, FormBlueprint, desk_page, family_path, redirect
from chalicelib.web.office.reenrolments import LIST_PATH
from chalicelib.web.responses import Response

routes = FormBlueprint(__name__, STAFF)

COUNTER_PAGE: Final = f"{LIST_PATH}/{{site}}/{{famille}}/saisie"
_CHANNEL, _DAY = "recu", "recu_le"
_CHANNELS: Final[dict[str, tuple[Channel, str]]] = {
    "guichet": ("desk", "Remises au guichet"),
    "courrier": ("post", "Reçues par courrier"),
    "telephone": ("telephone", "Dites au téléphone"),
}


def _for_family(request: DeskRequest) -> tuple[FamilyRequest, EnrolmentContext]:
    """Enter the family's re-enrolment, and make the request that its pages take. The consultation is noted first."""
    note_consultation(request.services, request.family, "enrolment_read", request.staff.member.known_as, request.now)
    start = family_path(request.family, "reinscriptions")
    context = enter(request, request.family, request.staff.token, cache(partial(_note, request)))
    counter = Counter(f"{start}/saisie", start, context, partial(_show, request), partial(_paper, request))
    facts = {field.name: getattr(request, field.name) for field in fields(PageRequest)}
    return RequestOfFamily(**facts, counter=counter), context


def _note(request: DeskRequest, paper: PaperForm) -> None:
    rules = request.services.settings.network.enrolment.document_rules
    titles = [rule.title for rule in rules if any(name.startswith(f"remise-{rule.code}-") for name in request.form)]
    author = request.staff.author(paper_text(paper) + (f" ; avec : {', '.join(titles)}" if titles else ""))
    audit(request.services, request.family, "enrolment_entered", author, request.now)


def _paper(request: DeskRequest) -> PaperForm:
    """Read how the answers reached the office, and the day of the paper or call. Raises `FieldsRefused`."""
    name, day = request.choice(_CHANNEL, "", *_CHANNELS), day_from(request.field(_DAY))
    channel = _CHANNELS[name][0] if name else None
    if channel and day and day <= today(request.now):
        return PaperForm(channel, day, request.staff.member.known_as)
    errors = {} if channel else {_CHANNEL: ("channel_missing",)}
    if day is None or day > today(request.now):
        errors |= {_DAY: ("paper_day_to_come" if day else "day_unreadable",)}
    raise FieldsRefused(errors)


def _show(request: DeskRequest, _: FamilyRequest, visitor: Visitor, name: str, **facts: Any) -> Response:  # noqa: ANN401
    """Render a family's page in the frame of the desk."""
    days, is_day = typed_days(request, (_DAY,))
    return desk_page(
        request,
        name,
        folder="family",
        visitor=visitor,
        file_path=family_path(request.family),
        channels=[(name, words) for name, (_, words) in _CHANNELS.items()],
        channel=request.field(_CHANNEL),
        day=days[_DAY] or today(request.now).isoformat(),
        is_day=is_day[_DAY],
        is_unchanged_page=name == "unchanged",
        **facts | {"tab": "reenrolments"},
    )


@routes.get(COUNTER_PAGE, right="secretary")
def begin(request: DeskRequest) -> Response:
    """Go to the first step that is not done, or to the summary."""
    of_family, context = _for_family(request)
    step = next_step(context.steps(request.services))
    return redirect(request.services, path_of(of_family, step) if step else f"{of_family.pages}/recapitulatif")


def _serve(view: View, *, is_entered: bool) -> Callable[[DeskRequest], Response]:
    """Serve a view of the family's as a page of the desk."""

    def answer(request: DeskRequest) -> Response:
        of_family, context = _for_family(request)
        return view(of_family, context) if is_entered else view(of_family)

    return answer


for _path, _views in (pupil_step.routes.views | summary.routes.views | unchanged.routes.views).items():
    _here = f"{COUNTER_PAGE}{_path.removeprefix(REENROLMENT_PAGE)}"
    for _method, (_door, _view) in _views.items():
        if _method != "HEAD":
            _add = routes.post if _method == "POST" else routes.get
            _add(_here, right="secretary")(_serve(_view, is_entered=getattr(_door, "enter", None) is not None))
