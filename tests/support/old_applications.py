"""Sent applications, for tests of retention and deletion."""

from dataclasses import replace
from typing import Any, Final

from chalicelib.office.account import note_consultation
from chalicelib.wings.admission.domain.applications import Answers, Application, ApplicationRef, submit
from chalicelib.wings.admission.domain.paperwork import application_folder
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.stores.claims import Claim
from tests.support.admission import mailbox_of, stores
from tests.support.applications import NEW_EMAIL, WHOLE
from tests.support.browser_upload import PDF
from tests.support.staff import open_file
from tests.support.world import World

NUMBER: Final = "P26-K4TN-8WCB"
# The traces to search for.
TRACES: Final = (
    *("geai@example.org", "Inès", "Geai", "Alba", "Nils", "Tilleuls", "06 99 00 20 01", "2018-03-14"),
    *(NUMBER, "Le dossier est complet."),
)


def send_application(
    world: World, email: str = NEW_EMAIL, number: str = NUMBER, answers: Answers = WHOLE, **values: Any
) -> Application:
    """Store a sent application in the world's season, with an uploaded document and an open session."""
    ref = ApplicationRef(mailbox_of(world, email), values.pop("season", "2026"))
    draft = Application(ref, email, world.now, world.now, answers)
    admission = stores(world)
    admission.applications.add_number(number, ref)
    application = replace(submit(draft, number, world.now), **values)
    record = admission.applications.change(Application(ref), application)
    for candidate in answers.candidates:
        admission.claims.add(
            Claim(world.services.admission.person_of(ref.season, candidate), ref, candidate.key, world.now)
        )
    open_file(world, ref.mailbox, ref.season)
    note_consultation(world.services, audited_as(ref), "request_read", f"Qui a lu {number}", world.now)
    world.services.documents.put(
        f"{application_folder(ref)}justificatif-domicile/foyer/upload_1", PDF, "binary/octet-stream"
    )
    return record


def traces_of(world: World, application: Application) -> list[str]:
    """List the traces of an application in the tables."""
    everything = world.aws.everything(world.resources)
    candidates = application.sent.answers.candidates if application.sent else ()
    persons = (world.services.admission.person_of(application.ref.season, candidate) for candidate in candidates)
    return [name for name in (*TRACES, application.ref.mailbox, *persons) if name in everything]
