"""`clef draw`: the frozen list, the time of the seed, the refusals, and the public record."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from chalicelib.domain.admission.draws import Draw
from operations.pages.publish import PagesBucket
from tests.support.admission import announce, stores
from tests.support.aws import When
from tests.support.clef import OPERATOR, Clef
from tests.support.draws import (
    AFTER,
    CLOSED,
    LOOK,
    NUMBERS,
    PREPARE,
    RUN,
    SEASON,
    SEED,
    SITE,
    SOURCE,
    ask_for,
    candidate_of,
    close_admission,
)
from tests.support.french import plain, visible_text
from tests.support.world import Visitor, World

PAGE = f"/extranet/tirages/{SEASON}-{SITE}"
OTHERS = [name for name in ("python3.11",) if shutil.which(name)]  # Debian 12's, the oldest that the package supports

pytestmark = pytest.mark.usefixtures("pages")


@pytest.fixture(autouse=True)
def _swept(pages: PagesBucket, world: World) -> None:
    """Begin without the pages of another test's draw: no publication removes them."""
    s3 = world.aws.client("s3")
    for page in s3.list_objects_v2(Bucket=pages.name, Prefix="extranet/tirages/").get("Contents", []):
        s3.delete_object(Bucket=pages.name, Key=page["Key"])


def draw_of(world: World) -> Draw:
    draw = stores(world).draws.find(SITE, SEASON)
    assert draw is not None
    return draw


def read(visitor: Visitor, path: str = PAGE) -> str:
    return plain(visible_text(visitor.get(path).text))


def test_what_is_frozen_is_published_before_its_seed_exists(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)

    result = clef(PREPARE.replace(SOURCE, f"{SOURCE}."))

    assert result.code == 0, result.err
    frozen = f"tirage 2026 {SITE}\n1 {NUMBERS[1]}\n3 {NUMBERS[0]}\n3 {NUMBERS[2]}\n3 {NUMBERS[3]}\n"
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    assert visitor.get(f"{PAGE}.txt").text == frozen
    page = read(visitor)
    for words in (digest, SOURCE, *NUMBERS, "5 septembre 2026", "La liste est arrêtée depuis le 1er septembre 2026"):
        assert words in page
    assert digest in result.out
    assert ".." not in page
    assert OPERATOR not in page
    assert visitor.get(f"{PAGE}-ordre.txt").status_code == 404
    assert "tirage à venir" in read(visitor, "/extranet/tirages")


def test_a_look_shows_the_list_and_writes_nothing(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)

    result = clef(LOOK)

    assert result.code == 0, result.err
    assert "4 numéros" in result.out
    assert f"« {SOURCE} », le 5 septembre 2026" in plain(result.out)
    assert "Rien n'a été écrit" in result.out
    assert stores(world).draws.find(SITE, SEASON) is None
    assert visitor.get(f"{PAGE}.txt").status_code == 404
    shown = clef(f"{LOOK} --json").json
    clef(PREPARE)
    assert (shown["applied"], shown["published"], shown["digest"]) == (False, [], draw_of(world).digest)
    again = clef(LOOK)
    assert again.code == 1
    assert "elle ne change plus" in again.err


def test_the_order_is_published_with_the_seed_and_stays(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)
    clef(PREPARE)
    before = visitor.get(f"{PAGE}.txt").text
    world.wait(AFTER)

    result = clef(RUN)

    assert result.code == 0, result.err
    order = visitor.get(f"{PAGE}-ordre.txt").text
    assert order.splitlines()[0] == f"1 {NUMBERS[1]}"  # the only one of its group
    assert sorted(line.split()[1] for line in order.splitlines()) == sorted(NUMBERS)
    assert visitor.get(f"{PAGE}.txt").text == before
    page = read(visitor)
    assert "Le tirage a été fait le 6 septembre 2026" in page
    assert [number for number in re.findall(r"P26-\w{4}-\d{4}", page) if number in NUMBERS] == [
        line.split()[1] for line in order.splitlines()
    ]
    for other in (
        "period set 2026-09-10 2026-09-20 --apply",
        "draw publish",
    ):  # publishing pages removes none of it
        assert clef(other).code == 0
        assert visitor.get(f"{PAGE}-ordre.txt").text == order


@pytest.mark.parametrize("python", [sys.executable, *OTHERS])
def test_the_published_program_gives_the_same_order_elsewhere(
    clef: Clef, world: World, visitor: Visitor, tmp_path: Path, python: str
) -> None:
    close_admission(world)
    clef(PREPARE)
    world.wait(AFTER)
    clef(RUN)
    (tmp_path / "tirage.py").write_bytes(visitor.get("/extranet/tirages/tirage.py").data)
    (tmp_path / "liste.txt").write_bytes(visitor.get(f"{PAGE}.txt").data)
    alone = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/nowhere"), "PYTHONIOENCODING": "utf-8"}

    done = subprocess.run(
        [python, "-I", "tirage.py", "liste.txt", SEED], cwd=tmp_path, env=alone, check=True, capture_output=True
    )

    assert done.stdout.decode() == visitor.get(f"{PAGE}-ordre.txt").text
    assert draw_of(world).digest in done.stderr.decode()


