"""/extranet/bureau/reinscriptions/SITE/FAMILLE/saisie: a family's own steps, filled in for it by a member."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest

from chalicelib.domain.enrolment.enrolments import PaperForm
from chalicelib.office.account import pseudonym
from tests.support.aws import When, faults_of
from tests.support.enrolment import (
    CONTINUES,
    EVE_KEY,
    FOYER,
    HOUSEHOLD,
    LEAVES,
    LEO_KEY,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import words_of_page, words_of_pdf
from tests.support.forms import Form, form_of
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, enter
from tests.support.unchanged import answered, sent_last_year
from tests.support.world import ROSSIGNOL, Visitor, World

FILE = f"{DESK}/familles/evry-xenakis/xen1"
START = f"{DESK}/reinscriptions/evry-xenakis/xen1"
SUMMARY = f"{START}/saisie/recapitulatif"
UNCHANGED = f"{START}/saisie/rien-ne-change"
BY = "Basile Troglodyte <troglodyte@example.org>"
PAPER = {"recu": "guichet", "recu_le": "01/06/2027"}
ANSWERS = {
    "foyer": FOYER,
    f"eleves/{ZELIE_KEY}": CONTINUES,
    f"eleves/{LEO_KEY}": CONTINUES,
    f"eleves/{EVE_KEY}": LEAVES,
    "recapitulatif": PAPER,
}


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Open the period for a family without answers, and log in a secretary."""
    open_season(world)
    enter(world, visitor)


def filled(form: Form, answers: dict[str, str]) -> dict[str, str]:
    return form.fields | {name: value for name, value in answers.items() if name != "par"}


def walk(visitor: Visitor, path: str) -> Iterator[str]:
    """Fill in each step that a page leads to. Gives the address of each, and at last the receipt's."""
    while "/recus/" not in path:
        yield path
        form = form_of(visitor, path)
        answer = visitor.post(path, filled(form, ANSWERS[path.removeprefix(f"{START}/saisie/")]))
        assert answer.status_code == 303, words_of_page(unescape(answer.text))
        path = answer.headers["Location"]
    yield path


def filled_unchanged(visitor: Visitor) -> dict[str, str]:
    return filled(Form(UNCHANGED, answered(visitor, UNCHANGED), {}), PAPER)


def page(visitor: Visitor, path: str) -> str:
    return words_of_page(unescape(visitor.get(path).text))


def entries(world: World) -> list[tuple[str, str, str]]:
    trail = world.services.audit_trail.on(ROSSIGNOL.site, pseudonym(world.services, ROSSIGNOL))
    return [(entry.kind, entry.author.who, entry.author.why) for entry in trail]


def test_a_family_on_paper_is_re_enrolled_in_its_own_steps_and_two_clicks(world: World, visitor: Visitor) -> None:
    """From the family's file: one link, each step once, and its receipt, mail, trace and copy."""
    assert f'href="{START}/saisie"' in visitor.get(FILE).text
    begin = visitor.get(f"{START}/saisie").headers["Location"]

    *steps, receipt_path = walk(visitor, begin)

    own_steps = len(ANSWERS) + 1  # the family has a page for its documents too
    assert 1 + len(steps) <= own_steps + 2
    (receipt,) = enrolment(world).receipts
    assert receipt.paper == PaperForm("desk", date(2027, 6, 1), BY)
    assert (receipt.by, len(receipt.pupils), len(receipt.provided)) == ("l'administration", 3, 2)
    why = "dossier papier du 1er juin 2027, remis au guichet"
    assert entries(world) == [("enrolment_entered", BY, why)]
    assert f"d'après votre {why}" in page(visitor, receipt_path)
    assert why in words_of_pdf(visitor.get(f"{receipt_path}/pdf").get_data())
    assert "réinscription saisie pour la famille : Zélie Rossignol" in page(visitor, FILE)
    assert page(visitor, FILE).count("réinscription saisie pour la famille") == 1
    world.deliver_patiently()
    mail = world.mails()[-1]
    assert {mail.to for mail in world.mails()} == {"rossignol@example.org", "come@example.org"}
    assert "Votre conservatoire a saisi vos réponses pour la réinscription 2027-2028 le 2 juin 2027" in mail.text
    assert f"d'après votre {why}" in mail.text


