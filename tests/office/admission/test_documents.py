"""The documents of an application for the office: each consultation is audited."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.admission.paperwork import application_folder
from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.office.admission.applications import audited_as
from chalicelib.office.admission.show import documents_of
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import ALBA
from tests.support.browser_upload import PDF
from tests.support.stored_applications import application_of, open_admission, stored
from tests.support.uploads import new_key
from tests.support.world import World

MME_LYRE = Author("Mme Lyre", "pré-inscription")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def put(world: World, slot: tuple[str, str]) -> str:
    key = new_key(application_folder(stored(world).ref), slot)
    world.services.documents.put(key, PDF, "binary/octet-stream")
    return key


def test_what_was_handed_in_is_found_and_who_looked_is_noted(world: World) -> None:
    proof, other = put(world, ("justificatif-domicile", FOYER)), put(world, ("passeport", ALBA.key))

    application_documents = documents_of(world.services, stored(world), MME_LYRE, world.now)

    assert [(one.document.rule.code, one.newest and one.newest.key) for one in application_documents.statuses] == [
        ("justificatif-domicile", proof)
    ]
    assert [file.key for file in application_documents.others] == [other]
    ref = audited_as(stored(world).ref)
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    assert [act.kind for act in world.services.audit_trail.on(ref.site, pseudonym)] == ["documents_read"]


def test_nobody_looks_without_a_name_and_a_reason(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        documents_of(world.services, stored(world), Author("Mme Lyre", " "), world.now)
