"""The page of a site's draw: the list looked at, frozen, run or cancelled by a manager, and its public record."""

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
from werkzeug.test import TestResponse

from chalicelib.office.jobs.publication import publish_soon
from chalicelib.wings.admission.domain.draws import Draw
from chalicelib.wings.admission.office.draws import prepare_draw
from operations.pages.build import SCRIPT
from tests.support.admission import announce, stores
from tests.support.desk_work import deliver_all
from tests.support.draws import (
    AFTER,
    CLOSED,
    NUMBERS,
    PLAN,
    SEASON,
    SEED,
    SITE,
    SOURCE,
    ask_for,
    candidate_of,
    close_admission,
)
from tests.support.french import plain, visible_text
from tests.support.imports import form_of
from tests.support.pdf_tags import heard
from tests.support.staff import DESK, MANAGER, NAMES, PASSWORD, SECRETARY, enter
from tests.support.world import Visitor, World

PUBLIC = f"extranet/tirages/{SEASON}-{SITE}"
INDEX = "extranet/tirages"
PAGE = f"{DESK}/saison/tirages/{SITE}"
TYPED = {"annonce": f"{SOURCE}.", "jour": "05/09/2026"}
TWICE = {"nombre": SEED, "encore": SEED}
WHY = "une demande envoyée à temps manquait"
OTHERS = [name for name in ("python3.11",) if shutil.which(name)]  # Debian 12's, the oldest that the package supports


@pytest.fixture(autouse=True)
def closed(world: World, visitor: Visitor) -> None:
    """Close the applications, and begin without the public pages of another test's draw."""
    s3, bucket = world.aws.client("s3"), world.services.settings.pages_bucket
    for page in s3.list_objects_v2(Bucket=bucket, Prefix="extranet/tirages/").get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=page["Key"])
    close_admission(world)
    enter(world, visitor, MANAGER)


def act(visitor: Visitor, name: str, page: str = "", **fields: str) -> TestResponse:
    """Send a form of the page, or of another one's text."""
    action = f"{PAGE}/{name}"
    form = form_of(page or visitor.get(PAGE).text, action)
    return visitor.post(action, form | {"mot_de_passe": PASSWORD} | fields)


def freeze(world: World, visitor: Visitor, **fields: str) -> TestResponse:
    """Look at the list, freeze it, and have it published."""
    answer = act(visitor, "liste", act(visitor, "examen", **(TYPED | fields)).text)
    deliver_all(world)
    return answer


def run(world: World, visitor: Visitor) -> TestResponse:
    world.wait(AFTER)
    enter(world, visitor, MANAGER)
    answer = act(visitor, "tirage", **TWICE)
    deliver_all(world)
    return answer


def draw_of(world: World) -> Draw | None:
    return stores(world).draws.find(SITE, SEASON)


def published(world: World) -> dict[str, bytes]:
    """Read the public files of draws by the end of their keys."""
    s3, bucket = world.aws.client("s3"), world.services.settings.pages_bucket
    keys = [page["Key"] for page in s3.list_objects_v2(Bucket=bucket, Prefix="extranet/tirages").get("Contents", [])]
    return {
        key.removeprefix(PUBLIC): s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        for key in keys
        if key.startswith(PUBLIC) or key == INDEX
    }


def read(world: World, key: str = "") -> str:
    return plain(visible_text(published(world)[key].decode()))


def test_a_look_writes_nothing_and_the_list_is_published_before_its_seed_exists(world: World, visitor: Visitor) -> None:
    before = world.aws.everything(world.resources)
    look = act(visitor, "examen", **TYPED)
    assert (look.status_code, world.aws.everything(world.resources)) == (200, before)

    answer = act(visitor, "liste", look.text)
    assert "ne le montre pas encore" in visitor.get(PAGE).text
    deliver_all(world)

    frozen = f"tirage 2026 {SITE}\n1 {NUMBERS[1]}\n3 {NUMBERS[0]}\n3 {NUMBERS[2]}\n3 {NUMBERS[3]}\n"
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?fait=liste")
    assert digest in look.text
    assert published(world)[".txt"].decode() == frozen
    public = read(world)
    for words in (digest, SOURCE, *NUMBERS, "5 septembre 2026", "La liste est arrêtée depuis le 1er septembre 2026"):
        assert words in public
    assert (".." in public, MANAGER in public, "-ordre.txt" in published(world)) == (False, False, False)
    assert "tirage à venir" in read(world, INDEX)
    assert "ne le montre pas encore" not in visitor.get(PAGE).text
    (noted,) = world.services.audit_trail.on(SITE, "season")
    assert (noted.kind, noted.author.who, noted.author.why) == (
        "draw_prepared",
        f"{NAMES[MANAGER]} <{MANAGER}>",
        digest,
    )


def test_a_list_that_changed_since_the_look_is_not_frozen(world: World, visitor: Visitor) -> None:
    look = act(visitor, "examen", **TYPED).text
    ask_for(world, "P26-EEEE-6666")

    answer = act(visitor, "liste", look)

    assert (answer.status_code, draw_of(world)) == (422, None)
    assert "n'est plus celle que vous avez regardée" in plain(answer.text)


