"""The common part of both steps of documents."""

from datetime import timedelta

from chalicelib.domain.dossiers.documents import DocumentRule, RequiredDocument
from chalicelib.domain.dossiers.uploads import DocumentStatus
from chalicelib.flows.family.uploads import missing_fields, sign_forms
from tests.support.world import World

STATUS = DocumentStatus(RequiredDocument(DocumentRule("domicile", "Justificatif"), "foyer"))


def test_a_document_that_lacks_is_told_beside_its_promise_and_a_promise_is_enough() -> None:
    assert missing_fields([STATUS], ()) == {"papier-domicile-foyer": ("document_missing",)}
    assert missing_fields([STATUS], [STATUS.document.slot]) == {}


def test_a_form_stores_under_the_folder_it_is_signed_for_and_keeps_its_key_until_a_file_comes(world: World) -> None:
    keys = {
        sign_forms(world.services, folder, [STATUS], "http://127.0.0.1:8000/", timedelta(hours=1))[
            STATUS.document.slot
        ].fields["key"]
        for folder in ("documents/2026/a/", "documents/2026/a/", "documents/2026/b/")
    }

    assert [key.rpartition("/upload_")[0] for key in sorted(keys)] == [
        "documents/2026/a/domicile/foyer",
        "documents/2026/b/domicile/foyer",
    ]
