"""POST /extranet/compte/connexion: what a family sees."""

from datetime import timedelta

import pytest

from chalicelib.domain.accounts import AccountRef
from tests.support.world import PASSWORD, PERIOD_READ, ROSSIGNOL, Visitor, World

LOGIN = "/extranet/compte/connexion"


def test_2_4_the_right_password_opens_the_account(world: World, visitor: Visitor) -> None:
    world.settle()

    answer = visitor.log_in()

    assert (answer.status_code, answer.location) == (303, "/extranet/compte")
    assert "Bonjour <strong>Famille Rossignol</strong>" in visitor.get("/extranet/compte").text


@pytest.mark.parametrize("typed", ["XEN1", " xen 1 ", "x\N{ZERO WIDTH SPACE}en1", "\N{NO-BREAK SPACE}Xen1"])
def test_case_and_blanks_of_the_identifier_do_not_matter(world: World, visitor: Visitor, typed: str) -> None:
    world.settle()

    assert visitor.log_in(AccountRef(ROSSIGNOL.site, typed)).status_code == 303


@pytest.mark.parametrize("typed", [f" {PASSWORD}", f"{PASSWORD}\n", f"\t{PASSWORD} "])
def test_blanks_that_a_copy_brings_around_the_password_do_not_matter(
    world: World, visitor: Visitor, typed: str
) -> None:
    world.settle()

    assert visitor.log_in(password=typed).status_code == 303


def test_an_accent_typed_as_two_code_points_is_the_same(world: World, visitor: Visitor) -> None:
    world.settle(password="\N{LATIN CAPITAL LETTER E WITH ACUTE}lan5Majeur")

    assert visitor.log_in(password="E\N{COMBINING ACUTE ACCENT}lan5Majeur").status_code == 303


def test_the_cookie_holds_no_name_and_is_out_of_reach(world: World, visitor: Visitor) -> None:
    world.settle()

    cookie = visitor.log_in().headers["Set-Cookie"]

    name, _, rest = cookie.partition("=")
    assert name == "clef"
    assert rest.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Lax"]
    assert ROSSIGNOL.identifier not in rest
    assert rest.split(";")[0].partition(".")[2] not in world.aws.everything(world.resources)


def test_each_login_gets_a_new_token(world: World, visitor: Visitor) -> None:
    world.settle()
    first = visitor.log_in().headers["Set-Cookie"]

    assert visitor.log_in().headers["Set-Cookie"] != first


def test_a_refusal_is_the_same_page_whatever_was_wrong(world: World, visitor: Visitor) -> None:
    world.settle()
    world.settle(AccountRef(ROSSIGNOL.site, "xen2"), disabled=True)
    world.settle(AccountRef(ROSSIGNOL.site, "xen3"), password=None)
    pages = set()
    for identifier in ("xen1", "xen2", "xen3", "nobody"):
        answer = visitor.log_in(AccountRef(ROSSIGNOL.site, identifier), "Faux1234")
        pages.add((answer.status_code, answer.text.replace(identifier, "…")))
    answer = visitor.log_in(AccountRef("evry-magnard", "xen1"))
    pages.add((answer.status_code, answer.text.replace("xen1", "…").replace(" selected", "")))

    assert len(pages) == 2  # the site chosen stays chosen
    assert {status for status, _ in pages} == {401}


def test_a_refusal_keeps_site_and_identifier_and_never_the_password(world: World, visitor: Visitor) -> None:
    answer = visitor.post(LOGIN, {"site": "evry-xenakis", "identifiant": '"><b>x', "mot_de_passe": "Secret1234"})

    assert '<option value="evry-xenakis" selected>' in answer.text
    assert 'value="&#34;&gt;&lt;b&gt;x"' in answer.text
    assert "Secret1234" not in answer.text + world.log.getvalue()
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("missing", ["site", "identifiant", "mot_de_passe"])
def test_a_missing_field_is_told_beside_it(world: World, visitor: Visitor, missing: str) -> None:
    form = {"site": ROSSIGNOL.site, "identifiant": "xen1", "mot_de_passe": PASSWORD}

    answer = visitor.post(LOGIN, form | {missing: ""})

    assert answer.status_code == 422
    assert f'id="{missing}-erreur"' in answer.text
    assert world.aws.calls == PERIOD_READ


@pytest.mark.parametrize("identifier", ["xen1", "nobody"])
def test_slowed_down_says_until_when_and_the_way_out(world: World, visitor: Visitor, identifier: str) -> None:
    world.settle()
    for _ in range(5):
        visitor.log_in(AccountRef(ROSSIGNOL.site, identifier), "Faux1234")

    answer = visitor.log_in(AccountRef(ROSSIGNOL.site, identifier))

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "à partir de 9 h 01" in answer.text
    assert 'href="/extranet/usager/mot-de-passe-perdu"' in answer.text
    world.wait(timedelta(seconds=60))
    assert visitor.log_in(AccountRef(ROSSIGNOL.site, identifier)).status_code == (303 if identifier == "xen1" else 401)