def test_nothing_changes_for_a_family_on_paper_in_three_clicks(world: World, visitor: Visitor) -> None:
    """From its file: « Saisir pour la famille », « Rien ne change », and the sending, noted as any other."""
    sent_last_year(world)
    first_step = visitor.get(f"{START}/saisie").headers["Location"]
    link = f'href="{UNCHANGED}"'
    assert f'href="{START}/saisie"' in visitor.get(FILE).text
    assert link in visitor.get(first_step).text
    assert link not in visitor.get(UNCHANGED).text, "the page does not lead to itself"

    refusal = visitor.post(UNCHANGED, filled_unchanged(visitor) | {"recu": ""})
    assert (refusal.status_code, enrolment(world).receipts, entries(world)) == (422, (), [])
    assert 'id="recu-erreur"' in refusal.text
    assert link not in refusal.text
    receipt_path = visitor.post(UNCHANGED, filled_unchanged(visitor)).headers["Location"]

    (receipt,) = enrolment(world).receipts
    assert receipt_path == f"{START}/saisie/recus/{receipt.number}"
    assert (receipt.paper, receipt.by) == (PaperForm("desk", date(2027, 6, 1), BY), "l'administration")
    assert len(receipt.pupils) == 3
    why = "dossier papier du 1er juin 2027, remis au guichet"
    assert entries(world) == [("enrolment_entered", BY, why)]
    assert f"d'après votre {why}" in page(visitor, receipt_path)
    assert page(visitor, FILE).count("réinscription saisie pour la famille") == 1
    assert link not in visitor.get(SUMMARY).text
    world.deliver_patiently()
    assert {mail.to for mail in world.mails()} == {"rossignol@example.org", "come@example.org"}
    assert f"d'après votre {why}" in world.mails()[-1].text


def test_a_document_handed_in_with_the_file_is_received_and_the_others_promised(world: World, visitor: Visitor) -> None:
    answer_all(world)
    form = form_of(visitor, SUMMARY)
    box, *other_boxes = re.findall(r'name="(remise-[^"]+)"', visitor.get(SUMMARY).text)
    assert other_boxes

    answer = visitor.post(SUMMARY, filled(form, PAPER | {"recu": "", box: "oui"}))
    assert f'name="{box}" value="oui" checked' in answer.text
    receipt_path = visitor.post(SUMMARY, filled(form, PAPER | {box: "oui"})).headers["Location"]

    findings = {
        f"remise-{paper.code}-{paper.owner}": (paper.check.finding, paper.check.by)
        for paper in enrolment(world).provided
        if paper.check
    }
    assert findings == {box: ("received", BY)}
    ((_, _, why),) = entries(world)
    title = why.partition("remis au guichet ; avec : ")[2]
    assert title
    world.deliver_patiently()
    pdf = words_of_pdf(visitor.get(f"{receipt_path}/pdf").get_data())
    for text in (page(visitor, receipt_path), world.mails()[-1].text, pdf):
        assert f"{title} : remise avec le dossier" in text
    visitor.log_in()
    assert "remise-" not in visitor.get("/extranet/compte/reinscription/recapitulatif").text


def test_a_family_reads_in_its_own_space_that_the_office_entered_it(visitor: Visitor) -> None:
    list(walk(visitor, f"{START}/saisie/foyer"))
    visitor.log_in()

    words = page(visitor, "/extranet/compte/reinscription")

    assert "saisi par le conservatoire d'après votre dossier papier du 1er juin 2027, remis au guichet" in words


def test_the_office_is_refused_what_the_family_is(world: World, visitor: Visitor) -> None:
    """Each refusal, beside its field, with nothing saved."""
    answer_all(world)
    before = enrolment(world)
    cases = [
        ("foyer", {"payeur": ""}, "payeur-erreur"),
        (f"eleves/{ZELIE_KEY}", {"choix": ""}, "choix-erreur"),
        ("recapitulatif", {"recu": ""}, "recu-erreur"),
        ("recapitulatif", {"recu_le": "31/02/2027"}, "recu_le-erreur"),
        ("recapitulatif", {"recu_le": "03/06/2027"}, "recu_le-erreur"),
    ]
    failures = []
    for step, fields, error in cases:
        path = f"{START}/saisie/{step}"
        answer = visitor.post(path, filled(form_of(visitor, path), ANSWERS[step] | fields))
        if answer.status_code != 422 or f'id="{error}"' not in answer.text or enrolment(world) != before:
            failures.append((step, fields))
    assert failures == []
    assert entries(world) == []


