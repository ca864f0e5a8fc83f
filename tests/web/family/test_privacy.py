"""A family reads and writes its own data only: every path, with every other family's session, and with none."""

import html
from datetime import date, timedelta
from typing import Final

import pytest
from werkzeug.test import TestResponse

from app import app
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Household
from chalicelib.settings.wings import has
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.payment.flows.pay import part_of
from tests.support.answers import STAYS, WHOLE
from tests.support.billing import bill
from tests.support.enrolment import CONTINUES, FOYER, HOUSEHOLD, IN_JUNE, REF, ZELIE_KEY, enrolment, open_season
from tests.support.enrolment_pages import words_of_pdf
from tests.support.wing_examples import wing_examples
from tests.support.world import ROSSIGNOL, Visitor, World

NUMBER: Final = "R27-BCDF-GHJK"
INVOICE: Final = Invoice("FA-2027-001", date(2027, 5, 2), 24_300, label="Inscription hautbois de Zélie")
# Other families: the same identifier at another site, another one at this site, one at a third site.
OTHERS: Final = (
    AccountRef("evry-magnard", ROSSIGNOL.identifier),
    AccountRef(ROSSIGNOL.site, "mer7"),
    AccountRef("villabe-yves-henry", "hen9"),
)
# Traces of the victim's data that a page, an address or the record could show.
TRACES: Final = (
    *("Rossignol", "rossignol@example.org", "come@example.org", "Zélie", "Léo", "Ève", "Tilleuls", "hautbois"),
    *("2015-03-14", "14 mars 2015", "06 99 00 10 01", "M. Merle", NUMBER, INVOICE.number, "243,00", ZELIE_KEY),
)
LOGOUT: Final = "/extranet/compte/deconnexion"
PATHS: Final = sorted(path for path in app.routes if path.startswith("/extranet/compte") and path != LOGOUT)
FORM: Final = FOYER | CONTINUES | {f"envoyer-{ZELIE_KEY}": "oui", "eleve": ZELIE_KEY, "numero": NUMBER, "vu": ""}


@pytest.fixture
def victim(world: World) -> Enrolment:
    """Store a family with a household, bills and a sent re-enrolment."""
    assert open_season(world).household == HOUSEHOLD
    draft = Enrolment(REF).with_household(WHOLE, SavedBy("Mme Aimée Rossignol", IN_JUNE))
    draft = draft.with_pupil(PupilFile(ZELIE_KEY, "Zélie Rossignol", STAYS), IN_JUNE)
    sent_enrolment = submit(draft, draft.pupils, NUMBER, SavedBy("Mme Aimée Rossignol", IN_JUNE))
    world.services.enrolments.change(Enrolment(REF), sent_enrolment)
    if has("billing"):
        bill(world, INVOICE)
    if has("payment"):
        wing_examples()["payment"].fill(world, ROSSIGNOL, 1)
    assert isinstance(sent_enrolment.receipts[0], Receipt)
    return sent_enrolment


class _Kept(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def addresses(path: str) -> list[str]:
    """List a path with the victim's own parts, and with parts made up from them."""
    if "{" not in path:
        return [path]
    path = path.format_map(_Kept(site=ROSSIGNOL.site, famille=part_of(ROSSIGNOL.identifier), annee="2026"))
    prefix, brace, rest = path.partition("{")
    if not brace:
        return [path]
    name, _, below = rest.partition("}")
    key = {"facture": INVOICE.code, "eleve": ZELIE_KEY, "numero": NUMBER, "lien": ZELIE_KEY, "tentative": f"{1:024x}"}[
        name
    ]
    made_up = (key, key.upper(), key.lower(), f"{key}-2", key[:-1], f"..{key}", f"{key}%00", f"{ROSSIGNOL.identifier}")
    return [prefix + part + below for part in made_up]


def bills_of(world: World) -> Bills | None:
    return world.services.store(Billing).find(ROSSIGNOL) if has("billing") else None


def words_of(answer: TestResponse) -> str:
    """Read the text of an answer, page or PDF."""
    is_pdf = answer.headers.get("Content-Type") == "application/pdf"
    return words_of_pdf(answer.data) if is_pdf else str(answer.text)


def found(text: str) -> list[str]:
    content = html.unescape(text)
    return [trace for trace in TRACES if trace in content]


@pytest.mark.wing("billing", "teaching")
def test_the_family_itself_reads_each_of_these_traces(visitor: Visitor, victim: Enrolment) -> None:
    """Otherwise the tests below would look for a text that no page shows."""
    assert victim.receipts
    visitor.log_in()

    traces = {trace for path in PATHS for address in addresses(path) for trace in found(words_of(visitor.get(address)))}

    assert set(TRACES) - traces == {"2015-03-14"}  # a page shows « 14 mars 2015 »


@pytest.mark.parametrize("other", OTHERS, ids=["same identifier elsewhere", "same site", "another site"])
def test_no_path_touches_another_family(world: World, visitor: Visitor, victim: Enrolment, other: AccountRef) -> None:
    world.settle(other, name="Famille Cormoran", emails=("cormoran@example.org",), household=Household())
    before, bills_before = world.account(), bills_of(world)
    visitor.log_in(other)

    for address in (each for path in PATHS for each in addresses(path)):
        shown = visitor.get(address)
        if shown.headers.get("Location") == "/extranet/usager":  # an earlier form ended the session
            visitor.log_in(other)
            shown = visitor.get(address)
        for answer in (shown, visitor.post(address, FORM), visitor.post(address, {})):
            assert answer.status_code in {200, 303, 401, 404, 405, 410, 422}, address
            texts = words_of(answer) + str(answer.headers)
            assert found(texts.replace(FOYER["urgence_nom"], "").replace(FOYER["payeur"], "")) == [], address

    assert world.account() == before
    assert enrolment(world) == victim
    assert bills_of(world) == bills_before
    assert world.services.enrolments.find(EnrolmentRef(other, "2027")).receipts == ()


def test_the_record_of_a_visit_has_nothing_of_the_family(world: World, visitor: Visitor, victim: Enrolment) -> None:
    assert victim.receipts
    visitor.log_in()
    for address in (each for path in PATHS for each in addresses(path)):
        visitor.get(address)
        visitor.post(address, FORM)
    world.wait(timedelta(minutes=5))
    world.deliver()

    log = world.log.getvalue()

    assert log
    assert found(log.encode().decode("unicode_escape")) == []
    assert found(log) == []
