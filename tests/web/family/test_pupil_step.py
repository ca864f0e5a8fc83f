"""The page of one pupil: its courses and answers, and no other family's pupil."""

import html
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agency.rights.personal_data import personal_data_text
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.answers import PUPIL_FIELDS, CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Course
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupils
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.rights.subject_access import export
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of
from chalicelib.presentation.texts import field_words
from chalicelib.values import version_of
from tests.support.answers import WHOLE
from tests.support.enrolment import (
    ANSWERED,
    CHANGES,
    CONTINUES,
    EVE_KEY,
    FOYER,
    HOUSEHOLD,
    LEAVES,
    LEO_KEY,
    REF,
    SAVED,
    ZELIE_KEY,
    answer_all,
    enrolment,
    next_season,
    open_season,
)
from tests.support.enrolment_flows import submit_and_decide
from tests.support.enrolment_pages import (
    error_beside,
    page_html,
    post,
    version_in,
    version_of_page,
    wait_for_the_end,
    words_of_page,
)
from tests.support.french import plain
from tests.support.households import change_household
from tests.support.staff import enter
from tests.support.world import Visitor, World

STEP = "/extranet/compte/reinscription/eleves"


def send(visitor: Visitor, key: str, form: dict[str, str]) -> tuple[int, str]:
    return post(visitor, f"{STEP}/{key}", form)


def draft(world: World, key: str) -> PupilAnswers:
    answers = file(world, key).draft
    assert answers
    return answers


def file(world: World, key: str) -> PupilFile:
    pupil_file = enrolment(world).pupil(key)
    assert pupil_file is not None
    return pupil_file


def test_this_year_s_courses_are_shown(inside: Visitor) -> None:
    page = page_html(inside, f"{STEP}/{ZELIE_KEY}")

    for words in (
        "Hautbois",
        "Cycle 1",
        "Mme Saule",
        "mercredi 14 h 30 - 15 h 15",
        "salle Ravel",
        "Formation musicale",
    ):
        assert words in page


def test_a_pupil_of_ten_courses_answers_of_each(world: World, inside: Visitor) -> None:
    ten = replace(HOUSEHOLD.pupils[0], courses=tuple(Course(f"Cours {number}") for number in range(10)))
    change_household(world, guardians=(), pupils=(ten,))
    fields = {f"cours-{number}": "changer" for number in range(1, 11)}
    fields |= {f"discipline-{number}": "Piano" for number in range(1, 11)}
    fields |= {f"jour-{number}-{place}": "mardi" for number in range(1, 11) for place in (1, 2, 3)}

    status, _ = send(
        inside, ZELIE_KEY, {"choix": "oui", "image": "oui", "motif": "", "motif_autre": "", "remarque": "", **fields}
    )

    assert status == 303
    assert len(draft(world, ZELIE_KEY).wishes) == 10


def test_a_pupil_changes_and_says_its_days_in_order(world: World, inside: Visitor) -> None:
    send(inside, LEO_KEY, CHANGES | {"jour-1-2": "mardi", "jour-1-3": "mardi"})
    assert draft(world, LEO_KEY).wishes[0].days == ("mardi",)

    send(inside, LEO_KEY, CHANGES | {"remarque": "Après 17 h,\r\nsi possible."})

    assert draft(world, LEO_KEY) == PupilAnswers(
        stays=True,
        wishes=(CourseWish("Danse classique", "change", "Danse contemporaine", ("mardi", "jeudi")),),
        image_rights=False,
        remark="Après 17 h,\nsi possible.",
    )
    page = page_html(inside, f"{STEP}/{LEO_KEY}")
    assert '<option value="Danse contemporaine" selected>' in page
    assert 'id="cours-1-discipline" name="cours-1" value="discipline" checked' in page
    assert "Après 17 h,\nsi possible." in page
    assert send(inside, LEO_KEY, {"choix": "oui", "cours-1": "changer", "par": "1", "plus_tard": "oui"})[0] == 422
    assert draft(world, LEO_KEY).remark, "to finish later empties nothing that was complete"
    assert send(inside, LEO_KEY, CHANGES | {"cours-1": "continuer", "choix": "non"})[0] == 303


