"""Passkeys at the desk: instead of the code, instead of the repeated password, and one's own."""

import re
from dataclasses import replace

from werkzeug.test import TestResponse

from tests.support.authenticator import FLAG, Authenticator, field
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, enter, invite, member, read_member, stores
from tests.support.world import PUBLIC_URL, Visitor, World

OWN = f"{DESK}/mon-acces/cles"


def telephone(own_id: bytes = b"a telephone") -> Authenticator:
    return Authenticator(own_id, PUBLIC_URL)


def owner_of(world: World, phone: Authenticator, email: str = SECRETARY, *, totp: bool = True) -> None:
    before = stores(world).members.find(email) or member(world, email)
    after = before.with_passkey(phone.passkey("Téléphone", world.now))
    stores(world).members.change(before, after if totp else replace(after, totp=None))


def half_enter(visitor: Visitor, email: str = SECRETARY) -> None:
    visitor.post(f"{DESK}/connexion", {"courriel": email, "mot_de_passe": PASSWORD})


def challenge_in(page: TestResponse) -> str:
    match = re.search(r'data-challenge="([\w-]{43})"', page.text)
    assert match, page.text
    return match[1]


def test_a_passkey_is_offered_in_the_place_of_the_code_to_who_has_one(world: World, visitor: Visitor) -> None:
    member(world)
    half_enter(visitor)
    assert "Utiliser ma clé d'accès" not in visitor.get(f"{DESK}/code").text
    assert visitor.post(f"{DESK}/cle").headers["Location"] == f"{DESK}/code"

    owner_of(world, telephone())

    assert "Utiliser ma clé d'accès" in visitor.get(f"{DESK}/code").text


def test_a_password_and_a_passkey_open_the_desk(world: World, visitor: Visitor) -> None:
    phone = telephone()
    owner_of(world, phone)
    half_enter(visitor)

    challenge = challenge_in(visitor.post(f"{DESK}/cle"))
    answer = visitor.post(f"{DESK}/cle/reponse", {"cle": field(phone.use(challenge))})

    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert visitor.get(DESK).status_code == 200


def test_a_passkey_that_is_refused_leaves_the_code(world: World, visitor: Visitor) -> None:
    phone = telephone()
    owner_of(world, phone)
    half_enter(visitor)
    challenge = challenge_in(visitor.post(f"{DESK}/cle"))

    page = visitor.post(f"{DESK}/cle/reponse", {"cle": field(phone.use(challenge, flags=FLAG.UP))})

    assert page.status_code == 422
    assert "Cette clé d'accès n'a pas pu être vérifiée" in page.text
    assert "Code à six chiffres" in page.text
    assert visitor.get(DESK).status_code == 303


def test_a_browser_that_sends_no_answer_is_told_so(world: World, visitor: Visitor) -> None:
    owner_of(world, telephone())
    half_enter(visitor)
    visitor.post(f"{DESK}/cle")

    assert visitor.post(f"{DESK}/cle/reponse").status_code == 422


def test_without_a_password_no_passkey_is_asked_for(world: World, visitor: Visitor) -> None:
    owner_of(world, telephone())

    for path in ("cle", "cle/reponse"):
        assert visitor.post(f"{DESK}/{path}").headers["Location"] == f"{DESK}/connexion"


def test_a_member_names_and_adds_a_passkey(world: World, visitor: Visitor) -> None:
    phone = telephone()
    enter(world, visitor)
    page = visitor.post(OWN, {"nom": "Téléphone de Basile", "mot_de_passe": PASSWORD})
    assert 'data-passkey="create"' in page.text

    fields = {"nom": "Téléphone de Basile", "cle": field(phone.make(challenge_in(page)))}
    answer = visitor.post(f"{OWN}/ajout", fields)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OWN}?fait=ajoutee")
    page = visitor.get(OWN, query_string={"fait": "ajoutee"})
    assert "Votre clé d'accès est ajoutée" in page.text
    assert "<strong>Téléphone de Basile</strong>" in page.text


