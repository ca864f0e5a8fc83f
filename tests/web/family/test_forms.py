"""All forms of all pages: each field is declared, with its maximum length, as one line or several."""

import html
import re
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass, replace
from typing import Final

import pytest

from app import app
from chalicelib.domain import fields
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.settings.wings import has, tabs
from chalicelib.wings.payment.flows.pay import NOTICE_PATH
from tests.support.billing import TO_PAY, bill
from tests.support.enrolment import LEO_KEY, ZELIE_KEY, answer_all, enrolment, open_season
from tests.support.forms import Form, closed_choices, form_of, forms_of, takes_a_form
from tests.support.french import plain
from tests.support.login_methods import TELEPHONE
from tests.support.logins import attempt
from tests.support.world import PASSWORD, Visitor, World

AREA: Final = "/extranet/compte"
STEPS: Final = f"{AREA}/reinscription"
PAGES: Final = (
    *("/extranet/usager", "/extranet/usager/mot-de-passe-perdu", "/extranet/usager/identifiant-perdu"),
    "/extranet/usager/premiere-connexion",
    f"{AREA}/acces/preuve",
    *(f"{AREA}/eleves/{ZELIE_KEY}{page}" for page in ("", "/agenda") * has("teaching")),
    *(
        f"{AREA}/mot-de-passe",
        f"{AREA}/mot-de-passe/connexions",
        f"{AREA}/acces/cle",
        f"{AREA}/acces/cles",
        f"{AREA}/famille",
        f"{AREA}/famille/e-mail",
        f"{AREA}/famille/e-mail/code",
    ),
    *(f"{AREA}/famille/acces", f"{AREA}/acces"),
    *(f"{STEPS}/foyer", f"{STEPS}/eleves/{ZELIE_KEY}", f"{STEPS}/eleves/{LEO_KEY}", f"{STEPS}/pieces"),
    *(f"{STEPS}/recapitulatif", f"{STEPS}/rien-ne-change"),
    *(AREA + tab for tab in tabs(AREA).split("|")[:-1]),
)
BEHIND_A_MAIL: Final = {  # tested by `test_not_me`, `test_code`, `test_first_login` and `test_franceconnect`
    *(f"{AREA}/{page}" for page in ("ce-n-est-pas-moi", "acces/code", "acces/choix")),
    *(f"{AREA}/acces/franceconnect/{page}" for page in ("choix", "associer")),
    f"{NOTICE_PATH}/{{site}}/{{famille}}/{{tentative}}",  # of PayFiP
}
SECRETS: Final = {"mot_de_passe", "actuel", "nouveau", "confirmation"}
# Characters that begin a new line, then those that are invisible or reverse the text around them.
BREAKS: Final = ("\r", "\n", "\r\n", "\u2028", "\u2029")
UNSEEN: Final = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u115f\u3164"
)


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    """Log in a family with a form on every page."""
    account = open_season(world, passkeys=(TELEPHONE,))
    answer_all(world)
    unproven = PendingEmail("waiting", "nouvelle@example.org", "Mme Aimée Rossignol", world.now)
    world.services.accounts.change(account, replace(account, pending_email=unproven))
    visitor.log_in()
    attempt(world)  # another session, which can be ended
    if has("payment"):
        bill(world, TO_PAY)
    return visitor


def everything(visitor: Visitor) -> Iterator[Form]:
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        yield from forms_of(answer.text)


def filled(form: Form, **values: str) -> dict[str, str]:
    """Fill in a whole form as its sender would."""
    choices = {
        "site": "evry-xenakis",
        "par": "1",
        "actuel": PASSWORD,
        "action": "remplacer-1",
        "code": "123456",
        "connexion": "toutes",
    }
    whole = {"email": "autre@example.org", "urgence_telephone": "0699001002", "code_postal": "91000", "ville": "Evry"}
    whole |= {"voie": "5 rue du Blé", "payeur": "Mme Houx", "urgence_nom": "M. Merle", "identifiant": "xen1"}
    named_values = {name: value for name, value in (choices | whole).items() if name in form.kinds}
    return form.fields | named_values | values


def kept(world: World) -> tuple[Account, Enrolment]:
    return world.account(), enrolment(world)


def test_every_form_s_page_is_among_those_that_are_walked(inside: Visitor) -> None:
    paths = {path for path in app.routes if path.startswith(AREA)}

    walk = {re.sub(f"{ZELIE_KEY}|{LEO_KEY}", "{eleve}", form.path) for form in everything(inside)}

    assert {path for path in paths if takes_a_form(path)} - BEHIND_A_MAIL == walk


def test_each_form_behind_login_has_its_proof(inside: Visitor) -> None:
    pages = ("connexion", "mot-de-passe-perdu", "identifiant-perdu", "acces/cle", "acces/premiere-connexion")
    public = {f"{AREA}/{page}" for page in pages}

    assert {form.path for form in everything(inside) if "jeton" not in form.fields} == public


def test_every_field_of_every_form_is_declared_with_its_longest_length(inside: Visitor) -> None:
    without = {name for form in everything(inside) for name in form.kinds if not fields.is_declared(name)}

    assert without == set()


def test_no_field_is_cut_by_the_browser(inside: Visitor) -> None:
    assert [path for path in PAGES if "maxlength" in inside.get(path).text] == []


