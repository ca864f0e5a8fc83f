"""POST /extranet/compte/mot-de-passe-perdu: the pages that a family sees."""

from datetime import timedelta

import pytest

from tests.support.enrolment_pages import error_beside
from tests.support.world import EMAIL, PERIOD_READ, Visitor, World

LOST = "/extranet/compte/mot-de-passe-perdu"
LOST_IDENTIFIER = "/extranet/compte/identifiant-perdu"
BOTH = pytest.mark.parametrize("path", [LOST, LOST_IDENTIFIER])
SAYS = {
    LOST: "Votre nouveau mot de passe vient d'être envoyé par mail.",
    LOST_IDENTIFIER: "Si cette adresse est connue d'un conservatoire du réseau, un mail vient de lui être envoyé",
}


@BOTH
def test_1_6_the_box_says_it_and_the_form_stays_with_the_address(world: World, visitor: Visitor, path: str) -> None:
    world.services.accounts.enter_mailboxes(world.settle())

    answer = visitor.post(path, {"identifiant": "Xen 1", "email": "Rossignol@Example.ORG"})

    assert answer.status_code == 200
    assert SAYS[path] in answer.text
    assert 'value="Rossignol@Example.ORG"' in answer.text
    world.deliver()
    assert [mail.to for mail in world.mails()] == [EMAIL]


@BOTH
def test_the_answer_never_tells_whether_the_pair_is_known(world: World, visitor: Visitor, path: str) -> None:
    world.settle()

    pairs = (("xen1", EMAIL), ("nobody", EMAIL), ("xen1", "personne@example.org"))
    pages = {
        visitor.post(path, {"identifiant": login, "email": email}).text.replace(login, "…").replace(email, "…")
        for login, email in pairs
    }
    assert len(pages) == 1


@BOTH
def test_one_too_many_is_told_that_no_mail_leaves_and_until_when(world: World, visitor: Visitor, path: str) -> None:
    world.settle()
    answers = [visitor.post(path, {"identifiant": f"x{number}", "email": EMAIL}) for number in range(30)]
    world.wait(timedelta(minutes=4))
    world.deliver()
    world.aws.calls.clear()

    refusals = [
        visitor.post(path, {"identifiant": identifier, "email": email})
        for identifier, email in [("xen1", EMAIL), ("nobody", "personne@example.org")]
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in refusals] == [(429, "360")] * 2
    assert world.aws.calls.count("UpdateItem") == 2
    assert "SendMessageBatch" not in world.aws.calls
    first, unknown = (answer.text for answer in refusals)
    assert first == unknown.replace("nobody", "xen1").replace("personne@example.org", EMAIL)
    assert "aucun mail n'est parti cette fois" in first
    assert "à partir de 9 h 10" in first
    assert "vient d" not in first.split("<main")[1].split("<form")[0]
    assert f'value="{EMAIL}"' in first


@BOTH
def test_an_address_that_is_none_is_told_beside_it(world: World, visitor: Visitor, path: str) -> None:
    for email in ("", "rossignol", "a@b", "a b@example.org", "a@example.org\r\nBcc: b@example.org"):
        answer = visitor.post(path, {"identifiant": "xen1", "email": email})

        sentence = "Cette adresse e-mail n'est pas complète" if email else "Saisissez votre adresse e-mail"
        assert (answer.status_code, sentence in error_beside(answer.text, "email")) == (422, True), email
    assert world.aws.calls == (PERIOD_READ if path == LOST else [])
    nobody = visitor.post(path, {"identifiant": " ", "email": EMAIL})
    assert (nobody.status_code, bool(error_beside(nobody.text, "identifiant"))) == (
        (422, True) if path == LOST else (200, False)
    )


def test_links_in_the_letter_never_follow_the_request(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.post(LOST, {"identifiant": "xen1", "email": EMAIL}, headers={"Host": "ailleurs.example.org"})

    world.deliver()

    assert "ailleurs" not in world.mails()[-1].text + world.mails()[-1].html
