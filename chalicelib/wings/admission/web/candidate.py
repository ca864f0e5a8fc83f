"""GET and POST /extranet/pre-inscription/demande/eleves/{eleve}: a pupil to enrol, and up to three wishes.

`nouveau` instead of a key adds a pupil. `/retirer` below removes one.
"""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.enrolment.answers import DAYS_AT_MOST
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family import birth_dates
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.text import fold
from chalicelib.presentation import texts
from chalicelib.values import frozen, version_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, version_after
from chalicelib.wings.admission.domain.applications import MOST_CANDIDATES, MOST_WISHES, Candidate, Wish
from chalicelib.wings.admission.domain.catalogue import Discipline, WishError
from chalicelib.wings.admission.domain.paperwork import asked_for
from chalicelib.wings.admission.flows.candidate import (
    NEW,
    CandidateRefused,
    candidate_of,
    remove_candidate,
    save_candidate,
    sent_wishes,
)
from chalicelib.wings.admission.flows.draft import AnswersMoved, CandidateGone, catalogue_of
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.web.application import form_of, go_on, step_feedback, step_page
from chalicelib.wings.admission.web.edge import APPLICANT, OVERVIEW_PAGE, ApplicantRequest, FormBlueprint, redirect

_NO_LIMIT = 120


@frozen
class WishSentences:
    """Writes the sentences on the wrong wishes of a candidate."""

    context: ApplicantContext
    candidate: Candidate = Candidate("")

    def sentence(self, error: WishError) -> str:
        """Write the fault of a wish, and the alternatives."""
        if error.fault == "wish_age":
            return self._age(error)
        site = self._site(error.wish.site)
        telephone = next(
            (one.contact.telephone for one in self.context.network.sites if one.code == error.wish.site), ""
        )
        code = "wish_nowhere" if error.fault == "wish_elsewhere" and not error.elsewhere else error.fault
        places = ", ".join(self._site(code) for code, _ in error.elsewhere)
        return texts.sentence(code, site=site, telephone=telephone, discipline=error.wish.discipline, places=places)

    def _age(self, error: WishError) -> str:
        """Write a candidate's age on the reference day, and the disciplines open to it at the site, else at others."""
        name, age = self.candidate.first_name or "l'élève", years(error.age)
        age_error = texts.sentence(
            "wish_age",
            discipline=error.wish.discipline,
            ages=ages_of(error.discipline) if error.discipline else "",
            name=name,
            age=age,
            day=texts.day(catalogue_of(self.context).age_day),
        )
        return f"{age_error} {self._instead(error, age)}"

    def _instead(self, error: WishError, age: str) -> str:
        site = self._site(error.wish.site)
        if error.here:
            return texts.sentence("wish_age_here", age=age, site=site, disciplines=", ".join(error.here))
        if error.elsewhere:
            places = " ; ".join(f"{self._site(code)} ({', '.join(names)})" for code, names in error.elsewhere)
            return texts.sentence("wish_age_elsewhere", age=age, site=site, places=places)
        return texts.sentence("wish_age_nowhere", age=age)

    def _site(self, code: str) -> str:
        return next((site.name for site in self.context.network.sites if site.code == code), code)


def ages_of(discipline: Discipline) -> str:
    """Write at which ages a discipline is open: « de 8 à 18 ans », « dès 7 ans »."""
    youngest, oldest = discipline.youngest, discipline.oldest
    if oldest >= _NO_LIMIT:
        return f"dès {years(youngest)}" if youngest else "à tout âge"
    return f"de {youngest} à {years(oldest)}" if youngest else f"jusqu'à {years(oldest)}"


def years(count: int) -> str:
    """Write an age."""
    return f"{count} an" if count <= 1 else f"{count} ans"


def candidate_feedback(refusal: FormRefusal, request: ApplicantRequest, sentences: WishSentences) -> FormFeedback:
    """Describe why a candidate was refused, with a sentence for each wish."""
    if not isinstance(refusal, CandidateRefused):
        return step_feedback(refusal, request)
    wrong = {error.field: [sentences.sentence(error)] for error in refusal.wishes}
    plain = {
        name: [texts.sentence(code) for code in codes] for name, codes in refusal.fields.items() if name not in wrong
    }
    return FormFeedback(422, texts.sentence("step_refused"), plain | wrong, refusal=refusal)


routes = FormBlueprint(__name__, APPLICANT)

_PATH = f"{OVERVIEW_PAGE}/eleves/{{eleve}}"
_ONE_MORE = "encore"


