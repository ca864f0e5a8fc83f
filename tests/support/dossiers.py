"""A dossier of either kind, under the office's hands: a family's re-enrolment, or a new family's application."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Protocol

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import FOYER, Slot
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.office import account
from chalicelib.office.dossiers.decisions import ShownVersion, SubjectDecision
from chalicelib.office.dossiers.documents import CheckInput, DossierDocuments, check_document
from chalicelib.office.enrolment import decide as enrolment
from chalicelib.office.enrolment import show as enrolment_show
from chalicelib.office.enrolment import undo as enrolment_undo
from chalicelib.office.enrolment.reenrolments import family_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applications import submit
from chalicelib.wings.admission.domain.paperwork import application_folder
from chalicelib.wings.admission.office import decide as admission
from chalicelib.wings.admission.office import show as application_show
from chalicelib.wings.admission.office import undo as admission_undo
from chalicelib.wings.admission.office.applications import audited_as
from tests.support import enrolled_families, stored_applications
from tests.support.applications import NEW_EMAIL, NUMBER
from tests.support.enrolment import IN_JUNE, LEO
from tests.support.uploads import new_key
from tests.support.world import ROSSIGNOL, World


class Dossier(Protocol):
    """A stored dossier with two pupils or candidates to decide on, `names`, in a world."""

    world: World
    ref: AccountRef
    folder: str
    names: tuple[str, str]
    emails: tuple[str, ...]
    due_slot: Slot
    extra_slot: Slot
    codes: ClassVar[dict[str, str]]

    def version(self, name: str) -> ShownVersion:
        """Describe a pupil or candidate, as a page shows them now."""

    def decide_on(self, version: ShownVersion, verdict: Any, who: str, **values: Any) -> SubjectDecision[Any, Any]:
        """Decide as the office on a version that a page showed."""

    def seal(self, entry: SubjectDecision[Any, Any]) -> str:
        """Seal a decision just made, as its page does."""

    def undo(self, text: str, services: OfficeServices | None = None) -> None:
        """Take a sealed decision back as the office."""

    def state(self, name: str) -> str:
        """Read the state of a pupil or candidate."""

    def send_again(self, name: str) -> None:
        """Send again as the family."""

    def documents(self, author: Author) -> DossierDocuments:
        """Read the documents as the office."""

    def check(self, new: CheckInput) -> bool:
        """Check one document as the office."""

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], Any]) -> None:
        """Let something happen after the office has read, before it writes."""

    def text(self) -> str:
        """Write the whole stored dossier, to search for traces."""


def decide(dossier: Dossier, name: str, verdict: str, who: str = "Mme Lyre", **facts: Any) -> SubjectDecision[Any, Any]:
    """Decide on a pupil or candidate as a page shows them now."""
    return dossier.decide_on(dossier.version(name), verdict, who, **facts)


def refusal(act: Callable[[], object]) -> OfficeRefusal:
    """Return the refusal of an act."""
    with pytest.raises(OfficeRefusal) as error:
        act()
    return error.value


def audits(dossier: Dossier) -> list[tuple[str, str, str]]:
    """List the kind, author and reason of the audited acts."""
    name = account.pseudonym(dossier.world.services, dossier.ref)
    trail = dossier.world.services.audit_trail.on(dossier.ref.site, name)
    return [(act.kind, act.author.who, act.author.why) for act in trail]


def put(dossier: Dossier, slot: Slot, content: bytes) -> str:
    """Upload a file as the family, and return its key."""
    key = new_key(dossier.folder, slot)
    dossier.world.services.documents.put(key, content, "binary/octet-stream")
    return key


class EnrolmentDossier(Dossier):
    """The re-enrolment of the family of three: Zélie and Léo were sent, under two receipts."""

    names = ("Zélie", "Léo")
    emails = ("come@example.org", "rossignol@example.org")
    due_slot = ("quotient-familial", FOYER)
    extra_slot = ("passeport", enrolled_families.key_of(LEO))
    codes: ClassVar[dict[str, str]] = {
        "resent": "decide_resent",
        "declined": "decide_before",
        "number": "reçu R27-K4TN-8WCB",
        "newest": "reçu R27-XXXX-7777, le 3 juin",
    }
    ref = ROSSIGNOL

    def __init__(self, world: World) -> None:
        self.world = world
        enrolled_families.open_period(world, IN_JUNE + timedelta(days=1))
        enrolled_families.rossignol(world)
        file = enrolled_families.send_pupils(self.stored(), enrolled_families.NUMBERS[1], enrolled_families.key_of(LEO))
        enrolled_families.keep(world, replace(file, provided=()))
        name = account.pseudonym(world.services, ROSSIGNOL)
        self.folder = family_folder(enrolled_families.SEASON, ROSSIGNOL.site, name)

    def stored(self) -> Any:
        return self.world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, enrolled_families.SEASON))

    def family(self) -> Any:
        return family_of(self.world.services, self.stored().ref)

    def pupil(self, name: str) -> Any:
        return next(pupil for pupil in self.family().pupils if name in pupil.file.name)

    def version(self, name: str) -> enrolment.PupilVersion:
        return enrolment.PupilVersion.of(self.pupil(name))

    def decide_on(self, version: Any, verdict: Any, who: str, **values: Any) -> SubjectDecision[Any, Any]:
        decision_input = enrolment.EnrolmentDecisionInput(verdict, who, **values)
        services, now = self.world.services, self.world.now
        (decision,) = enrolment.decide_as_shown(services, self.family(), (version,), decision_input, now)
        return decision

    def seal(self, entry: SubjectDecision[Any, Any]) -> str:
        return enrolment_undo.seal_undo(self.world.services, [entry])

    def undo(self, text: str, services: OfficeServices | None = None) -> None:
        services = services or self.world.services
        (undo,) = enrolment_undo.UNDOS.open(services, text)
        enrolment_undo.undo_decision(services, self.stored(), undo, "Mme Lyre", self.world.now)

    def state(self, name: str) -> str:
        return str(self.pupil(name).file.state)

    def send_again(self, name: str) -> None:
        key = self.pupil(name).file.key
        draft = enrolled_families.draft_again(self.stored(), key, enrolled_families.GOES_ON)
        again = enrolled_families.send_pupils(draft, "R27-XXXX-7777", key, at=self.world.now)
        enrolled_families.keep(self.world, again)

    def documents(self, author: Author) -> DossierDocuments:
        return enrolment_show.documents_of(self.world.services, self.family(), author, self.world.now)

    def check(self, new: CheckInput) -> bool:
        services, family = self.world.services, self.family()
        dossier = enrolment_show.dossier_of(services, family, self.world.now)
        return check_document(
            services, dossier, new, lambda decide: services.enrolments.revise(family.enrolment, decide), self.world.now
        )

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], Any]) -> None:
        change = self.world.services.enrolments.change

        def first(*arguments: Any) -> None:
            monkeypatch.undo()
            happen()
            change(*arguments)

        monkeypatch.setattr(self.world.services.enrolments, "change", first)

    def text(self) -> str:
        return str(self.stored())


class ApplicationDossier(Dossier):
    """The application of Mme Geai for Alba and Nils, as sent."""

    names = ("Nils", "Alba")
    emails = (NEW_EMAIL,)
    due_slot = ("justificatif-domicile", FOYER)
    extra_slot = ("passeport", "a1a1a1a1")
    codes: ClassVar[dict[str, str]] = {
        "resent": "request_resent",
        "declined": "request_declined_before",
        "number": f"demande {NUMBER}",
        "newest": "le 5 juillet 2027 à 11 h",
    }

    def __init__(self, world: World) -> None:
        self.world = world
        stored_applications.open_admission(world)
        ref = stored_applications.application_of(world).ref
        self.ref, self.folder = audited_as(ref), application_folder(ref)

    def version(self, name: str) -> admission.CandidateVersion:
        application = stored_applications.stored(self.world)
        candidates = application.sent.answers.candidates if application.sent else ()
        return admission.CandidateVersion.of(application, next(one.key for one in candidates if one.first_name == name))

    def decide_on(self, version: Any, verdict: Any, who: str, **values: Any) -> SubjectDecision[Any, Any]:
        decision_input = admission.AdmissionDecisionInput(verdict, who, **values)
        application = stored_applications.stored(self.world)
        return admission.decide(self.world.services, application, version, decision_input, self.world.now)

    def seal(self, entry: SubjectDecision[Any, Any]) -> str:
        return admission_undo.seal_undo(self.world.services, [(stored_applications.stored(self.world), entry)])

    def undo(self, text: str, services: OfficeServices | None = None) -> None:
        application = stored_applications.stored(self.world)
        services = services or self.world.services
        (undo,) = admission_undo.UNDOS.open(services, text)
        admission_undo.undo_decision(services, application, undo, "Mme Lyre", self.world.now)

    def state(self, name: str) -> str:
        return str(stored_applications.states(self.world)[name])

    def send_again(self, _name: str) -> None:
        stored_applications.keep(
            self.world, lambda one: submit(replace(one, draft=one.answers), NUMBER, self.world.now)
        )

    def documents(self, author: Author) -> DossierDocuments:
        application = stored_applications.stored(self.world)
        return application_show.documents_of(self.world.services, application, author, self.world.now)

    def check(self, new: CheckInput) -> bool:
        services, application = self.world.services, stored_applications.stored(self.world)
        dossier = application_show.dossier_of(services, application, self.world.now)
        revise = services.admission.applications.revise
        return check_document(services, dossier, new, lambda decide: revise(application, decide), self.world.now)

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], Any]) -> None:
        stored_applications.before_the_write(monkeypatch, happen)

    def text(self) -> str:
        return str(stored_applications.stored(self.world))
