"""The page « Fichiers »: a manager drops a file, without a script, and has it studied."""

import pytest

from chalicelib.office.jobs.jobs import list_jobs
from tests.support.desk_work import deliver_all
from tests.support.imports import csv, drop, form_of, row
from tests.support.staff import DESK, MANAGER, SECRETARY, enter
from tests.support.world import Visitor, World

PAGE = f"{DESK}/fichiers"


def test_a_file_goes_straight_to_the_bucket_and_s3_leads_back(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    page = visitor.get(PAGE)
    assert "Étudier ce fichier" not in page.text
    assert f"form-action 'self' {world.aws.endpoint_url}" in page.headers["Content-Security-Policy"]

    drop(world, visitor, csv([row(1)]))

    back = visitor.get(f"{PAGE}/envoye?bucket=b&key=k&etag=e")
    assert (back.status_code, back.headers["Location"]) == (303, f"{PAGE}?fait=envoye")
    page = visitor.get(f"{PAGE}?fait=envoye")
    assert "Le fichier est arrivé." in page.text
    assert "Reçu le" in page.text
    assert list_jobs(world.services) == ()


def test_a_file_that_is_there_is_studied_and_the_job_is_listed(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    drop(world, visitor, csv([row(1)]))

    answer = visitor.post(f"{PAGE}/etude", form_of(visitor.get(PAGE).text, f"{PAGE}/etude"))
    deliver_all(world)

    (job,) = list_jobs(world.services)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/travaux/{job.id}")
    visitor.verbatim = ("fauvette@example.org",)
    page = visitor.get(PAGE)
    assert "étudié : à appliquer ou à abandonner" in page.text
    assert "Odile Fauvette" in page.text


def test_a_file_that_was_replaced_meanwhile_is_not_studied_unseen(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    drop(world, visitor, csv([row(1)]))
    form = form_of(visitor.get(PAGE).text, f"{PAGE}/etude")
    drop(world, visitor, csv([row(2)]))

    answer = visitor.post(f"{PAGE}/etude", form)

    assert answer.status_code == 422
    assert "Ce fichier n'est plus là" in answer.text
    assert list_jobs(world.services) == ()


@pytest.mark.parametrize(("email", "kind"), [(MANAGER, "letters"), (SECRETARY, "invoices"), (SECRETARY, "places")])
def test_a_kind_of_file_a_member_may_not_give_is_none(world: World, visitor: Visitor, email: str, kind: str) -> None:
    enter(world, visitor, email)
    page = visitor.get(PAGE).text
    proof = form_of(page, f"{DESK}/deconnexion")

    assert f"titre-{kind}" not in page
    assert visitor.post(f"{PAGE}/etude", {**proof, "quoi": kind, "vu": "x"}).status_code == 404