def test_a_pupil_leaves_with_a_reason_or_without_and_comes_back_on_it(world: World, inside: Visitor) -> None:
    send(inside, EVE_KEY, LEAVES)
    assert draft(world, EVE_KEY).reason == "Déménagement"
    send(inside, EVE_KEY, LEAVES | {"motif_autre": "Études à l'étranger"})
    assert draft(world, EVE_KEY).reason == "Études à l'étranger"
    send(inside, EVE_KEY, {"choix": "non", "par": "1"})
    assert draft(world, EVE_KEY).reason == ""

    send(inside, EVE_KEY, {"choix": "oui", "cours-1": "continuer", "image": "oui", "par": "1"})

    assert draft(world, EVE_KEY).stays is True


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({}, "choix", "Dites si l'élève se réinscrit"),
        ({"choix": "oui", "cours-1": "continuer"}, "image", "Répondez par oui ou par non"),
        ({"choix": "oui", "cours-1": "changer"}, "discipline-1", "Choisissez la discipline"),
        (CHANGES | {"discipline-1": "Astronomie", "cours-1": "continuer"}, "discipline-1", "Choisissez la discipline"),
        ({"choix": "oui", "cours-1": "arreter"}, "choix", "Tous les cours sont arrêtés"),
        (CHANGES | {"cours-1": "continuer", "discipline-1": ""}, "cours-1", "et coché autre chose"),
        ({"choix": "oui", "cours-1": "arreter", "discipline-1": "Alto"}, "cours-1", "et coché autre chose"),
    ],
)
def test_each_refusal_is_beside_its_field_and_nothing_is_saved(
    world: World, inside: Visitor, form: dict[str, str], field: str, sentence: str
) -> None:
    status, page = send(inside, LEO_KEY, {"par": "1"} | form)

    assert status == 422
    assert sentence in error_beside(page, field)
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert "rien n'a été enregistré" in page
    assert enrolment(world).pupils == ()


def test_what_contradicts_itself_is_all_shown_again_and_either_way_out_is_taken(world: World, inside: Visitor) -> None:
    fields = CHANGES | {"cours-1": "continuer", "remarque": "Après 17 h"}

    _, page = send(inside, LEO_KEY, fields)

    text = page.partition(">Danse classique</span>")[2]
    assert 'value="continuer" checked' in text
    assert text.count(" shown") == 2
    assert '<option value="Danse contemporaine" selected>' in text
    assert '<option value="mardi" selected>' in text
    assert "Après 17 h</textarea>" in text
    assert send(inside, LEO_KEY, fields | {"cours-1": "changer"})[0] == 303
    plain = dict.fromkeys(("discipline-1", "jour-1-1", "jour-1-2"), "")
    assert send(inside, LEO_KEY, fields | plain)[0] == 303
    assert draft(world, LEO_KEY).wishes == (CourseWish("Danse classique", "keep"),)


def test_what_contradicts_itself_may_wait_and_is_not_sent(world: World, inside: Visitor) -> None:
    status, _ = send(inside, LEO_KEY, CHANGES | {"cours-1": "continuer", "plus_tard": "oui"})

    assert status == 303
    answers = file(world, LEO_KEY).draft
    assert answers
    assert answers.lacking == ("cours-1",)
    assert '<option value="Danse contemporaine" selected>' in page_html(inside, f"{STEP}/{LEO_KEY}")
    summary = page_html(inside, "/extranet/compte/reinscription/recapitulatif")
    assert "Danse classique : à préciser" in summary
    assert f"envoyer-{LEO_KEY}" not in summary


@pytest.mark.parametrize("closed", ["past the last day", "once the office has decided"])
def test_what_is_typed_for_a_closed_pupil_is_shown_unrecorded(world: World, inside: Visitor, closed: str) -> None:
    send(inside, LEO_KEY, CHANGES)
    shown = version_of_page(inside, f"{STEP}/{LEO_KEY}")
    if closed == "past the last day":
        wait_for_the_end(world, inside)
    else:
        submit_and_decide(world, LEO_KEY, "accepted")

    answer = inside.post(f"{STEP}/{LEO_KEY}", LEAVES | {"remarque": "r" * 400, "vu": shown})

    recorded, _, typed = html.unescape(answer.text).partition("qui n'est pas enregistré")
    assert answer.status_code == 422
    assert "Danse classique : change pour Danse contemporaine" in recorded
    assert "Ne se réinscrit pas" not in recorded
    assert "Ne se réinscrit pas (motif : Déménagement)" in typed


