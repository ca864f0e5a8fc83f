"""GET /extranet/bureau/demandes/NUMERO/pieces: files of an application, shown in the page for five minutes."""

import re
from datetime import timedelta
from urllib.request import urlopen

import pytest

from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.office.account import pseudonym
from chalicelib.wings.admission.domain.paperwork import application_folder
from chalicelib.wings.admission.office.applications import audited_as
from tests.support.applications import NUMBER
from tests.support.browser_upload import JPEG
from tests.support.staff import DESK, READER, enter
from tests.support.stored_applications import IN_JULY, application_of, open_admission, stored
from tests.support.uploads import new_key
from tests.support.world import Visitor, World

PAGE = f"{DESK}/demandes/{NUMBER}/pieces"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    open_admission(world, IN_JULY + timedelta(days=900))  # the test bucket follows the machine's clock
    application_of(world)
    enter(world, visitor, READER)


def test_a_file_is_looked_at_and_that_is_noted_before(world: World, visitor: Visitor) -> None:
    key = new_key(application_folder(stored(world).ref), ("justificatif-domicile", FOYER))
    world.services.documents.put(key, JPEG, "binary/octet-stream")

    page = visitor.get(PAGE)

    (link,) = [found.replace("&amp;", "&") for found in re.findall(r'src="(http[^"]+)"', page.text)]
    with urlopen(link) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (JPEG, "image/jpeg")
    assert "geai" not in link.casefold()
    ref = audited_as(stored(world).ref)
    (act,) = world.services.audit_trail.on(ref.site, pseudonym(world.services, ref))
    assert (act.kind, act.author.who) == ("documents_read", "Colombe Bergeronnette <bergeronnette@example.org>")
    assert act.author.why == "pré-inscription"


def test_what_lacks_is_told_without_a_link(visitor: Visitor) -> None:
    page = visitor.get(PAGE).text

    assert "Justificatif de domicile" in page
    assert "Manque." in page
    assert "<img" not in page
