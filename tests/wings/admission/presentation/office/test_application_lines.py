"""An application as lines, for the helpdesk."""

from chalicelib.wings.admission.office.show import application_overview_at
from chalicelib.wings.admission.presentation.office import application_lines
from tests.support.applications import NUMBER
from tests.support.stored_applications import application_of, open_admission, send_again, stored
from tests.support.world import World


def test_who_asks_is_told_with_when_it_was_sent_anew(world: World) -> None:
    open_admission(world)
    application_of(world)
    send_again(world)

    overview = application_overview_at(world.services, stored(world), ("evry-xenakis",), world.now)
    lines = dict(application_lines.household(overview, world.services.settings.network))

    assert lines["Responsable"] == "Mme Inès Geai"
    assert lines["Adresse"] == "4 allée des Tilleuls, 91000 Evry"
    assert lines["Renvoyée"] == "le 5 juillet 2027 à 10 h 00 : c'est ce qui est montré ici"
    assert overview.application.number == NUMBER


def test_each_wish_is_told_and_what_lacks(world: World) -> None:
    open_admission(world)
    application_of(world)

    overview = application_overview_at(world.services, stored(world), ("evry-xenakis",), world.now)
    pupil, standings = overview.pupils[0], overview.wishes[0]

    assert application_lines.pupil_title(pupil) == "Alba Geai (naissance le 14 mars 2018, 9 ans) : envoyée"
    lines = dict(application_lines.pupil(pupil, standings, world.services.settings.network))
    assert lines["Vœu 2"] == "Violon, Débutant, Evry - Magnard"
    assert lines["Manque"] == "Justificatif de domicile"
    assert application_lines.document_text(overview.documents[0]) == "manque"