def test_what_is_longer_is_refused_with_what_to_do_and_nothing_is_saved(world: World, inside: Visitor) -> None:
    before, offenders = kept(world), []
    for form in everything(inside):
        for name in form.text_fields:
            longest = fields.longest(name)
            text = "é" * (longest + 1)
            answer = inside.post(form.path, filled(form, **{name: text}))
            page = html.unescape(answer.text)
            error = page.partition(f'id="{name}-erreur"')[2].partition("</div>")[0]
            if (
                answer.status_code != 422
                or f"il faut au plus {longest} caractères" not in error
                or (text not in page and name != "code")  # a code is always typed again
                or f'href="#{name}"' not in page
            ):
                offenders.append((form.path, name, answer.status_code, error))

    assert offenders == []
    assert kept(world) == before


def test_a_choice_that_no_page_offers_is_refused(world: World, inside: Visitor) -> None:
    failures = []
    for form in everything(inside):
        for name in sorted(closed_choices(form.kinds)):
            before = kept(world)
            answer = inside.post(form.path, filled(form, **{"cours-plus": "oui", name: "zzz"}))
            if answer.status_code not in {400, 404, 422} or kept(world) != before:
                failures.append((form.path, name, answer.status_code))

    assert failures == []


def test_the_longest_that_is_told_is_taken(world: World, inside: Visitor) -> None:
    for name in ("payeur", "personnes_autorisees", "urgence_nom"):
        form = form_of(inside, f"{STEPS}/foyer")
        longest = fields.longest(name)
        answer = inside.post(form.path, filled(form, **{name: "\N{MUSICAL SYMBOL G CLEF}" * longest}))
        assert answer.status_code == 303, name
    assert len(enrolment(world).household.emergency_name) == fields.longest("urgence_nom")


def test_a_line_is_one_line_whatever_separates_it_and_nothing_unseen_is_kept(world: World, inside: Visitor) -> None:
    offenders = []
    for form in everything(inside):
        for name in form.text_fields:
            if fields.of(name).kind == "line":
                inside.post(form.path, filled(form, **{name: f"Mme{UNSEEN}Houx{'Orme'.join(BREAKS)}!"}))
                if re.search(f"[{UNSEEN}\u2028\u2029\r\n]", "".join(texts_of(kept(world)))):
                    offenders.append((form.path, name))

    assert offenders == []
    assert enrolment(world).household.payer == "MmeHoux Orme Orme Orme Orme !"


def texts_of(value: object) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from texts_of([getattr(value, item.name) for item in dataclass_fields(value)])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)


@pytest.mark.parametrize("end", BREAKS)
def test_a_break_in_a_line_is_a_blank(world: World, inside: Visitor, end: str) -> None:
    form = form_of(inside, f"{STEPS}/foyer")

    inside.post(form.path, filled(form, payeur=f"Mme Houx{end}Réinscription acceptée", urgence_nom=f"M.{end}Merle"))

    household = enrolment(world).household
    assert (household.payer, household.emergency_name) == ("Mme Houx Réinscription acceptée", "M. Merle")


def test_a_remark_keeps_its_lines_whatever_separates_them(world: World, inside: Visitor) -> None:
    form = form_of(inside, f"{STEPS}/eleves/{LEO_KEY}")

    inside.post(form.path, filled(form, remarque="un\rdeux\u2028trois\r\n\r\n\r\n\r\nquatre\u202e"))

    file = enrolment(world).pupil(LEO_KEY)
    assert file
    assert file.draft
    assert file.draft.remark == "un\ndeux\ntrois\n\nquatre"


def test_each_field_whose_words_are_kept_says_how_much_may_be_typed(inside: Visitor) -> None:
    offenders = []
    for path in (each for each in PAGES if each.startswith(AREA)):
        page = plain(html.unescape(inside.get(path).text))
        for name in (each for form in forms_of(page) for each in form.text_fields):
            hint = page.partition(f'id="{name}-aide"')[2].partition("</p>")[0]
            if not re.search(r"\d+ caractères au plus|(Cinq|Six) chiffres", hint) or f'"{name}-aide"' not in page:
                offenders.append((path, name, hint))

    assert offenders == []


def test_what_a_field_says_of_its_length_is_what_is_declared(inside: Visitor) -> None:
    page = plain("".join(html.unescape(inside.get(path).text) for path in PAGES))
    for name in ("payeur", "urgence_nom", "motif_autre", "remarque", "urgence_telephone", "personnes_autorisees"):
        hint = page.partition(f'id="{name}-aide"')[2].partition("</p>")[0]
        assert f"{fields.longest(name)} caractères au plus" in hint
        assert f'aria-describedby="{name}-aide"' in page


def test_a_password_is_never_too_long_to_be_a_wrong_one(world: World, visitor: Visitor) -> None:
    world.settle()

    long, short = (visitor.log_in(password=typed) for typed in ("Aa1" * 4000, "Loriot7Jaune"))

    assert (long.status_code, long.text) == (short.status_code, short.text) == (401, short.text)


def test_a_password_is_looked_at_as_it_was_typed(world: World, visitor: Visitor) -> None:
    world.settle(password="Loriot  6\u2028Jaune")

    assert visitor.log_in(password="Loriot 6 Jaune").status_code == 401
    assert visitor.log_in(password="Loriot  6\u2028Jaune").status_code == 303


def test_a_remark_of_several_lines_begins_none_of_the_receipt_s(world: World, inside: Visitor) -> None:
    file = enrolment(world).pupil(LEO_KEY)
    assert file
    assert file.draft
    draft = replace(file.draft, remark="Après 17 h\n- Payeur : M. Houx")
    answer_all(world, pupils=(replace(file, draft=draft),))
    form = form_of(inside, f"{STEPS}/recapitulatif")

    assert inside.post(form.path, filled(form)).status_code == 303
    world.deliver()

    lines = world.mails()[-1].text.splitlines()
    assert [line for line in lines if line.startswith("- Payeur")] == ["- Payeur : Mme Rossignol"]
    assert "  - Payeur : M. Houx" in lines