def test_a_season_begun_with_the_household_s_answer_asks_and_loses_nothing(world: World, visitor: Visitor) -> None:
    open_season(world)
    unsaid = tuple(replace(each, draft=replace(each.draft, image_rights=None)) for each in ANSWERED if each.draft)
    answer_all(world, household=replace(WHOLE, image_rights=True), pupils=unsaid)
    visitor.log_in()
    opened_before = version_of(unsaid[1].draft)

    assert "Droit à l'image : oui" in words_of_page(page_html(visitor, "/extranet/compte/reinscription/recapitulatif"))
    assert 'id="image-oui" name="image" value="oui" checked' in page_html(visitor, f"{STEP}/{LEO_KEY}")
    old_form = {"choix": "oui", "cours-1": "continuer", "remarque": "Le soir", "par": "1", "vu": opened_before}
    assert visitor.post(f"{STEP}/{LEO_KEY}", old_form).status_code == 303
    assert send(visitor, ZELIE_KEY, CONTINUES)[0] == 303
    foyer = "/extranet/compte/reinscription/foyer"
    assert visitor.post(foyer, FOYER | {"vu": version_of_page(visitor, foyer)}).status_code == 303

    reenrolment = enrolment(world)
    assert reenrolment.household.image_rights is True
    consents = {each.key: each.draft.image_rights for each in reenrolment.pupils if each.draft}
    assert consents == {ZELIE_KEY: False, LEO_KEY: True, EVE_KEY: True}


@pytest.mark.parametrize("choice", ["oui", "non"])
def test_last_year_s_consent_is_told_unticked_and_stands(world: World, visitor: Visitor, choice: str) -> None:
    open_season(world)
    leo = ANSWERED[1]
    assert leo.draft
    answer_all(world, pupils=(replace(leo, draft=replace(leo.draft, image_rights=choice == "oui")),))
    reenrolment = enrolment(world)
    world.services.enrolments.change(reenrolment, submit(reenrolment, reenrolment.pupils, "R27-AAAA-BBBB", SAVED))
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, f"{STEP}/{LEO_KEY}")

    assert f"L'an dernier : {choice}. Sans nouvelle réponse, elle est gardée." in page
    assert "ensuite, en écrivant à xenakis@extranet.example.fr ou au délégué" in words_of_page(page)
    assert "checked" not in page.partition('id="image"')[2].partition("</fieldset>")[0]
    assert send(visitor, LEO_KEY, {"choix": "oui", "cours-1": "continuer", "par": "1"})[0] == 303
    (leo,) = world.services.enrolments.find(replace(REF, season="2028")).pupils
    assert leo.draft
    assert leo.draft.image_rights is (choice == "oui")


def test_another_day_keeps_the_discipline_and_another_discipline_must_be_named(world: World, inside: Visitor) -> None:
    day = {"choix": "oui", "cours-1": "jour", "jour-1-1": "mardi", "image": "non", "par": "1"}
    assert "Un autre jour (cette année : mercredi 14 h 30 - 15 h 15)" in page_html(inside, f"{STEP}/{ZELIE_KEY}")

    for form in (day, day | {"cours-1": "changer"}):
        assert send(inside, LEO_KEY, form)[0] == 303
        wish = CourseWish("Danse classique", "change", "Danse classique", ("mardi",))
        assert draft(world, LEO_KEY).wishes == (wish,)
    page = page_html(inside, f"{STEP}/{LEO_KEY}")
    assert 'value="jour" checked' in page
    assert '<option value="mardi" selected>' in page
    summary = page_html(inside, "/extranet/compte/reinscription/recapitulatif")
    assert "Danse classique : continue, à un autre moment ; jours souhaités, dans l'ordre : mardi" in summary
    assert send(inside, LEO_KEY, day | {"jour-1-1": ""})[0] == 303
    assert send(inside, LEO_KEY, day | {"cours-1": "discipline"})[0] == 422
    status, page = send(inside, LEO_KEY, day | {"discipline-1": "Alto"})
    assert status == 422
    assert 'value="jour" checked' in page
    assert "et coché autre chose" in page
    keeps = {"choix": "oui", "cours-1": "continuer", "discipline-1": "Danse classique", "image": "non", "par": "1"}
    assert send(inside, LEO_KEY, keeps)[0] == 303, "one's own discipline is no contradiction"
    assert draft(world, LEO_KEY).wishes == (CourseWish("Danse classique", "keep"),)


