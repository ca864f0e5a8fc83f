"""The forms that correct a family's file: the family's own checks, and the datum as the family reads it."""

import re
from dataclasses import replace
from html import unescape

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.web.office.corrections import FORMS
from tests.support.answers import WHOLE
from tests.support.desk_acts import DECLARED
from tests.support.desk_family import FILE, PROOF, send, settle
from tests.support.enrolled_families import keep, new_enrolment
from tests.support.enrolment import IN_JUNE
from tests.support.forms import forms_of
from tests.support.households import HOUSEHOLD
from tests.support.staff import MANAGER, enter
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

SAYS = "garde un numéro remplacé"
PUPIL = next(iter(HOUSEHOLD.pupils_by_key))
# What changes nothing in a family's file, or only mails the addresses that are on it.
UNPROVEN = {"deblocage", "mot-de-passe", "note", "suppression", "suivi", "delai", "appel", "mails", "acces", "annuler"}


def test_every_act_that_changes_a_family_s_file_asks_for_a_proof_again() -> None:
    acts = {act.path.rpartition("/")[2]: act for act in DECLARED if act.path.startswith(FILE.rpartition("/evry")[0])}

    assert {form.path for form in FORMS} < acts.keys()
    assert {name for name, act in acts.items() if not act.is_proven_again} == UNPROVEN


@pytest.mark.parametrize(
    ("form", "fields", "sentence"),
    [
        ("numero telephone", {"responsable": "1", "telephone": "0699"}, "Ce numéro de téléphone n'est pas complet"),
        ("numero telephone", {"responsable": "1", "telephone": ""}, "Saisissez le nouveau numéro"),
        ("adresse-postale", {"voie": "", "code_postal": "9100", "ville": ""}, "Indiquez"),
        ("qui-paie payeur", {"payeur": ""}, "Indiquez qui paie"),
        (f"eleve-{PUPIL} eleve", {"nom": "", "naissance": ""}, "Saisissez le prénom et le nom"),
        (f"eleve-{PUPIL} eleve", {"nom": "Zoé", "naissance": "01/03/2099"}, "Cette date est à venir"),
        (f"eleve-{PUPIL} eleve", {"nom": "Zoé", "naissance": "hier"}, "Cette date ne se lit pas"),
    ],
)
def test_the_office_s_forms_have_the_family_s_checks(
    world: World, visitor: Visitor, form: str, fields: dict[str, str], sentence: str
) -> None:
    settle(world)
    before = world.account()
    enter(world, visitor)

    act, _, path = form.partition(" ")
    answer = send(visitor, act, path, **fields)

    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert re.search(rf'<details class="act" id="{act}" open>', answer.text)
    assert world.account() == before


def test_beside_each_form_stands_what_the_family_reads(world: World, visitor: Visitor) -> None:
    world.now = IN_JUNE
    settle(world)
    enter(world, visitor)

    versions = re.findall(
        r'<p class="as-seen"><strong>La famille le voit ainsi :</strong><br>(.*?)</p>',
        unescape(visitor.get(FILE).text),
        re.DOTALL,
    )

    texts = [" ".join(re.sub("<[^>]+>", " ", one).split()) for one in versions]
    assert texts[1:3] == [" ".join(HOUSEHOLD.address), HOUSEHOLD.payer or "Pas encore indiqué."]
    assert f"{HOUSEHOLD.pupils[0].name} Date de naissance" in texts[3]


def test_a_replaced_telephone_that_is_still_the_emergency_contact_is_said(world: World, visitor: Visitor) -> None:
    world.now = IN_JUNE
    settle(world)
    contact = replace(WHOLE, emergency_name="Mme Rossignol", emergency_telephone="01 99 00 12 34")
    keep(world, new_enrolment(ROSSIGNOL, ()).with_household(contact, SavedBy("Mme Rossignol", IN_JUNE)))
    enter(world, visitor)
    assert SAYS not in visitor.get(FILE).text

    answer = send(visitor, "numero", "telephone", **PROOF, responsable="1", telephone="06 39 98 01 02")

    page = visitor.get(answer.headers["Location"]).text
    assert SAYS in page
    ((query, form),) = re.findall(r'href="(\?ouvrir=(urgence[^"]*))#', page)
    assert f'<details class="act" id="{form}" open>' in visitor.get(f"{FILE}{query}").text
    send(visitor, form, "urgence", urgence_nom="Mme Rossignol", urgence_telephone="06 39 98 01 02")
    assert SAYS not in visitor.get(FILE).text


def test_each_correction_and_change_of_addresses_is_taken_back_by_one_click(world: World, visitor: Visitor) -> None:
    def act(form: str, path: str, **fields: str) -> str:
        answer = send(visitor, form, path, **PROOF, **fields)
        return visitor.get(answer.headers["Location"]).text

    def owner_of(path: str, field: str) -> str:
        forms = (form for form in forms_of(visitor.get(FILE).text) if form.path.endswith(path))
        return next(owner for form in forms if (owner := form.fields.get(field)))

    settle(world)
    enter(world, visitor, MANAGER)
    address = {"voie": "8 rue du Bac", "code_postal": "91000", "ville": "Evry"}
    for form, path, fields in (
        ("numero", "telephone", {"responsable": "1", "telephone": "06 39 98 01 02"}),
        ("adresse-postale", "adresse-postale", address),
        ("adresses", "adresses", {"courriel": "nouvelle@example.org"}),
        ("adresses", "adresses", {"courriel": "nouvelle@example.org", "adresse": EMAIL}),
        ("retrait", "adresses", {"adresse": EMAIL}),
        ("ajout-responsable", "responsables", {"nom": "Mme Ida Pie"}),
        ("ajout-eleve", "eleves", {"nom": "Zoé Pie", "naissance": "05/04/2016"}),
    ):
        before = world.account()
        _undo(visitor, act(form, path, **fields))
        assert (world.account().household, world.account().emails) == (before.household, before.emails), path

    for path, field, fields in (
        ("responsables", "responsable", {"nom": "Mme Ida Pie"}),
        ("eleves", "eleve", {"nom": "Zoé Pie", "naissance": "05/04/2016"}),
    ):
        name = {"responsables": "ajout-responsable", "eleves": "ajout-eleve"}[path]
        act(name, path, **fields)
        owner, before = owner_of(path, field), world.account()
        page = act(f"{name}-{owner}", path, **{field: owner})
        assert world.account().household != before.household
        _undo(visitor, page)
        assert world.account().household == before.household
    world.deliver_patiently()
    subjects = {mail.subject.partition(" de votre dossier")[0] for mail in world.mails()}
    assert subjects == {"Les responsables", "Les élèves"}, "of the two additions that stand"


def _undo(visitor: Visitor, page: str) -> None:
    """Take back by the one button of a confirmation."""
    (undo,) = (form for form in forms_of(page) if form.path.endswith("/annuler"))
    assert "avant que le mail parte" in page
    after = visitor.get(visitor.post(undo.path, undo.fields).headers["Location"]).text
    assert "La correction est annulée : le dossier est comme avant, aucun mail ne part." in after
