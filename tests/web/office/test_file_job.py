"""The page of a file's job: its changes, applied with a password, followed, cancelled, erased."""

import re
from typing import Any

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.enrolment.export import EXPORT_TRAIL
from chalicelib.office.jobs.jobs import find_job, list_jobs
from chalicelib.office.jobs.uploads import FILE, folder_of
from tests.support.desk_work import deliver_all, read_job
from tests.support.french import plain
from tests.support.imports import csv, drop, form_of, ref, row
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, enter
from tests.support.world import Visitor, World

PAGE = f"{DESK}/fichiers"


@pytest.fixture(autouse=True)
def manager(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)


def given(world: World, visitor: Visitor, content: bytes) -> DeskJob:
    """Have a file studied."""
    drop(world, visitor, content)
    answer = visitor.post(f"{PAGE}/etude", form_of(visitor.get(PAGE).text, f"{PAGE}/etude"))
    deliver_all(world)
    job = find_job(world.services, answer.headers["Location"].rpartition("/")[2])
    assert job is not None
    return job


def path_of(job: DeskJob) -> str:
    return f"{PAGE}/travaux/{job.id}"


def act(visitor: Visitor, job: DeskJob, name: str, **fields: str) -> Any:
    """Send a form of the page."""
    action = f"{path_of(job)}/{name}"
    return visitor.post(action, form_of(visitor.get(path_of(job)).text, action) | fields)


def applied(world: World, visitor: Visitor, content: bytes, **fields: str) -> DeskJob:
    job = given(world, visitor, content)
    assert act(visitor, job, "application", mot_de_passe=PASSWORD, **fields).status_code == 303
    deliver_all(world)
    return read_job(world, job)


FIVE = csv([row(number) for number in range(1, 6)])


def test_the_page_shows_what_the_command_shows(world: World, visitor: Visitor) -> None:
    job = given(world, visitor, csv([row(1), "evry-xenakis;;Famille sans identifiant;grive@example.org;;;;;;"]))

    page = visitor.get(path_of(job)).text

    assert "Lignes lues : 2 ; laissées de côté : 1. Familles : 1." in page
    assert "Erreurs (lignes laissées de côté) : 1" in page
    assert "Il n'y a pas d'identifiant. La ligne est laissée de côté." in page
    assert "Nouvelles : 1" in page
    assert "Rien n'est encore enregistré." in page


def test_a_file_is_applied_with_the_password_again(world: World, visitor: Visitor) -> None:
    job = given(world, visitor, csv([row(1)]))

    refusal = act(visitor, job, "application", mot_de_passe="autre chose")
    assert (refusal.status_code, read_job(world, job).state) == (422, "ready")

    answer = act(visitor, job, "application", mot_de_passe=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path_of(job)}?fait=applique")
    assert "en cours d'application" in visitor.get(answer.headers["Location"]).text
    deliver_all(world)
    assert "en cours" not in visitor.get(answer.headers["Location"]).text

    text = plain(visitor.get(f"{PAGE}/appliques").text)
    pattern = r"Odile Fauvette.*déposé au bureau.*Nouvelles : 1</td>\s*<td data-label=.Terminé.>1er septembre 2026"
    assert re.search(pattern, text, re.DOTALL)
    page = visitor.get(path_of(job)).text
    assert world.account(ref(1)).name == "Famille Rousserolle 1"
    assert "terminé" in page
    assert "Ce qui a été fait" in page
    assert "Confirmé par Odile Fauvette" in page
    assert folder_of(job) + FILE not in world.aws.documents(world.resources)


def test_families_gone_are_disabled_where_both_boxes_are_ticked(world: World, visitor: Visitor) -> None:
    applied(world, visitor, FIVE)
    job = given(world, visitor, csv([row(1), row(2), row(3)]))
    page = visitor.get(path_of(job)).text
    assert "Familles à désactiver : 2 sur 5" in page
    assert (page.count("Rien n'est encore enregistré"), page.count("Rien n'a été enregistré")) == (1, 0)

    refusal = act(visitor, job, "application", mot_de_passe=PASSWORD, desactiver="oui")

    assert refusal.status_code == 422
    assert "plus d'une sur cinq" in refusal.text
    assert 'name="desactiver" value="oui" checked' in refusal.text
    answer = act(visitor, job, "application", mot_de_passe=PASSWORD, desactiver="oui", accord="oui")
    assert answer.status_code == 303
    deliver_all(world)
    assert world.account(ref(5)).disabled


