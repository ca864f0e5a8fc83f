"""« Où en est ma demande » on a telephone without JavaScript: a place accepted, a child withdrawn, with axe."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    ApplicationRef,
    CandidateRef,
    Standing,
    submit,
)
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef, Ranking
from tests.support.accessibility import offences
from tests.support.admission import COOKIE
from tests.support.applications import ALBA, BEGUN, NILS
from tests.support.browser import press
from tests.support.office import services_of
from tests.support.service import Running

pytestmark = pytest.mark.browser

NUMBER = "P26-G9KM-4T2W"
EMAIL = "grive@example.org"
APPLICATION = "/extranet/pre-inscription/demande"


@pytest.fixture
def services(running: Running, open_to_all: None) -> Iterator[OfficeServices]:
    assert open_to_all is None
    with services_of(running) as services:
        yield services


@pytest.fixture
def applicant(telephone: Page, running: Running, services: OfficeServices) -> Page:
    """Open a sent application as its applicant: Alba has an offer, Nils waits."""
    telephone.context.add_cookies([{"name": COOKIE, "value": send_application(services), "url": running.url}])
    return telephone


def send_application(services: OfficeServices) -> str:
    stores, now = services.admission, datetime.now(UTC)
    ref = ApplicationRef(services.record.pseudonyms.of_mailbox(EMAIL), str(now.year))
    draft = replace(BEGUN, ref=ref, email=EMAIL, started_at=now, saved_at=now)
    application = replace(submit(draft, NUMBER, now), standings=(Standing(NILS.key, decision=_waiting(now)),))
    stores.applications.change(stores.applications.find(ref), application)
    piano = Pool(PoolRef("evry-xenakis", ref.season, "piano"), "Piano", "Débutant", total=1)
    awakening = Pool(PoolRef("evry-xenakis", ref.season, "eveil"), "Éveil musical", total=1)
    alba, nils = (CandidateRef(NUMBER, key) for key in (ALBA.key, NILS.key))
    stores.pools.change(stores.pools.find(piano.ref), piano.offer(Offer(alba, now + timedelta(days=3)), now))
    stores.pools.change(stores.pools.find(awakening.ref), awakening)
    refs = (CandidateRef("P26-2222-2222", str(rank)) for rank in range(6))
    token = new_token()
    services.database.write_together(
        stores.pools.rankings.put(Ranking(awakening.ref, (*refs, nils))),
        stores.applicants.sessions.put(ApplicantSession(token.fingerprint, ref, now, now)),
    )
    return token.cookie


def _waiting(now: datetime) -> AdmissionDecision:
    return AdmissionDecision("waiting", "Mme Office", now, "Nous vous écrirons si une place se libère.")


def test_a_family_reads_its_state_accepts_a_place_and_withdraws(applicant: Page, small: Page, running: Running) -> None:
    small.context.add_cookies(applicant.context.cookies())  # type: ignore[arg-type]  # compatible types
    faults: list[str] = []

    def look(path: str) -> None:
        small.goto(path)
        faults.extend(f"{path} {offence}" for offence in offences(small))

    applicant.goto(APPLICATION)
    expect(applicant.get_by_text("Une place est proposée")).to_be_visible()
    expect(applicant.get_by_text("entre la 5e et la 10e place")).to_be_visible()
    look(APPLICATION)
    applicant.get_by_role("link", name="Répondre à la proposition pour Alba Geai").click()
    look(f"{APPLICATION}/proposition/{ALBA.key}")
    press(applicant, "Je refuse")
    expect(applicant.get_by_text("vous ne pourrez plus la reprendre")).to_be_visible()
    applicant.get_by_role("link", name="Ne pas refuser").click()
    press(applicant, "J’accepte cette place")

    expect(applicant.get_by_text("Place acceptée")).to_be_visible()
    look(APPLICATION)
    assert running.mail_to(EMAIL, "Vous avez accepté une place")
    applicant.get_by_role("link", name="Donner les pièces").click()
    look(f"{APPLICATION}/pieces")
    applicant.get_by_label("Je l’apporterai sur papier : Justificatif de domicile").check()
    press(applicant, "Enregistrer")
    expect(applicant.get_by_text("promise sur papier")).to_be_visible()
    applicant.get_by_role("link", name="Retirer ma demande").click()
    look(f"{APPLICATION}/retrait")
    applicant.get_by_label("Nils Geai").check()
    press(applicant, "Retirer la demande")

    expect(applicant.get_by_text("Retirée")).to_be_visible()
    look(APPLICATION)
    assert running.mail_to(EMAIL, "Votre demande de pré-inscription est retirée")
    assert faults == []