def test_what_a_new_passkey_lacks_is_told_and_what_was_typed_stays(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    nameless = visitor.post(OWN, {"mot_de_passe": PASSWORD})
    unproven = visitor.post(OWN, {"nom": "Téléphone", "mot_de_passe": "not mine"})

    assert nameless.status_code == unproven.status_code == 422
    assert "Donnez un nom à cette clé" in nameless.text
    assert 'value="Téléphone"' in unproven.text


def test_a_member_removes_a_passkey(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    owner_of(world, telephone())
    option = re.search(r'<option value="(\w+)">Téléphone', visitor.get(OWN).text)
    assert option
    assert visitor.post(f"{OWN}/retrait", {"quoi": option[1]}).status_code == 422

    answer = visitor.post(f"{OWN}/retrait", {"quoi": option[1], "mot_de_passe": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OWN}?fait=retiree")
    assert "Téléphone" not in visitor.get(OWN).text
    assert visitor.post(f"{OWN}/retrait", {"quoi": option[1]}).headers["Location"] == OWN


def test_a_form_goes_on_with_a_passkey_in_the_place_of_the_password(world: World, visitor: Visitor) -> None:
    phone = telephone()
    enter(world, visitor)
    owner_of(world, phone)
    assert "Avec ma clé d'accès plutôt" in visitor.get(OWN).text
    fields = {"nom": """Clé d'« un <bureau> "2" » ?""", "texte": "une ligne\r\nune autre"}

    page = visitor.post(f"{DESK}/cle/preuve", {**fields, "preuve": OWN, "mot_de_passe": "moi", "inconnu": "rien"})

    assert f'action="{OWN}"' in page.text
    exactly = page.get_data(as_text=True)
    assert """name="nom" value="Clé d'« un &lt;bureau&gt; &#34;2&#34; » ?\"""" in exactly
    assert 'name="texte" value="une ligne' in page.text
    assert "inconnu" not in page.text
    assert "mot_de_passe" not in page.text
    proof = {"nom": fields["nom"], "cle": field(phone.use(challenge_in(page)))}
    assert 'data-passkey="create"' in visitor.post(OWN, proof).text
    assert "Avec ma clé d'accès plutôt" not in visitor.get(OWN).text


def test_a_form_goes_on_to_a_page_of_the_desk_alone(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    owner_of(world, telephone(), MANAGER)

    for action in ("", "https://example.org/", "//example.org", "/extranet/compte", f"{DESK}/../compte", f"{OWN}?x=y"):
        assert visitor.post(f"{DESK}/cle/preuve", {"preuve": action}).status_code == 404


def test_no_passkey_is_asked_of_who_has_none(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    assert visitor.post(f"{DESK}/cle/preuve", {"preuve": OWN}).status_code == 404


def test_a_page_that_asks_for_a_passkey_loads_its_script_and_no_other_does(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    owner_of(world, telephone())

    assert "/passkeys." in visitor.post(f"{DESK}/cle/preuve", {"preuve": OWN}).text
    assert "/passkeys." not in visitor.get(OWN).text


CHOSEN = "quatre hautbois sous la neige"


def test_a_passkey_accepts_an_invitation_in_the_place_of_an_application(world: World, visitor: Visitor) -> None:
    phone, path = telephone(), f"{DESK}/invitation/{invite(world)}"
    page = visitor.get(path)
    assert challenge_in(page) == challenge_in(visitor.get(path))
    fields = {"nouveau": CHOSEN, "confirmation": CHOSEN, "cle": field(phone.make(challenge_in(page)))}

    answer = visitor.post(path, fields)

    assert answer.status_code == 200
    assert "Codes de secours" in answer.text
    assert visitor.get(DESK).status_code == 200
    owner = read_member(world)
    assert (owner.totp, owner.passkeys) == (None, (phone.passkey("Première clé", world.now),))
    visitor.post(f"{DESK}/deconnexion")
    visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY, "mot_de_passe": CHOSEN})
    challenge = challenge_in(visitor.post(f"{DESK}/cle"))
    assert visitor.post(f"{DESK}/cle/reponse", {"cle": field(phone.use(challenge))}).headers["Location"] == DESK


def test_a_passkey_made_for_an_invitation_is_kept_while_the_password_is_mended(world: World, visitor: Visitor) -> None:
    phone, path = telephone(), f"{DESK}/invitation/{invite(world)}"
    cle = field(phone.make(challenge_in(visitor.get(path))))

    page = visitor.post(path, {"nouveau": "court", "confirmation": "court", "cle": cle})

    assert page.status_code == 422
    assert f'name="cle" value="{cle}"' in page.text
    assert "Votre clé d'accès est prête" in page.text


def test_a_passkey_of_another_invitation_is_refused(world: World, visitor: Visitor) -> None:
    phone, path = telephone(), f"{DESK}/invitation/{invite(world)}"
    answer = visitor.get(f"{DESK}/invitation/{invite(world, MANAGER)}")
    cle = field(phone.make(challenge_in(answer)))

    page = visitor.post(path, {"nouveau": CHOSEN, "confirmation": CHOSEN, "cle": cle})

    assert page.status_code == 422
    assert "Cette clé d'accès n'a pas pu être vérifiée" in page.text
    assert cle not in page.text
    assert not read_member(world).is_active