def test_one_discipline_more_is_told_everywhere_and_asks_for_its_documents(world: World, inside: Visitor) -> None:
    more = {"cours-plus": "oui", "discipline-plus": "Danse contemporaine", "jour-plus-1": "jeudi"}
    assert send(inside, ZELIE_KEY, CONTINUES | more)[0] == 303

    assert draft(world, ZELIE_KEY).wishes[-1] == CourseWish("Danse contemporaine", "add", days=("jeudi",))
    page = page_html(inside, f"{STEP}/{ZELIE_KEY}")
    assert 'name="cours-plus" value="oui" checked' in page
    assert '<option value="Danse contemporaine" selected>' in page
    summary = words_of_page(page_html(inside, "/extranet/compte/reinscription/recapitulatif"))
    assert "Danse contemporaine : une discipline de plus ; jours souhaités, dans l'ordre : jeudi" in summary
    papers = words_of_page(page_html(inside, "/extranet/compte/reinscription/pieces"))
    assert "Certificat médical pour la danse, Zélie Rossignol" in papers

    assert send(inside, ZELIE_KEY, CONTINUES)[0] == 303
    assert [wish.choice for wish in draft(world, ZELIE_KEY).wishes] == ["keep", "keep"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"cours-plus": "oui"}, "discipline-plus", "Choisissez la discipline à ajouter"),
        ({"cours-plus": "oui", "discipline-plus": "Luth"}, "discipline-plus", "Choisissez la discipline à ajouter"),
        ({"discipline-plus": "Danse contemporaine"}, "cours-plus", "sans cocher « Ajouter une discipline »"),
    ],
)
def test_a_discipline_more_is_named_and_its_box_is_ticked(
    world: World, inside: Visitor, fields: dict[str, str], field: str, sentence: str
) -> None:
    status, page = send(inside, ZELIE_KEY, CONTINUES | fields)

    assert status == 422
    assert sentence in error_beside(page, field)
    assert enrolment(world).pupils == ()
    leaves = LEAVES | fields | ({"discipline-plus": ""} if "Luth" in fields.values() else {})
    assert send(inside, ZELIE_KEY, leaves)[0] == 303


def test_another_guardian_s_answers_stand_beside_one_s_own_a_button_keeps_one(world: World, inside: Visitor) -> None:
    path = f"{STEP}/{LEO_KEY}"
    shown = version_of_page(inside, path)
    assert inside.post(path, CHANGES | {"vu": shown}).status_code == 303

    mine = {"choix": "oui", "cours-1": "jour", "jour-1-1": "lundi", "image": "oui", "par": "1"}
    answer = inside.post(path, mine | {"vu": shown})

    assert answer.status_code == 422
    page = html.unescape(answer.text).replace("\u00a0", " ").replace("’", "'")
    assert "M. Côme Rossignol a enregistré les siennes le 2 juin 2027 à 20 h 00." in page
    compared = words_of_page(page.partition('class="conflict"')[2].partition("</section>")[0])
    assert "Danse classique Vous : continue, à un autre moment ; jours souhaités, dans l'ordre : lundi" in compared
    assert "M. Côme Rossignol : change pour Danse contemporaine" in compared
    assert "Droit à l'image Vous : oui M. Côme Rossignol : non" in compared
    assert "Réinscription Vous" not in compared
    assert 'href="/extranet/compte/reinscription/foyer">Garder celles de M. Côme Rossignol</a>' in page
    assert inside.post(path, mine | {"vu": version_in(page)}).status_code == 303
    assert draft(world, LEO_KEY).image_rights is True


def test_an_added_discipline_without_a_name_may_wait_and_is_told_as_lacking(world: World, inside: Visitor) -> None:
    vague = {"choix": "oui", "cours-1": "discipline", "cours-plus": "oui", "par": "1"}

    status, page = send(inside, LEO_KEY, vague)
    assert status == 422
    assert [f'id="{name}-erreur"' in page for name in ("discipline-1", "discipline-plus", "image")] == [True] * 3

    assert send(inside, LEO_KEY, vague | {"plus_tard": "oui"})[0] == 303
    assert draft(world, LEO_KEY).lacking == ("discipline-1", "discipline-plus", "image")
    assert 'name="cours-plus" value="oui" checked' in page_html(inside, f"{STEP}/{LEO_KEY}")
    summary = words_of_page(page_html(inside, "/extranet/compte/reinscription/recapitulatif"))
    assert "Une discipline à choisir : une discipline de plus" in summary


