"""GET and POST /extranet/compte/reinscription/rien-ne-change: all that is kept, the questions left, and the sending."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, FormField, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.enrolment.submissions import (
    HOUSEHOLD_QUESTIONS,
    PUPIL_QUESTIONS,
    TICKS,
    Given,
    Kept,
    blank,
    questions,
)
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family import unchanged as flow
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.summary import SummaryMoved, papers_of
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.family.edge import FAMILY, UNCHANGED_PAGE, FamilyRequest, FormBlueprint
from chalicelib.web.family.reenrolment import check_fields, enter_enrolment, step_page
from chalicelib.web.family.summary import context_after, receipt_answer, sending_feedback
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, name_fields

routes = FormBlueprint(__name__, FAMILY)

_KEPT: Final[Mapping[str, Kept]] = {"mes-reponses": "form", "autres": "file"}


@routes.get(UNCHANGED_PAGE, enter_enrolment)
def show_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Show the answers kept, and ask the questions left."""
    return _page(request, context, NO_FEEDBACK, flow.UnchangedForm())


@routes.post(UNCHANGED_PAGE, enter_enrolment)
def take_form(request: FamilyRequest, context: EnrolmentContext) -> Response:
    """Send, and go to the receipt, also of the same answers sent before. If refused, show the page again."""
    form = _form(request, context)
    try:
        check_fields(request, HOUSEHOLD_QUESTIONS)
        form = replace(form, paper=request.counter.paper() if request.counter else None)
        outcome = flow.send_unchanged(request, context, form)
    except FormRefusal as refusal:
        return _refused(request, context, form, refusal if context.is_open else PeriodClosed())
    return receipt_answer(request, context, outcome)


def _refused(
    request: FamilyRequest, context: EnrolmentContext, form: flow.UnchangedForm, refusal: FormRefusal
) -> Response:
    """Show the page again. Where other answers were saved, show both, with a button to keep either."""
    current = context_after(refusal, context)
    is_compared = context.is_open and (form.keeps or isinstance(refusal, SummaryMoved))
    rows = tuple(_rows(current, form)) if is_compared else ()
    feedback = sending_feedback(refusal, request, current, flow.last_change(current), is_compared=bool(rows))
    return _page(request, current, name_fields(feedback, _names(context)), form, rows)


@frozen
class _Row:
    """A question with two different answers: its title, and the author and moment of the saved one."""

    title: str
    answer: str
    answer_on_file: str
    author: SavedBy | None


def _rows(context: EnrolmentContext, form: flow.UnchangedForm) -> Iterator[_Row]:
    answers, ticks = flow.compare(context, form), {tick.attribute for tick in TICKS}
    first, second = (blank(side.household, ticks) for side in (answers.form, answers.file))
    for line in texts.differences(first, second):
        yield _Row(*line, context.enrolment.household_saved)
    for key, pupil in context.pupils.items():
        author = context.enrolment.file_of(key, pupil.name).saved
        for title, answer, answer_there in texts.differences(answers.form.pupils[key], answers.file.pupils[key]):
            yield _Row(f"{title}, {pupil.name}", answer, answer_there, author)


def _names(context: EnrolmentContext) -> dict[str, str]:
    """Name the pupil of each field that is repeated for every pupil."""
    return {
        flow.field_of(field, key).name: pupil.name for key, pupil in context.pupils.items() for field in PUPIL_QUESTIONS
    }


def _form(request: FamilyRequest, context: EnrolmentContext) -> flow.UnchangedForm:
    keys = tuple(key for key in context.pupils if request.field(f"envoyer-{key}"))
    agreement = dict.fromkeys((tick.attribute for tick in TICKS), True) if request.field(flow.AGREEMENT) else {}
    return flow.UnchangedForm(
        keys,
        _given(request, HOUSEHOLD_QUESTIONS) | agreement,
        {key: _given(request, (flow.field_of(asked, key) for asked in PUPIL_QUESTIONS)) for key in keys},
        request.field("par"),
        request.field("vu"),
        _KEPT.get(request.field("garder"), ""),
        request.field("vu-avant"),
    )


def _given(request: FamilyRequest, fields: Iterable[FormField]) -> dict[str, str | bool]:
    """Read the fields that the form has, each answer under the attribute that it fills in."""
    answers = {field.attribute: field.read(request.field(field.name)) for field in fields if field.name in request.form}
    return {attribute: answer for attribute, answer in answers.items() if answer is not None}