@routes.get(_PATH, ApplicantRequest.enter)
def show_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Show the answers for a pupil, or an empty form for a new one."""
    candidate = candidate_of(context, request.parts["eleve"])
    return _form(request, context, candidate, f"{candidate.born_on:%d/%m/%Y}" if candidate.born_on else "")


@routes.post(_PATH, ApplicantRequest.enter)
def take_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Save a pupil and go on, or show the form again."""
    form = form_of(request)
    key = request.parts["eleve"]
    is_gone = key != NEW and context.application.answers.candidate(key) is None
    former = Candidate(NEW) if is_gone else candidate_of(context, key)
    candidate = _candidate(request, context, _with_sent(context, former))
    try:
        request.check_lengths()
        if is_gone:
            raise CandidateGone(None, version_of(None))
        _check(request)
        after = save_candidate(request, context, candidate, form)
    except FormRefusal as refusal:
        feedback = candidate_feedback(refusal, request, WishSentences(context, candidate))
        return _form(request, context, candidate, request.field("naissance"), feedback)
    if request.choice("action", "", _ONE_MORE):
        return redirect(request.services, _PATH.format(eleve=NEW))
    return go_on(request, replace(context, application=after), later=form.later)


@routes.post(f"{_PATH}/retirer", ApplicantRequest.enter)
def take_out(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Remove a pupil, and show the steps. A pupil already sent is withdrawn on their own page."""
    try:
        remove_candidate(request, context, request.parts["eleve"])
    except NotThere:
        return redirect(request.services, f"{OVERVIEW_PAGE}/retrait")
    except FormRefusal as refusal:
        return step_page(request, context, "overview", candidate_feedback(refusal, request, WishSentences(context)))
    return redirect(request.services, OVERVIEW_PAGE)


def _candidate(request: ApplicantRequest, context: ApplicantContext, former: Candidate) -> Candidate:
    """Read a pupil as typed. An empty wish is skipped, and the later ones move up."""
    wishes = (_wish(request, context, former, rank) for rank in range(1, MOST_WISHES + 1))
    return Candidate(
        key=former.key,
        first_name=request.field("prenom"),
        last_name=request.field("nom"),
        born_on=birth_dates.birth_date_from(request.field("naissance")),
        wishes=tuple(wish for wish in wishes if wish.discipline or wish.site),
    )


def _wish(request: ApplicantRequest, context: ApplicantContext, former: Candidate, rank: int) -> Wish:
    """Read a wish. A choice that is neither offered nor saved before is ignored."""
    choices = _choices_of(context, former)
    days = (request.field(f"jour-{rank}-{place}") for place in range(1, DAYS_AT_MOST + 1))
    return Wish(
        discipline=_of(request.field(f"discipline-{rank}"), choices.disciplines),
        site=_of(request.field(f"site-{rank}"), choices.sites),
        level=_of(request.field(f"niveau-{rank}"), choices.levels),
        days=tuple(dict.fromkeys(day for day in days if day in choices.days)),
    )


@frozen
class _Choices:
    """The options of a wish: those offered now, and those that this pupil chose before."""

    disciplines: tuple[str, ...]
    sites: tuple[str, ...]
    levels: tuple[str, ...]
    days: tuple[str, ...]


def _choices_of(context: ApplicantContext, candidate: Candidate) -> _Choices:
    settings, catalogue = context.network.admission, catalogue_of(context)
    return _Choices(
        _with([one.name for one in catalogue.offered], (wish.discipline for wish in candidate.wishes)),
        _with(catalogue.sites, (wish.site for wish in candidate.wishes)),
        _with(settings.levels, (wish.level for wish in candidate.wishes)),
        _with(settings.days, (day for wish in candidate.wishes for day in wish.days)),
    )


def _with_sent(context: ApplicantContext, candidate: Candidate) -> Candidate:
    """Add the wishes last sent for a pupil to those chosen before."""
    return replace(candidate, wishes=(*candidate.wishes, *sent_wishes(context, candidate.key)))


def _with(names: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (*names, *before))))


def _of(name: str, names: tuple[str, ...]) -> str:
    return name if name in names else ""


def _check(request: ApplicantRequest) -> None:
    """Refuse malformed input. Missing answers are checked later. Raises `FieldsRefused`."""
    today = request.now.astimezone(PARIS).date()
    wrong = {
        **{
            name: "name_malformed"
            for name in ("prenom", "nom")
            if request.field(name) and not fold(request.field(name))
        },
        "naissance": birth_dates.error_in(request.field("naissance"), today),
    }
    if errors := {name: (code,) for name, code in wrong.items() if code}:
        raise FieldsRefused(errors)


def _form(
    request: ApplicantRequest,
    context: ApplicantContext,
    candidate: Candidate,
    born_on: str,
    feedback: FormFeedback = NO_FEEDBACK,
) -> Response:
    former, refusal = context.application.answers.candidate(candidate.key), feedback.refusal
    choices = _choices_of(context, _with_sent(context, former or candidate))
    is_new = candidate.key == NEW
    return step_page(
        request,
        context,
        "candidate",
        feedback,
        candidate=candidate,
        born_on=born_on,
        is_new=is_new,
        may_add=len(asked_for(context.application)) + is_new < MOST_CANDIDATES,
        was_sent=context.application.state(candidate.key) != "draft",
        choices=choices,
        disciplines=catalogue_of(context).by_name,
        age_day=catalogue_of(context).age_day,
        ages_of=ages_of,
        moved=refusal.answers if isinstance(refusal, AnswersMoved) else None,
        version=version_after(refusal, request) if refusal else version_of(former),
    )
