"""POST /extranet/compte/identifiant-perdu: the pages that a family sees."""

import pytest

from tests.support.world import EMAIL, Visitor, World

LOST = "/extranet/compte/identifiant-perdu"


def test_the_box_says_it_and_the_form_stays_with_the_address_as_typed(world: World, visitor: Visitor) -> None:
    world.services.accounts.enter_mailboxes(world.settle())

    answer = visitor.post(LOST, {"email": "Rossignol@Example.ORG"})

    assert answer.status_code == 200
    assert "Si cette adresse est connue d'un conservatoire du réseau, un mail vient de lui être envoyé" in answer.text
    assert 'value="Rossignol@Example.ORG"' in answer.text
    world.deliver()
    assert [mail.to for mail in world.mails()] == [EMAIL]


def test_the_answer_never_tells_whether_the_address_is_known(world: World, visitor: Visitor) -> None:
    world.settle()
    emails = [EMAIL, "personne@example.org"]
    pages = {visitor.post(LOST, {"email": email}).text.replace(email, "…") for email in emails}

    assert len(pages) == 1


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Saisissez votre adresse e-mail"),
        ("rossignol", "Cette adresse e-mail n'est pas complète"),
        ("a@example.org\r\nBcc: b@example.org", "Cette adresse e-mail n'est pas complète"),
    ],
)
def test_an_address_that_is_none_is_told_beside_it(world: World, visitor: Visitor, email: str, sentence: str) -> None:
    answer = visitor.post(LOST, {"email": email})

    assert answer.status_code == 422
    assert sentence in answer.text.split('id="email-erreur"')[1]
    assert world.aws.calls == []
