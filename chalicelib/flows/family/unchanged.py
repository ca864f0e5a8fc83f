"""Nothing changes: one page sends the answers on file or sent last, with the few that are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from chalicelib.domain.account.coordinates import last_correction, speaker
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import FormField, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PaperForm, PupilFile
from chalicelib.domain.enrolment.paperwork import household_waits
from chalicelib.domain.enrolment.submissions import (
    HOUSEHOLD_QUESTIONS,
    PUPIL_QUESTIONS,
    TICKS,
    FamilyAnswers,
    Given,
    Kept,
    blank,
    contradicts,
    is_changeable,
    is_sent_along,
    is_waiting,
    kept_household_answers,
    kept_pupil_answers,
    questions,
)
from chalicelib.flows.family.family import corrected_by
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.summary import Submission, SubmissionResult, household_is_sendable, promise, send_once
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen, version_of

AGREEMENT = "accord"  # the single tick for all required boxes


def field_of(field: FormField, key: str) -> FormField:
    """Give a pupil's field a name of its own."""
    return replace(field, name=f"{field.name}-{key}")


@frozen
class UnchangedForm:
    """The page's form: the keys to send, the answers by attribute, the sender, and the version shown.

    It has only questions that were asked. A text left empty is an empty answer. If the page showed two answers, `keeps`
    is the chosen one, and `began` the version of the page on which this form was first filled in. `paper`: where the
    answers come from, if the office entered them.
    """

    keys: tuple[str, ...] = ()
    household: Given = field(default_factory=dict, repr=False)
    pupils: Mapping[str, Given] = field(default_factory=dict, repr=False)
    by: str = field(default="", repr=False)
    version: str = ""
    keeps: Kept = ""
    began: str = ""
    paper: PaperForm | None = None


@frozen
class AnswersComparison:
    """The answers of a form beside the stored ones, question by question. Each fills the gaps of the other."""

    form: FamilyAnswers
    file: FamilyAnswers


@frozen
class Proposal:
    """The answers to keep: the household's, those of pupils sent along, and the other pupils."""

    household: HouseholdAnswers
    along: tuple[PupilFile, ...]
    aside: tuple[PupilFile, ...]

    @property
    def somebody_stays(self) -> bool:
        """Whether a pupil sent along stays: the household's answers are then required."""
        return _any_stays(self.along)


def propose(context: EnrolmentContext) -> Proposal:
    """Find the answers to keep, pupil by pupil and once for the household."""
    files = {key: context.enrolment.file_of(key, pupil.name) for key, pupil in context.pupils.items()}
    answers = _kept_pupils(context)
    along = tuple(replace(file, draft=answers[key]) for key, file in files.items() if is_sent_along(file, answers[key]))
    keys = {file.key for file in along}
    return Proposal(_kept_household(context), along, tuple(file for key, file in files.items() if key not in keys))


def may_send_unchanged(context: EnrolmentContext) -> bool:
    """Whether this page is the next one: the period is open, and an answer that it sends is not saved yet."""
    proposal = propose(context)
    is_new = any(context.enrolment.pupil(file.key) is None for file in proposal.along)
    lacks = proposal.somebody_stays and bool(context.enrolment.household.lacking)
    return context.is_open and bool(proposal.along) and (is_new or lacks)


def unchanged_version(context: EnrolmentContext, form: UnchangedForm | None = None) -> str:
    """Compute the version of the page without the answers it asks for, so that the sending itself does not change it.

    The boxes to tick are left out too. A document counts once uploaded, as sending promises it in any case.
    """
    form, household = form or UnchangedForm(), _kept_household(context)
    ticks = {tick.attribute for tick in TICKS}
    files = tuple(
        (document.code, document.owner, document.object_key)
        for document in context.enrolment.provided
        if document.object_key
    )
    return version_of(
        (
            replace(context.household, payer=""),  # the payer shown is among the answers
            blank(household, ticks.union(form.household)),
            tuple(blank(answers, form.pupils.get(key, ())) for key, answers in _kept_pupils(context).items()),
            files,
        )
    )