def _page(
    request: FamilyRequest,
    context: EnrolmentContext,
    feedback: FormFeedback,
    form: flow.UnchangedForm,
    rows: tuple[_Row, ...] = (),
) -> Response:
    proposal = flow.propose(context)
    fields = questions(proposal.household, HOUSEHOLD_QUESTIONS) if proposal.somebody_stays and context.is_open else ()
    asked_of_pupils = {file.key: _asked_of(file) if context.is_open else () for file in proposal.along}
    agreement = [tick for tick in TICKS if proposal.somebody_stays and tick.name in proposal.household.lacking]
    rest = {"asked": fields, "asked_of_pupils": asked_of_pupils, "agreement": agreement}
    return step_page(
        request,
        context,
        "unchanged",
        feedback,
        proposal=proposal,
        kept=[field for field in (*HOUSEHOLD_QUESTIONS, *_passed_over(proposal)) if field not in fields],
        kept_of_pupils={file.key: _kept_of(file) for file in proposal.along},
        papers=papers_of(request.services, context, proposal.along),
        uploaded={(own.code, own.owner) for own in context.enrolment.provided if own.is_received},
        given=form,
        unsent=() if rows else list(_unsent(proposal, form, fields, asked_of_pupils)),
        version=flow.comparison_version(context, form) if rows else flow.unchanged_version(context),
        rows=rows,
        by=speaker(context.visitor.account, form.by),
        **(_comparison(request, context, form) if rows else rest),
    )


def _comparison(request: FamilyRequest, context: EnrolmentContext, form: flow.UnchangedForm) -> dict[str, object]:
    """List the questions that neither side answers, and carry the form's own answers along."""
    answers = flow.compare(context, form).form
    fields = questions(answers.household, HOUSEHOLD_QUESTIONS)
    asked_of_pupils = {
        key: tuple(flow.field_of(field, key) for field in questions(answers.pupils[key], PUPIL_QUESTIONS))
        for key in form.keys
    }
    names_shown = {field.name for field in (*fields, *chain.from_iterable(asked_of_pupils.values()))}
    names = (flow.AGREEMENT, *(field.name for field in HOUSEHOLD_QUESTIONS), *_names(context))
    values = {name: request.field(name) for name in names if name in request.form and name not in names_shown}
    return {
        "asked": fields,
        "asked_of_pupils": asked_of_pupils,
        "agreement": [tick for tick in TICKS if tick.name in answers.household.lacking],
        "carried": {f"envoyer-{key}": "oui" for key in form.keys} | values,
    }


def _passed_over(proposal: flow.Proposal) -> Iterator[FormField]:
    """List the household's optional answers that were given: they are sent too."""
    optional = (field for field in HOUSEHOLD_FIELDS if field.is_typed and not field.is_required)
    return (field for field in optional if getattr(proposal.household, field.attribute))


def _asked_of(file: PupilFile) -> tuple[FormField, ...]:
    fields = questions(file.answers, PUPIL_QUESTIONS) if file.answers else ()
    return tuple(flow.field_of(field, file.key) for field in fields)


def _kept_of(file: PupilFile) -> list[FormField]:
    fields = questions(file.answers, PUPIL_QUESTIONS) if file.answers else ()
    return [field for field in PUPIL_QUESTIONS if field not in fields]


def _unsent(
    proposal: flow.Proposal,
    form: flow.UnchangedForm,
    fields: Iterable[FormField],
    asked_of_pupils: Mapping[str, Iterable[FormField]],
) -> Iterator[tuple[str, str]]:
    """List the answers that cannot be sent, by title: another guardian's is stored, or the period is closed."""
    yield from _lines(proposal.household, form.household, HOUSEHOLD_QUESTIONS, fields)
    for file in (*proposal.along, *proposal.aside):
        answers, still_asked = form.pupils.get(file.key, {}), asked_of_pupils.get(file.key, ())
        for title, answer in _lines(file.answers or PupilAnswers(), answers, PUPIL_QUESTIONS, still_asked):
            yield f"{title}, {file.name}", answer


def _lines(
    answers: HouseholdAnswers | PupilAnswers, changes: Given, fields: Iterable[FormField], rest: Iterable[FormField]
) -> Iterator[tuple[str, str]]:
    passed_over = changes.keys() - {field.attribute for field in rest}
    for field in fields:
        if field.attribute in passed_over and changes[field.attribute] != getattr(answers, field.attribute):
            yield texts.field_words(field).title, texts.answer(replace(answers, **changes), field)
