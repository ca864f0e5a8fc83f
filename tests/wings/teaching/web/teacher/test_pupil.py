"""The page of one pupil in one of a teacher's courses."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from werkzeug.test import TestResponse

from chalicelib import wiring
from chalicelib.domain.enrolment.opinions import Leaning, OpinionText
from tests.support.opinions import MARCH, enter_in_march, opinion_ref, say
from tests.support.staff import enter
from tests.support.teaching import (
    BASILE,
    MESANGE,
    VIOLIN,
    ZELIE,
    enter_as_teacher,
    lend,
    pupil_address,
    stores,
    teaching,
)
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE = pupil_address(ROSSIGNOL, ZELIE)
REF = opinion_ref(ROSSIGNOL, ZELIE)
OCTOBER = datetime(2027, 10, 6, 12, 0, tzinfo=UTC)
SUBSTITUTE = "verdier@example.org"


def shown(visitor: Visitor, page: str = PAGE) -> dict[str, str]:
    """Read the fields of the form."""
    form = visitor.get(page).text.partition(f'action="{page}/avis"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    words = re.search(r'<textarea id="avis_mots"[^>]*>\n([^<]*)</textarea>', form)
    match = re.search(r'value="(\w+)" checked', form)
    return fields | {"avis": match[1] if match else "", "avis_mots": unescape(words[1]) if words else ""}


def give(visitor: Visitor, leaning: str = "reserved", page: str = PAGE, **values: str) -> TestResponse:
    return visitor.post(f"{page}/avis", shown(visitor, page) | {"avis": leaning} | values)


def stored(world: World) -> OpinionText:
    return stores(world).opinions.find(REF).said


def test_a_teacher_gives_an_opinion_and_reads_it_again(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)

    answer = give(visitor, "reserved", avis_mots="Travaille peu.\nManque souvent.")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?avis={REF.pupil.key}")
    assert stored(world) == OpinionText("reserved", "Travaille peu.\nManque souvent.")
    page = visitor.get(answer.headers["Location"]).text
    assert "L'avis sur Zélie Rossignol est enregistré" in page
    assert "Avis réservé le 3 mars 2027 à 14 h 00, par Gaspard Roitelet" in page
    assert shown(visitor) | {"jeton": "", "vu": ""} == {
        "avis": "reserved",
        "avis_mots": "Travaille peu.\nManque souvent.",
        "jeton": "",
        "vu": "",
    }


def test_saving_leads_on_to_the_next_pupil_without_an_opinion(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    basile = pupil_address(MESANGE, BASILE)
    assert "Enregistrer et passer à Basile Mésange" in visitor.get(PAGE).text

    answer = give(visitor, suite="oui")

    assert answer.headers["Location"] == f"{basile}?avis={REF.pupil.key}"
    page = visitor.get(answer.headers["Location"]).text
    assert "L'avis sur Zélie Rossignol est enregistré" in page
    assert "Enregistrer et passer à" not in page
    assert give(visitor, page=basile, suite="oui").headers["Location"].partition("?")[0] == basile


def test_a_form_that_is_refused_is_shown_again_as_it_was_typed(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    without = give(visitor, "", avis_mots="Travaille peu.")
    long = give(visitor, "favourable", avis_mots="a" * 1001)

    assert (without.status_code, long.status_code) == (422, 422)
    assert '<a href="#avis">Choisissez un avis' in without.text
    assert "Travaille peu.</textarea>" in without.text
    assert '<a href="#avis_mots">Ce texte est trop long : il faut au plus 1000 caractères.' in long.text
    assert 'value="favourable" checked' in long.text
    assert "a" * 1001 in long.text
    assert stored(world) == OpinionText()


@pytest.mark.parametrize("theirs", ["favourable", "reserved"])
def test_a_colleague_s_new_opinion_is_shown_and_one_s_own_kept(world: World, visitor: Visitor, theirs: Leaning) -> None:
    enter_in_march(world, visitor)
    form = shown(visitor)
    say(world, REF, theirs, "Très assidue.")

    refused = visitor.post(f"{PAGE}/avis", form | {"avis": "unfavourable", "avis_mots": "Ne vient plus."})

    assert refused.status_code == 422
    assert "un autre avis a été enregistré pour cet élève" in refused.text
    assert "« Très assidue. »" in unescape(refused.text).replace("\N{NO-BREAK SPACE}", " ")
    assert "Ne vient plus.</textarea>" in refused.text
    assert stored(world) == OpinionText(theirs, "Très assidue.")
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', refused.text))
    assert visitor.post(f"{PAGE}/avis", form | again | {"avis": "unfavourable"}).status_code == 303
    assert stored(world).leaning == "unfavourable"


def test_a_refused_form_does_not_count_as_having_read_a_colleague_s(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    form = shown(visitor)
    say(world, REF, "favourable")
    answer = visitor.post(f"{PAGE}/avis", form | {"avis": ""})

    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))

    assert visitor.post(f"{PAGE}/avis", form | again | {"avis": "reserved"}).status_code == 422
    assert stored(world).leaning == "favourable"


def test_outside_its_days_a_sentence_stands_in_the_form_s_place(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    form = shown(visitor)
    say(world, REF, "reserved")
    world.now = OCTOBER
    enter(world, visitor, "roitelet@example.org")
    say(world, opinion_ref(ROSSIGNOL, ZELIE, season="2028"), "favourable")

    page = visitor.get(PAGE).text
    answer = visitor.post(f"{PAGE}/avis", form | {"avis": "unfavourable"})

    assert "Les avis sur les réinscriptions se donnent du 1er novembre au 31 juillet." in page
    assert f'action="{PAGE}/avis"' not in page
    assert "Avis favorable le 6 octobre 2027" in page
    assert answer.status_code == 422
    assert "rien n'a été enregistré" in answer.text
    assert stored(world).leaning == "reserved"


def test_a_substitute_gives_an_opinion_and_another_teacher_none(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    form = shown(visitor)
    enter(world, visitor, SUBSTITUTE, role="teacher")
    fields = {name: value for name, value in form.items() if name != "jeton"}
    assert visitor.post(f"{PAGE}/avis", fields | {"avis": "reserved"}).status_code == 404

    lend(world, VIOLIN, SUBSTITUTE, MARCH.date(), MARCH.date())

    assert give(visitor, "reserved").status_code == 303
    assert stored(world).leaning == "reserved"


def test_between_its_days_the_page_says_when_opinions_are_given(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)
    teaching(world, opinions_from="04-01", opinions_until="02-28")

    with wiring.using(world.services):
        page = visitor.get(PAGE).text

    assert "Les avis sur les réinscriptions se donnent du 1er avril au 28 février." in page
    assert "Enregistrer l'avis" not in page


def test_a_key_that_is_no_pupil_s_says_nothing(world: World, visitor: Visitor) -> None:
    enter_in_march(world, visitor)

    assert "est enregistré" not in visitor.get(f"{PAGE}?avis=%3Cb%3E").text


def test_a_teacher_sees_a_pupil_with_age_level_and_the_own_courses(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(pupil_address(ROSSIGNOL, ZELIE))

    assert page.status_code == 200
    assert "<h1>Zélie Rossignol</h1>" in page.text
    assert "<dd>11 ans</dd>" in page.text
    assert "Cycle 1 - 2e année" in page.text
    assert "Violon</a>, mercredi 14 h 30 - 15 h 15, salle Lully" in page.text
    assert "Ensemble à cordes" in page.text
    assert "rossignol@example.org" not in page.text