def test_an_identifier_that_is_another_familys_has_a_box_of_its_own(world: World, visitor: Visitor) -> None:
    applied(world, visitor, csv([row(1), row(2).replace("Zoé", "Ana"), row(3)]))
    pie = row(2, "Famille Pie").replace("Odile Rousserolle", "Luc Pie").replace("Zoé Rousserolle", "Tom Pie")
    job = given(world, visitor, csv([row(1), pie.replace("rousserolle2@", "pie@"), row(3)]))

    page = visitor.get(path_of(job)).text
    assert "Identifiants repris ? (au dossier, c'est une autre famille) : 1" in page
    assert "Identifiants repris ? 1 (NOTE 2) : le nom, les responsables et les élèves diffèrent tous" in page
    assert 'name="accord"' not in page
    refusal = act(visitor, job, "application", mot_de_passe=PASSWORD, accord="oui")
    assert (refusal.status_code, 'id="repris-erreur"' in refusal.text, "--yes" in refusal.text) == (422, True, False)
    assert act(visitor, job, "application", mot_de_passe=PASSWORD, repris="oui").status_code == 303
    deliver_all(world)

    assert (read_job(world, job).state, world.account(ref(2)).name) == ("done", "Famille Pie")


def test_a_wrong_file_is_refused_in_the_words_of_the_command(world: World, visitor: Visitor) -> None:
    job = given(world, visitor, b"Site;Nom de famille\nevry-xenakis;Rossignol")

    page = visitor.get(path_of(job)).text

    assert "Il manque ces colonnes : « Identifiant »" in page
    assert "network.toml" not in page
    assert act(visitor, job, "effacement").headers["Location"] == f"{PAGE}?fait=efface"
    assert (find_job(world.services, job.id), world.aws.documents(world.resources)) == (None, {})


def test_every_line_of_a_report_can_be_downloaded_and_is_no_formula(world: World, visitor: Visitor) -> None:
    content = csv([row(number, "=Famille" if number == 1 else "") for number in range(1, 61)])
    job = given(world, visitor, content)
    assert visitor.get(path_of(job)).text.count("Famille Rousserolle") < 60
    (address,) = set(
        re.findall(r'href="([^"]+)">(?:Télécharger )?toutes? les lignes', visitor.get(path_of(job)).text, re.IGNORECASE)
    )

    answer = visitor.get(address)

    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "text/csv; charset=utf-8", 'attachment; filename="compte-rendu-2026-09-01.csv"',
    )  # fmt: skip
    headings, *lines, _ = answer.text.split("\r\n")
    assert headings == "\ufeffQuoi;Ligne;Site;Identifiant;Famille;Colonne;Au dossier;Dans le fichier;Remarque"
    assert lines[0] == "Nouvelles;2;Evry - Xénakis;NOTE 1;'=Famille;;;;"
    assert len(lines) == 60
    (note,) = world.services.audit_trail.on("*", EXPORT_TRAIL)
    assert note.author.why == "Fichier annuel des familles"
    enter(world, visitor, SECRETARY)
    assert visitor.get(address).status_code == 404


def test_a_job_at_work_is_followed_only_where_that_is_asked_for(world: World, visitor: Visitor) -> None:
    drop(world, visitor, csv([row(1)]))
    visitor.post(f"{PAGE}/etude", form_of(visitor.get(PAGE).text, f"{PAGE}/etude"))
    (job,) = list_jobs(world.services)

    assert "Refresh" not in visitor.get(path_of(job)).headers
    assert visitor.get(f"{path_of(job)}?suivre=oui").headers["Refresh"] == "5"
    deliver_all(world)
    assert "Refresh" not in visitor.get(f"{path_of(job)}?suivre=oui").headers