def test_a_consent_is_withdrawn_when_all_else_is_decided_and_counts_at_once(world: World, inside: Visitor) -> None:
    path = f"{STEP}/{LEO_KEY}"
    send(inside, LEO_KEY, CHANGES | {"image": "oui"})
    submit_and_decide(world, LEO_KEY, "accepted")
    page = page_html(inside, path)
    assert page.count("<form") == 2  # its own, and « Déconnexion »
    assert 'id="image-oui" name="image" value="oui" checked' in page
    assert send(inside, LEO_KEY, {"quoi": "image", "par": "1"})[0] == 422

    assert send(inside, LEO_KEY, {"quoi": "image", "image": "non", "par": "1"})[0] == 303

    leo = file(world, LEO_KEY)
    assert leo.sent
    assert (leo.state, leo.draft, leo.sent.answers.image_rights) == ("accepted", None, False)
    assert leo.verdict == "accepted"
    text = words_of_page(page_html(inside, path))
    assert "Droit à l'image : non" in text
    assert "par Mme Aimée Rossignol" in text
    assert send(inside, LEO_KEY, {"quoi": "image", "image": "oui", "par": "1", "choix": "non"})[0] == 303
    assert file(world, LEO_KEY).state == "accepted"


def test_of_two_courses_a_refusal_names_the_one_that_it_is_about(inside: Visitor) -> None:
    form = {"choix": "oui", "cours-1": "continuer", "cours-2": "discipline", "par": "1"}

    status, page = send(inside, ZELIE_KEY, form)

    assert status == 422
    assert "Formation musicale : choisissez la discipline souhaitée" in page
    assert 'role="group" aria-labelledby="titre-cours-2"' in page


def test_each_declared_field_is_on_the_page_and_at_every_station_after_it(world: World, inside: Visitor) -> None:
    """A field that is declared, and missed by one station, is named here (CONTRIBUTING, « Add a field »)."""
    values: dict[str, Any] = {
        field.attribute: f"dit {field.name}" if field.is_typed else True for field in PUPIL_FIELDS
    }
    before = ANSWERED[0].draft
    assert before
    answer_all(world, pupils=(replace(ANSWERED[0], draft=replace(before, **values)), *ANSWERED[1:]))
    form, summary = page_html(inside, f"{STEP}/{ZELIE_KEY}"), "/extranet/compte/reinscription/recapitulatif"
    stations = {"summary": inside.get(summary).text}
    sending = {f"envoyer-{key}": "oui" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)}
    inside.post(summary, sending | {"vu": version_of_page(inside, summary), "par": "1"})
    state = enrolment(world)
    assert state.receipts, "nothing was sent"
    stations["receipt"] = inside.get(f"/extranet/compte/reinscription/recus/{state.receipts[-1].number}").text
    world.deliver_patiently()
    stations["mail"] = world.mails()[-1].text
    [row, *_] = rows_of(next(iter(pupils(world.services, PupilQuery(), world.now))))
    data = export(world.services, HelpdeskCase("xen1", None, Author("Mme Houx", "appel")), world.now)
    stations["copy of data"] = personal_data_text(
        data, world.services.record.pseudonyms, world.services.settings.network
    )
    enter(world, inside)
    stations["desk"] = inside.get("/extranet/bureau/reinscriptions/evry-xenakis/xen1").text

    assert [field.name for field in PUPIL_FIELDS if f'name="{field.name}"' not in form] == []
    fields = [field for field in PUPIL_FIELDS if field.is_listed]
    missing = {
        (station, field.name)
        for station, text in stations.items()
        for field in fields
        if (f"dit {field.name}" if field.is_typed else field_words(field).title) not in plain(html.unescape(text))
    }
    assert missing == set()
    cells = dict(zip(HEADINGS, row, strict=True))
    columns = {field_words(field).column or field_words(field).title for field in PUPIL_FIELDS} - {"Réinscription"}
    assert [heading for heading in columns if not cells.get(heading)] == []
    paper = Path("docs/enrolments-export.md").read_text("utf-8")
    assert [heading for heading in columns if heading not in paper] == []
