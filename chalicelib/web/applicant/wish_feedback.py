"""What is said of a wish that is refused: which age counts, and what there is instead."""

from chalicelib.domain.admission.applications import Candidate
from chalicelib.domain.admission.catalogue import Discipline, WishError
from chalicelib.domain.admission.refusals import CandidateRefused
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.applicant.draft import catalogue_of
from chalicelib.flows.applicant.entry import ApplicantContext
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.applicant.edge import ApplicantRequest
from chalicelib.web.applicant.overview import step_feedback
from chalicelib.web.responses import FormFeedback

_NO_LIMIT = 120


@frozen
class Words:
    """Writes what is wrong with the wishes of a candidate."""

    context: ApplicantContext
    candidate: Candidate = Candidate("")

    def sentence(self, error: WishError) -> str:
        """Write what is wrong with a wish, and what there is instead."""
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
        """Name the age that counts, of which day, and what is open at it: at that site, or at others."""
        name, age = self.candidate.first_name or "l'élève", years(error.age)
        refused = texts.sentence(
            "wish_age",
            discipline=error.wish.discipline,
            ages=ages_of(error.discipline) if error.discipline else "",
            name=name,
            age=age,
            day=texts.day(catalogue_of(self.context).age_day),
        )
        return f"{refused} {self._instead(error, age)}"

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


def candidate_feedback(refusal: FormRefusal, request: ApplicantRequest, words: Words) -> FormFeedback:
    """Describe why a candidate was refused, each wish in its own words."""
    if not isinstance(refusal, CandidateRefused):
        return step_feedback(refusal, request)
    own = {error.field: [words.sentence(error)] for error in refusal.wishes}
    plain = {
        name: [texts.sentence(code) for code in codes] for name, codes in refusal.fields.items() if name not in own
    }
    return FormFeedback(422, texts.sentence("step_refused"), plain | own)
