"""An application as a new family fills it in, page by page, without JavaScript, and one ready to be sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token
from chalicelib.wings.admission.domain.applications import Answers, Application, ApplicationRef, Candidate
from chalicelib.wings.admission.flows.application import documents_asked
from chalicelib.wings.admission.flows.entry import ApplicantContext, read_admission_periods
from chalicelib.wings.admission.flows.summary import SubmittedApplication, SummaryForm, send, summary_version
from tests.support.admission import SEASON, START, application_of, mailbox_of, stores
from tests.support.applications import WHOLE
from tests.support.forms import forms_of
from tests.support.world import Visitor, World

HOME: Final = f"{START}/demande"
GUARDIAN_STEP: Final = f"{HOME}/responsable"
NEW_STEP: Final = f"{HOME}/eleves/nouveau"
SUMMARY: Final = f"{HOME}/recapitulatif"
READS: Final = ("GetItem", "BatchGetItem")  # the calls of a page behind the code
RECEIPT: Final = f"{HOME}/recu"
GUARDIAN: Final = {
    "nom": "Mme Inès Geai",
    "telephone": "0699002001",
    "voie": "4 allée des Tilleuls",
    "code_postal": "91000",
    "ville": "Evry",
    "groupe-habitant": "oui",
}
ALBA_TYPED: Final = {
    "prenom": "Alba",
    "nom": "Geai",
    "naissance": "14/03/2018",
    "discipline-1": "Piano",
    "site-1": "evry-xenakis",
    "niveau-1": "Débutant",
    "jour-1-1": "mercredi",
    "jour-1-2": "samedi",
    "discipline-2": "Violon",
    "site-2": "evry-magnard",
    "niveau-2": "Débutant",
}


def fill(visitor: Visitor, path: str, **values: str) -> Any:
    """Open a page, fill in its form and send it."""
    form = next(form for form in forms_of(visitor.get(path).text) if form.path == path)
    fields = {name: value for name, value in form.fields.items() if form.kinds[name] not in {"submit", "button"}}
    return visitor.post(path, fields | values)


def promised(world: World) -> ProvidedDocument:
    """Promise on paper the document that every family must provide."""
    return ProvidedDocument("justificatif-domicile", FOYER, SavedBy("Mme Inès Geai", world.now))


def draft(world: World, email: str, answers: Answers = WHOLE) -> Application:
    """Store an application of a mailbox that is ready to be sent."""
    before = stores(world).applications.find(ApplicationRef(mailbox_of(world, email), SEASON))
    after = replace(
        before, email=email, started_at=world.now, saved_at=world.now, draft=answers, provided=(promised(world),)
    )
    stores(world).applications.change(before, after)
    return application_of(world, email)


def context_of(world: World, email: str) -> ApplicantContext:
    """Enter as an applicant with a proven mailbox, at the current time."""
    admission_periods, token = read_admission_periods(world.services, world.now), new_token()
    application = application_of(world, email)
    return ApplicantContext(
        network=admission_periods.network,
        periods=admission_periods.periods,
        season=SEASON,
        now=world.now,
        application=application,
        session=ApplicantSession(token.fingerprint, application.ref, world.now, world.now),
        token=token,
    )


def send_as_shown(world: World, context: ApplicantContext) -> SubmittedApplication:
    """Send the application as its summary showed it."""
    slots = tuple(document.slot for document in documents_asked(context))
    return send(world.visit(), context, SummaryForm(summary_version(context.application), slots))


def only(*candidates: Candidate) -> Answers:
    """Make answers with only these candidates."""
    return replace(WHOLE, candidates=candidates)


def at_once(act: Any, many: list[Any]) -> list[Any]:
    """Run an act for each item concurrently. Returns the results and refusals."""

    def attempt(item: Any) -> Any:
        try:
            return act(item)
        except Exception as refusal:  # noqa: BLE001 - the test checks it
            return refusal

    with ThreadPoolExecutor(len(many)) as pool:
        return list(pool.map(attempt, many))