def test_the_record_is_a_pdf_with_the_whole_order(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)
    clef(PREPARE)
    world.wait(AFTER)
    clef(RUN)

    answer = visitor.get(f"{PAGE}.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    sheets = PdfReader(BytesIO(answer.data)).pages
    words = plain(" ".join(sheet.extract_text() for sheet in sheets))
    for said in ("Procès-verbal", draw_of(world).digest[:40], SEED, f"1. {NUMBERS[1]}", *NUMBERS, "signature"):
        assert said in words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (PREPARE.replace("2026-09-05", "2026-09-01"), "n'est pas à venir"),
        (RUN, "Aucun tirage n'est préparé"),
        (f"draw cancel --site {SITE} --why erreur --yes", "Aucun tirage n'est préparé"),
    ],
)
def test_what_makes_no_fair_draw_is_refused_in_french(clef: Clef, world: World, typed: str, words: str) -> None:
    close_admission(world)

    result = clef(typed)

    assert result.code == 1
    assert words in result.err


def test_each_sibling_may_have_its_own_ticket(clef: Clef, world: World, visitor: Visitor) -> None:
    network = world.services.settings.network
    each = replace(network, admission=replace(network.admission, siblings="each"))
    world.services = replace(world.services, settings=replace(world.services.settings, network=each))
    announce(world, CLOSED)
    ask_for(world, "P26-GGGG-8888", candidate_of("aa"), candidate_of("bb", "evry-magnard"), candidate_of("cc"))

    assert clef(PREPARE).code == 0

    assert visitor.get(f"{PAGE}.txt").text.splitlines()[1:] == ["3 P26-GGGG-8888/1", "3 P26-GGGG-8888/3"]
    assert "« /2 » pour le deuxième" in read(visitor)


def test_a_list_that_is_frozen_does_not_change(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)
    clef(PREPARE)
    before = visitor.get(f"{PAGE}.txt").text
    late = ask_for(world, "P26-EEEE-6666")

    again = clef(PREPARE)
    gone = stores(world).applications.find(late.ref)
    stores(world).applications.change(gone, gone.withdraw(["a1a1a1a1"], world.now))
    clef("draw publish")

    assert again.code == 1
    assert "elle ne change plus" in again.err
    assert visitor.get(f"{PAGE}.txt").text == before


def test_a_cancelled_list_stays_for_everybody_to_see(clef: Clef, world: World, visitor: Visitor) -> None:
    close_admission(world)
    clef(PREPARE)
    before = visitor.get(f"{PAGE}.txt").text
    ask_for(world, "P26-EEEE-6666")
    why = "une demande envoyée à temps manquait"

    assert clef(f"draw cancel --site {SITE} --why '{why}' --yes").code == 0
    assert "La liste qui avait été publiée est annulée" in read(visitor)
    assert clef(PREPARE).code == 0

    page = read(visitor)
    assert why in page
    assert OPERATOR not in page
    assert hashlib.sha256(before.encode()).hexdigest() in page
    assert visitor.get(f"{PAGE}-annulee-1.txt").text == before
    assert "P26-EEEE-6666" in visitor.get(f"{PAGE}.txt").text
    site_draws = clef("draw show --json").json["draws"][0]
    assert [(one["by"], one["why"]) for one in site_draws["cancelled"]] == [(OPERATOR, why)]


def test_a_seed_is_typed_twice(clef: Clef, world: World) -> None:
    close_admission(world)
    clef(PREPARE)
    world.wait(AFTER)
    asked = RUN.replace(" --yes", "")

    assert clef(asked, answers="04-11-23-38-43\n").code == 1
    assert draw_of(world).seed == ""
    assert clef(asked, answers=f"{SEED}\n").code == 0
    assert draw_of(world).seed == SEED


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["UpdateItem", "PUT"])
def test_an_interrupted_draw_is_finished_by_the_same_command(
    clef: Clef, world: World, visitor: Visitor, operation: str, when: When
) -> None:
    close_admission(world)
    clef(PREPARE)
    world.wait(AFTER)

    with world.aws.failing(operation, when):
        assert clef(RUN).code == 1
    assert clef(RUN).code == 0

    assert visitor.get(f"{PAGE}-ordre.txt").status_code == 200


def test_a_list_that_could_not_be_published_is_published_by_a_command_of_its_own(
    clef: Clef, world: World, visitor: Visitor
) -> None:
    close_admission(world)
    with world.aws.failing("PUT", "before", error=(403, "AccessDenied")):
        failed = clef(PREPARE)

    published = clef("draw publish")

    assert failed.code == 1
    assert "« clef draw publish » les publiera" in failed.err
    assert "pages publiées" in published.out
    assert all(number in visitor.get(f"{PAGE}.txt").text for number in NUMBERS)


def test_who_did_what_is_shown_to_the_office_alone(clef: Clef, world: World) -> None:
    close_admission(world)
    clef(PREPARE)
    world.wait(AFTER)
    clef(RUN)

    draw = clef(f"draw show --site {SITE} --json").json["draws"][0]["draw"]
    shown = clef("draw show").out

    assert (draw["prepared_by"], draw["run_by"], draw["intact"]) == (OPERATOR, OPERATOR, True)
    assert [ticket["position"] for ticket in draw["tickets"] if ticket["ticket"] == NUMBERS[1]] == [1]
    assert OPERATOR in shown
    assert draw_of(world).digest in shown
