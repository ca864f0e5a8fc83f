"""GET …/courrier: the letter of one family, as the campaign by post prints it. Each printing is recorded."""

from io import BytesIO

from pypdf import PdfReader

from chalicelib.presentation.printing import letter_pdf_of
from tests.support.desk_family import FILE, acts, settle
from tests.support.french import plain
from tests.support.paper_letters import NETWORK, letter_to
from tests.support.pdf_tags import heard
from tests.support.staff import enter
from tests.support.world import Visitor, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"


def test_the_letter_is_given_in_ascii_and_noted(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)

    answer = visitor.get(f"{FILE}/courrier")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="courrier-evry-xenakis-xen1.pdf"'
    assert answer.data.isascii()
    assert len(PdfReader(BytesIO(answer.data)).pages) == 1
    text = plain(str(heard(answer.data)))
    assert "Bonjour Famille Rossignol," in text
    assert "XEN 1" in text
    assert "91000 EVRY" in text
    assert acts(world) == [("letter_printed", BASILE)]


def test_it_is_the_page_that_the_command_prints() -> None:
    pdf, why = letter_pdf_of(letter_to(), "Courrier", NETWORK)

    assert (pdf.isascii(), why) == (True, "")
    assert letter_pdf_of(letter_to("Famille 山田"), "Courrier", NETWORK) == (
        "",
        "la police d'impression ne montre pas : 山 田",
    )


def test_without_a_postal_address_or_for_a_closed_account_none_is_printed(world: World, visitor: Visitor) -> None:
    account = settle(world, disabled=True)
    enter(world, visitor)
    assert "ne s'imprime pas pour un compte désactivé" in visitor.get(f"{FILE}/courrier").text

    world.database.write_together(world.services.accounts.put(world.settle(name=account.name)))
    answer = visitor.get(f"{FILE}/courrier")

    assert answer.status_code == 422
    assert "Aucune adresse postale n'est au dossier" in answer.text
    assert acts(world) == []


def test_a_name_that_cannot_be_printed_is_told(world: World, visitor: Visitor) -> None:
    settle(world, name="Famille 山田")
    enter(world, visitor)

    answer = visitor.get(f"{FILE}/courrier")

    assert answer.status_code == 422
    assert "la police d'impression ne montre pas : 山 田" in answer.text
