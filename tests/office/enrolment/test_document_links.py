"""Links to files: by their content's kind, and none to a refused kind."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.office.enrolment.documents import LinkedFile, documents_of, linked_files, origins_of
from chalicelib.office.enrolment.show import family_of
from tests.support.browser_upload import JPEG, PDF, WORD
from tests.support.documents import DANCE, PASSPORT, QUOTIENT, open_season, put
from tests.support.enrolment import REF
from tests.support.world import World


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_season(world)


def look(world: World) -> tuple[LinkedFile, ...]:
    author = Author("Mme Houx", "réinscription")
    return linked_files(world.services, documents_of(world.services, family_of(world.services, REF), author, world.now))


def test_images_and_pdfs_have_links_that_name_nobody_and_other_files_none(world: World) -> None:
    put(world, DANCE, JPEG)
    put(world, QUOTIENT, WORD)
    put(world, PASSPORT, PDF)

    files = {file.kind: file for file in look(world)}

    assert set(files) == {"jpeg", None, "pdf"}
    assert files[None].link == ""
    assert files["jpeg"].is_image
    assert not files["pdf"].is_image
    assert all("leo" not in file.link.casefold() for file in files.values())


def test_a_page_shows_images_of_the_bucket_alone(world: World) -> None:
    put(world, QUOTIENT, PDF)
    assert origins_of(look(world)) == ()

    put(world, DANCE, JPEG)

    (origin,) = origins_of(look(world))
    assert any(file.link.startswith(f"{origin}/") for file in look(world))
