"""The documents required from a new family, by the wishes of the candidates that still ask for a place."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.dossiers.documents import FOYER, DocumentRule
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Answers,
    Application,
    Candidate,
    Standing,
    Wish,
    submit,
)
from chalicelib.wings.admission.domain.paperwork import (
    ApplicationStep,
    application_folder,
    asked_for,
    due_documents,
    missing_of_candidate,
    missing_of_guardian,
    next_step,
    required_documents,
    steps,
    waits,
)
from tests.support.applications import ALBA, BEGUN, FULL, NILS, NOW, NUMBER, REF, SENT, WHOLE

EMPTY = Application(REF, "geai@example.org", NOW, NOW)
CHECKLIST_HOME = ("justificatif-domicile", "foyer")
TO_COMPLETE = Standing(ALBA.key, decision=AdmissionDecision("to_complete", "M. Office", NOW, "Quel jour ?"))


def test_at_first_every_step_is_to_do_and_one_candidate_is_awaited() -> None:
    assert [(step.kind, step.is_done) for step in steps(EMPTY, ())] == [
        ("guardian", False),
        ("candidate", False),
        ("summary", False),
    ]
    assert next_step(steps(EMPTY, ())) == ApplicationStep("guardian", is_done=False)


def test_each_candidate_is_a_step_and_documents_are_one_where_some_are_asked_for() -> None:
    application_steps = steps(BEGUN, [CHECKLIST_HOME])

    assert [(step.kind, step.key, step.is_done) for step in application_steps] == [
        ("guardian", "", True),
        ("candidate", ALBA.key, True),
        ("candidate", NILS.key, True),
        ("documents", "", False),
        ("summary", "", False),
    ]
    assert steps(replace(BEGUN, provided=FULL.provided), [CHECKLIST_HOME])[3].is_done


def test_once_it_is_sent_nothing_is_awaited_until_something_changes() -> None:
    assert next_step(steps(SENT, ())) is None
    assert waits(replace(SENT, draft=WHOLE))
    assert waits(SENT.with_standing(TO_COMPLETE))


def test_who_is_accepted_or_withdrawn_is_no_step_any_more() -> None:
    assert asked_for(FULL) == ()
    assert asked_for(SENT) == SENT.live


def test_what_lacks_is_named_field_by_field() -> None:
    assert set(missing_of_guardian(Answers())) == {"nom", "telephone", "voie", "code_postal", "ville"}
    assert missing_of_guardian(WHOLE) == {}
    assert set(missing_of_candidate(Candidate("new"))) == {"prenom", "nom", "naissance", "discipline-1"}
    assert missing_of_candidate(ALBA) == {}


TODAY = date(2027, 6, 1)
HOME = DocumentRule("domicile", "Justificatif de domicile", of="household")
DANCE = DocumentRule("danse", "Certificat", disciplines=("danse",))
GROWN_UP = DocumentRule("honneur", "Attestation sur l'honneur", adults=True)
RIS = DocumentRule("ris", "Fiche", sites=("ris-orangis-messiaen",), disciplines=("danse",))
ADA = Candidate("ada00000", "Ada", "Pie", date(2017, 5, 4), (Wish("Danse classique", "evry-xenakis"),))
ODE = Candidate("ode00000", "Ode", "Pie", date(2009, 6, 1), (Wish("Piano", "ris-orangis-messiaen"),))


def asked(application: Application, *rules: DocumentRule) -> list[tuple[str, str]]:
    return [document.slot for document in required_documents(rules, application, TODAY)]


def begun(*candidates: Candidate) -> Application:
    return replace(BEGUN, draft=Answers("Mme Pie", candidates=candidates))


def test_each_condition_is_of_the_candidate_it_names_and_one_wish_fulfils_all_that_is_asked_of_wishes() -> None:
    two = begun(ADA, ODE)

    assert asked(two, HOME, DANCE, GROWN_UP, RIS) == [("domicile", FOYER), ("danse", ADA.key), ("honneur", ODE.key)]
    dances = replace(ODE, wishes=(*ODE.wishes, Wish("Danse classique", "ris-orangis-messiaen")))
    assert asked(begun(dances), RIS, DANCE) == [("ris", ODE.key), ("danse", ODE.key)]


def test_nothing_is_asked_of_who_is_out_and_of_the_household_only_as_long_as_somebody_asks_for_a_place() -> None:
    application = submit(begun(ADA, ODE), NUMBER, NOW)

    assert asked(application.with_standing(Standing(ADA.key, withdrawn_at=NOW)), HOME, DANCE) == [("domicile", FOYER)]
    assert asked(application.withdraw((ADA.key, ODE.key), NOW), HOME, DANCE) == []
    assert asked(begun(), HOME, DANCE) == []


def test_what_is_due_is_what_is_asked_of_who_asks_for_a_place() -> None:
    assert [one.label for one in due_documents((HOME, DANCE), begun(ADA), TODAY)] == [HOME.title, "Certificat, Ada Pie"]


def test_the_folder_of_an_application_names_its_season_and_a_pseudonym() -> None:
    assert application_folder(REF) == "requests/2027/0123456789abcdef0123/"