def last_change(context: EnrolmentContext) -> SavedBy | None:
    """Find the author of the last change to the page: to answers of this season, or to the coordinates on file."""
    correction = last_correction(context.visitor.account)
    changes = (context.enrolment.last_saved, corrected_by(correction) if correction else None)
    return max((saved for saved in changes if saved), key=lambda saved: saved.at, default=None)


def compare(context: EnrolmentContext, form: UnchangedForm) -> AnswersComparison:
    """Compare a form's answers with the stored ones. An untouched proposal counts as the form's answer.

    If the page was shown before any answer was saved, the proposal is computed. Else it is the stored answers.
    """
    return _compare(context, _context_shown(context, form), form)


def comparison_version(context: EnrolmentContext, form: UnchangedForm) -> str:
    """Compute the version of a page that shows two answers: the stored ones, and those the form began from."""
    return version_of((unchanged_version(context), unchanged_version(_context_shown(context, form))))


def send_unchanged(visit: Visit[Services], context: EnrolmentContext, form: UnchangedForm) -> SubmissionResult:
    """Send the answers to keep with those of the form, and promise the missing documents on paper: one write.

    Raises as `send_once` does. A concurrent answer of another guardian is neither sent nor overwritten, unless the form
    chooses between the two.
    """
    sending = Submission(
        (*form.keys, FOYER) if form.keeps else form.keys,
        form.by,
        is_shown=lambda current: _is_shown(replace(context, enrolment=context.see(current)), form),
        complete=lambda current: _complete(visit.services, context, current, form),
        lacking=lambda complete, pupils: _lacking(complete, form, pupils),
        paper=form.paper,
    )
    return send_once(visit, context, sending)


def _answers_kept(context: EnrolmentContext) -> FamilyAnswers:
    return FamilyAnswers(_kept_household(context), _kept_pupils(context))


def _kept_household(context: EnrolmentContext) -> HouseholdAnswers:
    return kept_household_answers(context.enrolment, context.last, context.proposed_payer)


def _kept_pupils(context: EnrolmentContext) -> dict[str, PupilAnswers]:
    find = context.enrolment.file_of
    return {
        key: kept_pupil_answers(find(key, pupil.name), pupil, image_rights=context.image_rights_of(key))
        for key, pupil in context.pupils.items()
    }


def _context_shown(context: EnrolmentContext, form: UnchangedForm) -> EnrolmentContext:
    """Find the re-enrolment that a form's page showed: an untouched one, or the stored one."""
    for documents in (context.enrolment.provided, ()):
        candidate = replace(context, enrolment=_untouched(context.enrolment, documents))
        if unchanged_version(candidate, form) == (form.began or form.version):
            return candidate
    return context


def _untouched(enrolment: Enrolment, documents: tuple[ProvidedDocument, ...] = ()) -> Enrolment:
    return Enrolment(enrolment.ref, provided=documents)


def _compare(context: EnrolmentContext, page: EnrolmentContext, form: UnchangedForm) -> AnswersComparison:
    stored_answers = _answers_kept(context)
    answers = _with_given(_answers_kept(page), form)
    pupils = {
        key: answers.pupils[key] if key in form.keys and is_changeable(file) else stored_answers.pupils[key]
        for key, file in ((key, context.enrolment.file_of(key, "")) for key in context.pupils)
    }
    household = replace(answers.household, image_rights=stored_answers.household.image_rights)
    form_answers = FamilyAnswers(household, pupils).filled_from(stored_answers, HOUSEHOLD_QUESTIONS)
    return AnswersComparison(form_answers, stored_answers.filled_from(form_answers, (*HOUSEHOLD_QUESTIONS, *TICKS)))


def _with_given(answers: FamilyAnswers, form: UnchangedForm) -> FamilyAnswers:
    pupils = {key: replace(own, **form.pupils.get(key, {})) for key, own in answers.pupils.items()}
    return FamilyAnswers(replace(answers.household, **form.household), pupils)