def test_a_page_from_before_a_confirmation_does_not_give_up_what_is_applied(world: World, visitor: Visitor) -> None:
    job = given(world, visitor, csv([row(1)]))
    action = f"{path_of(job)}/abandon"
    seen = form_of(visitor.get(path_of(job)).text, action)
    act(visitor, job, "application", mot_de_passe=PASSWORD)

    answer = visitor.post(action, seen)

    assert (answer.status_code, read_job(world, job).state) == (422, "applying")
    assert "quelqu'un d'autre l'a confirmé" in answer.text
    assert act(visitor, job, "abandon").status_code == 303
    assert read_job(world, job).state == "cancelled"


@pytest.mark.parametrize("name", ["0" * 20, "x", "a" * 2000])
def test_a_job_that_is_not_there_is_not_found(visitor: Visitor, name: str) -> None:
    assert visitor.get(f"{PAGE}/travaux/{name}").status_code == 404


# A secretary, of one site.

FOREIGN = "ris-orangis-messiaen"


@pytest.fixture
def secretary(world: World, front: object) -> Visitor:
    browser = Visitor(front)
    enter(world, browser, SECRETARY)
    return browser


def test_a_secretary_studies_and_a_manager_applies_a_file(world: World, visitor: Visitor, secretary: Visitor) -> None:
    applied(world, visitor, csv([row(1), row(1, "Famille Secrète", FOREIGN), row(2, "Famille Partante", FOREIGN)]))
    content = csv(
        [row(1, "Famille Grive"), row(1, "Famille Cachée", FOREIGN), row(3, site=FOREIGN), row(4, site="Nulle")]
    )

    job = given(world, secretary, content)

    page = plain(secretary.get(path_of(job)).text)
    assert "Lignes lues : 2 ; laissées de côté : 1. Familles : 1." in page
    assert "Lignes d'autres sites, laissées de côté : 2." in page
    assert [name for name in ("Grive", "Rousserolle 1", "Secrète", "Cachée", "Partante") if name in page] == [
        *("Grive", "Rousserolle 1")
    ]
    assert FOREIGN not in page
    assert "Ris Orangis" not in page
    assert "un responsable du réseau" in page
    assert "/application" not in page
    assert "Basile Troglodyte" in visitor.get(PAGE).text
    before = world.account(ref(1, FOREIGN))
    assert act(visitor, job, "application", mot_de_passe=PASSWORD).status_code == 303
    deliver_all(world)
    assert (world.account(ref(1)).name, world.account(ref(1, FOREIGN))) == ("Famille Grive", before)
    assert list(world.services.accounts.all(FOREIGN)) == [before, world.account(ref(2, FOREIGN))]
    assert world.account(ref(2, FOREIGN)).gone_at is None


def test_a_secretary_applies_nothing_and_sees_no_other_job(world: World, visitor: Visitor, secretary: Visitor) -> None:
    others = applied(world, visitor, csv([row(1)]))
    job = given(world, secretary, csv([row(1)]))
    form = form_of(secretary.get(path_of(job)).text, f"{path_of(job)}/abandon")

    page = secretary.get(PAGE).text
    assert (path_of(job) in page, path_of(others) in page, "appliqués depuis un an" in page) == (True, False, False)
    assert secretary.get(path_of(others)).status_code == 404
    answer = secretary.post(f"{path_of(job)}/application", form | {"mot_de_passe": PASSWORD})
    assert (answer.status_code, read_job(world, job).state) == (404, "ready")
    assert act(visitor, job, "application", mot_de_passe=PASSWORD).status_code == 303
    assert secretary.post(f"{path_of(job)}/abandon", form | {"vu": "applying"}).status_code == 422
    assert read_job(world, job).state == "applying"
    deliver_all(world)
    assert secretary.post(f"{path_of(job)}/effacement", form).status_code == 422
    assert "Ce qui a été fait" in secretary.get(path_of(job)).text


def test_a_file_of_other_sites_alone_is_refused_in_words(world: World, secretary: Visitor) -> None:
    job = given(world, secretary, csv([row(1, site=FOREIGN), row(2, site=FOREIGN)]))

    page = plain(secretary.get(path_of(job)).text)

    assert "Ce fichier ne liste que d'autres sites que les vôtres (lignes : 2)" in page
    assert read_job(world, job).state == "failed"