def test_the_order_is_published_with_the_seed_and_stays(world: World, visitor: Visitor) -> None:
    freeze(world, visitor)
    before = published(world)[".txt"].decode()

    assert run(world, visitor).headers["Location"] == f"{PAGE}?fait=tirage"

    order = published(world)["-ordre.txt"].decode()
    numbers = [line.split()[1] for line in order.splitlines()]
    assert order.splitlines()[0] == f"1 {NUMBERS[1]}"  # the only one of its group
    assert (sorted(numbers), published(world)[".txt"].decode()) == (sorted(NUMBERS), before)
    public = read(world)
    assert "Le tirage a été fait le 6 septembre 2026" in public
    assert [number for number in re.findall(r"P26-\w{4}-\d{4}", public) if number in NUMBERS] == numbers
    page = plain(visitor.get(PAGE).text)
    assert (NAMES[MANAGER] in page, SEED in page, f'action="{PAGE}' in page) == (True, True, False)
    elements = heard(published(world)[".pdf"])
    place = elements.index(("H2", "L’ordre obtenu")) + 1
    assert elements[place : place + 2] == [("Lbl", "1."), ("LBody", NUMBERS[1])]
    assert [text for tag, text in elements if tag == "LBody"] == numbers
    sheets = PdfReader(BytesIO(published(world)[".pdf"])).pages
    words = plain(" ".join(sheet.extract_text() for sheet in sheets))
    draw = draw_of(world)
    assert draw is not None
    for part in ("Procès-verbal", draw.digest[:40], SEED, *NUMBERS, "signature"):
        assert part in words


@pytest.mark.parametrize("python", [sys.executable, *OTHERS])
def test_the_published_program_has_the_same_order(world: World, visitor: Visitor, tmp_path: Path, python: str) -> None:
    freeze(world, visitor)
    run(world, visitor)
    (tmp_path / "tirage.py").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "liste.txt").write_bytes(published(world)[".txt"])
    alone = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/nowhere"), "PYTHONIOENCODING": "utf-8"}

    done = subprocess.run(
        [python, "-I", "tirage.py", "liste.txt", SEED], cwd=tmp_path, env=alone, check=True, capture_output=True
    )

    assert done.stdout.decode() == published(world)["-ordre.txt"].decode()
    draw = draw_of(world)
    assert draw is not None
    assert draw.digest in done.stderr.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"jour": "01/09/2026"}, "n'est pas à venir"),
        ({"jour": "31/09/2026"}, "Ce jour n'existe pas"),
        ({"annonce": "le Loto"}, "Dites quel nombre public servira"),
    ],
)
def test_what_makes_no_fair_draw_is_refused_at_its_field(visitor: Visitor, typed: dict[str, str], words: str) -> None:
    answer = act(visitor, "examen", **(TYPED | typed))

    assert answer.status_code == 422
    assert words in plain(answer.text)
    assert f'id="{next(iter(typed))}-erreur"' in answer.text


def test_each_sibling_may_have_its_own_ticket(world: World) -> None:
    network = world.services.settings.network
    settings = replace(network, admission=replace(network.admission, siblings="each"))
    world.services = replace(world.services, settings=replace(world.services.settings, network=settings))
    announce(world, CLOSED)
    ask_for(world, "P26-GGGG-8888", candidate_of("aa"), candidate_of("bb", "evry-magnard"), candidate_of("cc"))

    prepare_draw(world.services, SITE, PLAN, MANAGER, world.now)
    publish_soon(world.services, MANAGER, world.now)
    deliver_all(world)

    assert published(world)[".txt"].decode().splitlines()[-2:] == ["3 P26-GGGG-8888/1", "3 P26-GGGG-8888/3"]
    assert "« /2 » pour le deuxième" in read(world)


def test_a_cancelled_list_stays_for_everybody_to_see(world: World, visitor: Visitor) -> None:
    freeze(world, visitor)
    before = published(world)[".txt"].decode()
    ask_for(world, "P26-EEEE-6666")
    world.wait(AFTER / 5)
    enter(world, visitor, MANAGER)

    assert act(visitor, "annulation", raison=WHY).status_code == 303
    deliver_all(world)
    assert "La liste qui avait été publiée est annulée" in read(world)
    assert freeze(world, visitor).status_code == 303

    public = read(world)
    assert (WHY in public, MANAGER in public) == (True, False)
    assert hashlib.sha256(before.encode()).hexdigest() in public
    assert published(world)["-annulee-1.txt"].decode() == before
    assert "P26-EEEE-6666" in published(world)[".txt"].decode()
    assert WHY in plain(visitor.get(PAGE).text)


def test_a_seed_is_typed_twice_and_counts_once(world: World, visitor: Visitor) -> None:
    prepare_draw(world.services, SITE, PLAN, MANAGER, world.now)
    world.wait(AFTER)
    enter(world, visitor, MANAGER)
    page = visitor.get(PAGE).text

    answer = act(visitor, "tirage", page, **TWICE | {"encore": "04-11-23-38-43"})

    draw = draw_of(world)
    assert draw is not None
    assert (answer.status_code, draw.seed, "encore-erreur" in answer.text) == (422, "", True)
    assert act(visitor, "tirage", page, **TWICE).status_code == 303
    assert act(visitor, "tirage", page, **TWICE).status_code == 303
    second = act(visitor, "tirage", page, nombre="1-2-3-4-5", encore="1-2-3-4-5")
    assert (second.status_code, f"avec le nombre {SEED}" in plain(second.text)) == (422, True)


def test_who_only_reads_sees_who_did_it_and_has_no_form(world: World, visitor: Visitor) -> None:
    prepare_draw(world.services, SITE, PLAN, f"{NAMES[MANAGER]} <{MANAGER}>", world.now)
    enter(world, visitor, SECRETARY)

    page, index = visitor.get(PAGE).text, visitor.get(f"{DESK}/saison/tirages").text

    assert (NAMES[MANAGER] in page, NAMES[MANAGER] in index) == (True, True)
    assert f'action="{PAGE}' not in page
    assert f'href="{PAGE}"' in index
    assert visitor.get(f"{DESK}/saison/tirages/evry-magnard").status_code == 404