def _is_shown(context: EnrolmentContext, form: UnchangedForm) -> bool:
    """Check that the stored answers match the page. Unless the form chooses, it may contradict none of them."""
    answers = _answers_kept(context)
    if form.keeps:
        side = getattr(compare(context, form), form.keeps)
        is_sent = side == answers and not _waiting(context, form) and not household_waits(context.enrolment, form.keys)
        return is_sent or comparison_version(context, form) == form.version
    return (
        unchanged_version(context, form) == form.version
        and not contradicts(form.household, answers.household, HOUSEHOLD_QUESTIONS)
        and not any(contradicts(form.pupils.get(key, {}), own, PUPIL_QUESTIONS) for key, own in answers.pupils.items())
    )


def _answers(context: EnrolmentContext, current: Enrolment, form: UnchangedForm) -> FamilyAnswers:
    """Find the answers to send, unhidden: the chosen ones, or the stored ones with the form's own."""
    on_file = context.on_file(current)
    if not form.keeps:
        return _with_given(_answers_kept(on_file), form)
    visible = replace(context, enrolment=context.see(current))
    is_untouched = _context_shown(visible, form) is not visible
    page = replace(on_file, enrolment=_untouched(current)) if is_untouched else on_file
    answers: FamilyAnswers = getattr(_compare(on_file, page, form), form.keeps)
    return answers


def _complete(services: Services, context: EnrolmentContext, current: Enrolment, form: UnchangedForm) -> Enrolment:
    """Add the answers to the re-enrolment. Those already there are kept, with their author."""
    answers, context = _answers(context, current, form), context.on_file(current)
    author = SavedBy(speaker(context.visitor.account, form.by), context.now)
    after, stored_answers = context.enrolment, _answers_kept(context)
    for key, former in stored_answers.pupils.items():
        file = after.file_of(key, context.pupils[key].name)
        whole = context.unhide(answers.pupils[key], former)
        if key in form.keys and file.is_open and whole != file.answers:
            after = after.with_pupil(file.with_draft(whole, author), context.now)
    context = replace(context, enrolment=after)
    household = context.unhide(answers.household, stored_answers.household)
    if _any_stays(_concerned(context, form)) and household != after.household:
        after = after.with_household(household, author)
    return promise(services, replace(context, enrolment=after), _waiting(context, form), author)


def _lacking(context: EnrolmentContext, form: UnchangedForm, pupils: tuple[PupilFile, ...]) -> FieldErrors:
    """List the questions of the page that are not answered."""
    lacking: dict[str, tuple[str, ...]] = {
        field_of(field, file.key).name: (field.missing,)
        for file in _waiting(context, form)
        if file.answers
        for field in questions(file.answers, PUPIL_QUESTIONS)
    }
    if _any_stays(_concerned(context, form)):
        household = context.enrolment.household
        lacking |= {asked.name: (asked.missing,) for asked in questions(household, HOUSEHOLD_QUESTIONS)}
        lacking |= {AGREEMENT: tuple(tick.missing for tick in questions(household, TICKS))}
    lacking = {name: codes for name, codes in lacking.items() if codes}
    is_something_sent = pupils or (form.keeps and household_is_sendable(context))
    return lacking if lacking or is_something_sent else {"eleves": ("pupils_missing",)}


def _waiting(context: EnrolmentContext, form: UnchangedForm) -> tuple[PupilFile, ...]:
    """List the pupils of a form whose answers are not sent yet, in the order of the page."""
    return tuple(file for file in _named(context, form) if is_waiting(file))


def _concerned(context: EnrolmentContext, form: UnchangedForm) -> tuple[PupilFile, ...]:
    """List the pupils that the household is sent with. A choice between two answers may concern it alone."""
    return _named(context, form) if form.keeps else _waiting(context, form)


def _named(context: EnrolmentContext, form: UnchangedForm) -> tuple[PupilFile, ...]:
    files = (context.enrolment.pupil(key) for key in context.pupils if key in form.keys)
    return tuple(filter(None, files))


def _any_stays(files: Iterable[PupilFile]) -> bool:
    return any(file.answers and file.answers.stays for file in files)
