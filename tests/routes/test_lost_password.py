"""POST /extranet/compte/mot-de-passe-perdu: what a family sees."""

import pytest

from tests.support.world import EMAIL, PERIOD_READ, Visitor, World

LOST = "/extranet/compte/mot-de-passe-perdu"


def test_1_6_the_box_says_it_and_the_form_stays_with_the_address_as_typed(world: World, visitor: Visitor) -> None:
    world.settle()

    answer = visitor.post(LOST, {"identifiant": "Xen 1", "email": "Rossignol@Example.ORG"})

    assert answer.status_code == 200
    assert "Votre nouveau mot de passe vient d'être envoyé par mail." in answer.text
    assert 'value="Rossignol@Example.ORG"' in answer.text
    world.deliver()
    assert [mail.to for mail in world.mails()] == [EMAIL]


def test_the_answer_never_tells_whether_the_pair_is_known(world: World, visitor: Visitor) -> None:
    world.settle()
    pages = {
        visitor.post(LOST, {"identifiant": who, "email": EMAIL}).text.replace(who, "…") for who in ("xen1", "nobody")
    }

    assert len(pages) == 1


def test_the_answer_is_the_same_when_it_is_one_too_many(visitor: Visitor) -> None:
    pages = {visitor.post(LOST, {"identifiant": "xen1", "email": EMAIL}).text for _ in range(35)}

    assert len(pages) == 1


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Saisissez votre adresse e-mail"),
        ("rossignol", "Cette adresse e-mail n'est pas complète"),
        ("a@b", "Cette adresse e-mail n'est pas complète"),
        ("a b@example.org", "Cette adresse e-mail n'est pas complète"),
        ("a@example.org\r\nBcc: b@example.org", "Cette adresse e-mail n'est pas complète"),
    ],
)
def test_an_address_that_is_none_is_told_beside_it(world: World, visitor: Visitor, email: str, sentence: str) -> None:
    answer = visitor.post(LOST, {"identifiant": "xen1", "email": email})

    assert answer.status_code == 422
    assert sentence in answer.text.split('id="email-erreur"')[1]
    assert world.aws.calls == PERIOD_READ


def test_links_in_the_letter_never_follow_the_request(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.post(LOST, {"identifiant": "xen1", "email": EMAIL}, headers={"Host": "ailleurs.example.org"})

    world.deliver()

    assert "ailleurs" not in world.mails()[-1].text + world.mails()[-1].html