def test_without_an_address_the_receipt_is_to_be_printed(world: World, visitor: Visitor) -> None:
    world.settle(emails=(), password=None, household=HOUSEHOLD)

    *_, receipt_path = walk(visitor, f"{START}/saisie/foyer")

    assert "imprimez ce reçu, et remettez-le à la famille" in page(visitor, receipt_path)
    world.deliver_patiently()
    assert world.mails() == []


@pytest.mark.parametrize("rival", ["family", "colleague"])
def test_of_two_steps_at_once_one_wins_and_the_other_reads_it(world: World, visitor: Visitor, rival: str) -> None:
    rival_visitor, visitor = (Visitor(visitor._client.application) for _ in range(2))  # noqa: SLF001 - of both policies
    enter(world, visitor)
    path, form = f"{START}/saisie/foyer", form_of(visitor, f"{START}/saisie/foyer")
    if rival == "family":
        rival_visitor.log_in()
    else:
        enter(world, rival_visitor, MANAGER)
    rival_path = "/extranet/compte/reinscription/foyer" if rival == "family" else path
    rival_form = form_of(rival_visitor, rival_path)

    def save() -> None:
        answers = FOYER | {"payeur": "M. Côme Rossignol"}
        assert rival_visitor.post(rival_path, rival_form.fields | answers).status_code == 303

    with world.aws.interrupted("UpdateItem", save):
        answer = visitor.post(path, filled(form, FOYER))

    assert answer.status_code == 422
    author = "Mme Aimée Rossignol" if rival == "family" else "l'administration"
    assert f"a été enregistrée le 2 juin 2027 à 20 h 00 par {author}" in words_of_page(unescape(answer.text))
    assert enrolment(world).household.payer == "M. Côme Rossignol"


def test_of_a_sending_by_the_family_and_one_by_the_office_at_once_one_is_sent(world: World, visitor: Visitor) -> None:
    """The other page shows the receipt of the same answers, and its author."""
    answer_all(world)
    family, office = (Visitor(visitor._client.application) for _ in range(2))  # noqa: SLF001 - of both policies
    enter(world, office)
    family.log_in()
    path = "/extranet/compte/reinscription/recapitulatif"
    form, own_form = filled(form_of(office, SUMMARY), PAPER), form_of(family, path).fields | {"par": "1"}

    def send() -> None:
        assert family.post(path, own_form).status_code == 303

    with world.aws.interrupted("UpdateItem", send):
        answer = office.post(SUMMARY, form)

    (receipt,) = enrolment(world).receipts
    assert (receipt.paper, answer.status_code) == (None, 200)
    assert "Mme Aimée Rossignol" in words_of_page(unescape(answer.text))


@faults_of("UpdateItem", "SendMessageBatch", "PutItem")
def test_a_fault_of_the_sending_leaves_nothing_half_done(world: World, visitor: Visitor, call: str, when: When) -> None:
    """Sent again after the fault, it is sent once, with one receipt, noted before."""
    answer_all(world)
    form = filled(form_of(visitor, SUMMARY), PAPER)

    with world.aws.failing(call, when):
        answer = visitor.post(SUMMARY, form)
    assert answer.status_code in {303, 503}
    assert len(enrolment(world).receipts) <= len(entries(world))

    assert visitor.post(SUMMARY, form).status_code in {200, 303}
    (receipt,) = enrolment(world).receipts
    assert receipt.paper
    world.deliver_patiently()
    assert len(world.mails()) == 2


def test_a_reader_enters_nothing(world: World, visitor: Visitor) -> None:
    enter(world, visitor, READER)
    pages = [FILE, START, f"{DESK}/reinscriptions?site=evry-xenakis"]

    assert visitor.get(f"{START}/saisie").status_code == 404
    assert [path for path in pages if "/saisie" in visitor.get(path).text] == []
    enter(world, visitor, SECRETARY)
    assert [path for path in pages if "/saisie" not in visitor.get(path).text] == []
