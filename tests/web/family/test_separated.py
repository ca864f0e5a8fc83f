"""Coordinates kept apart: no page, refusal, mail or export shows a guardian the other's address, telephone, e-mail."""

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from agency.rights.personal_data import personal_data_json, personal_data_text
from app import app
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.separation import as_seen
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.family.redaction import HIDDEN, hide
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.infra.dynamo.revise import nothing
from chalicelib.mail import letters
from chalicelib.office.enrolment.extend import extend, extension_version
from chalicelib.office.enrolment.mails import decision_mails
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import TELEPHONE, NewValues, correct
from chalicelib.office.rights.subject_access import export
from chalicelib.settings.wings import has
from chalicelib.wings.campaign.mail import CampaignNotice
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonCancellation, LessonChange
from chalicelib.wings.teaching.domain.courses import TaughtCourse, course_key
from chalicelib.wings.teaching.domain.messages import CourseMessage, CourseMessages, MessageRef
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.mail import AbsencesDue, CourseMessagePosted, LessonsChanged
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support.answers import STAYS, WHOLE
from tests.support.assessments import write
from tests.support.campaigns import begin
from tests.support.change_links import link_of
from tests.support.enrolment import CONTINUES, EVE_KEY, FOYER, HOUSEHOLD, LEO_KEY, REF, ZELIE, ZELIE_KEY, enrolment
from tests.support.enrolment_pages import version_of_page
from tests.support.french import plain
from tests.support.login_methods import LINK
from tests.support.opinions import opinion_ref, say
from tests.support.template_files import template_files
from tests.support.two_logins import AIMEE, COME, COMES, COMES_PASSWORD, put, settle_two_logins
from tests.support.unchanged import LAST_YEAR, answered, sent_last_year
from tests.support.unchanged import PAGE as UNCHANGED
from tests.support.uploads import new_key
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World

AREA: Final = "/extranet/compte"
STEPS: Final = f"{AREA}/reinscription"
NUMBER: Final = "R27-BCDF-GHJK"
# No family can log in there (`tests/web/office`).
STAFF: Final = ("/extranet/bureau", "/extranet/enseignant")
PATHS: Final = sorted(path for path in app.routes if path != f"{AREA}/deconnexion" and not path.startswith(STAFF))
PARTS: Final = {
    "eleve": (ZELIE_KEY, LEO_KEY, EVE_KEY),
    "numero": (NUMBER,),
    "facture": ("FA-2027-001",),
    "tentative": ("aucune",),
    "famille": ("aucune",),
    "annee": ("2026",),
    "lien": ("sealed",),
    "site": (ROSSIGNOL.site,),
}
# Each guardian's addresses and telephones, current and former. Tests type them in several spellings.
HERS: Final = {
    "email": "aimee-secrete@example.org",
    "former": "aimee-jadis@example.org",
    "waiting": "aimee-demain@example.org",
    "telephone": "06 99 11 11 11",
    "before": "06 99 11 11 22",
    "street": "11 rue Ouverte aux Rossignols",
    "moved": "12 rue Quittée par Aimée",
    "town": "91111 Aiméeville",
}
HIS: Final = {
    "email": "come-secret@example.net",
    "former": "come-jadis@example.net",
    "waiting": "",
    "telephone": "06 99 22 22 22",
    "before": "06 99 22 22 33",
    "street": "22 impasse Close aux Merles",
    "moved": "23 impasse Quittée par Côme",
    "town": "92222 Cômeville",
}


@dataclass(frozen=True)
class Login:
    """One of the two, with its own coordinates and the other's."""

    ref: AccountRef
    password: str
    own: dict[str, str]
    others: dict[str, str]


LOGINS: Final = (Login(ROSSIGNOL, PASSWORD, HERS, HIS), Login(COMES, COMES_PASSWORD, HIS, HERS))
EACH: Final = pytest.mark.parametrize("me", LOGINS, ids=["the first", "the second"])
OBOE: Final = ZELIE.courses[0]
OPINION: Final = "Joue sans écouter les autres."  # a teacher's, in every season: for the office only
AUTHOR: Final = Author("Mme Houx", "la famille l'a demandé")


def secrets(of: dict[str, str]) -> list[str]:
    return [secret for secret in of.values() if secret]


def found(text: str, of: dict[str, str]) -> list[str]:
    """List the coordinates that appear in a text, ignoring blanks."""
    content = re.sub(r"\s", "", html.unescape(text)).casefold()
    return [secret for secret in secrets(of) if re.sub(r"\s", "", secret).casefold() in content]


@pytest.fixture
def family(world: World) -> Account:
    """Store a family kept apart, with both guardians' coordinates in every text."""
    family = settle_two_logins(world, display_identifier="XEN 1")
    aimee, guardian = family.household.guardians
    for old in (True, False):
        moment, hers, his = world.now - timedelta(days=old), HERS, HIS
        email, telephone, street = ("former", "before", "moved") if old else ("email", "telephone", "street")
        guardians = (
            replace(aimee, email=hers[email], telephone=hers[telephone]),
            replace(guardian, email=his[email], telephone=his[telephone], address=(his[street], his["town"])),
        )
        payer = f"{AIMEE}, {hers[telephone]}, ou {COME}, {his[street]}"
        household = replace(family.household, guardians=guardians, address=(hers[street], hers["town"]), payer=payer)
        after = replace(family, household=household, emails=(hers[email], his[email]))
        family = record_corrections(family, after, Actor("family", AIMEE), moment)
    waiting = PendingEmail("waiting", HERS["waiting"], AIMEE, world.now)
    family = put(world, replace(family, separated_at=world.now, pending_email=waiting))
    put(world, replace(world.account(COMES), emails=(HIS["email"],)))
    enrol(world)
    if has("teaching"):
        speak_of_lessons(world)
    return family


def speak_of_lessons(world: World) -> None:
    """Write both guardians' coordinates into a pupil's lessons, as a guardian, a teacher and the office."""
    stores, pupil, key = world.services.teaching, PupilRef(ROSSIGNOL.identifier, ZELIE_KEY), course_key(OBOE)
    words, days = f"Appelez {HERS['telephone']} ou {HIS['telephone']}.", (7, 14)
    away, cancelled_day = (world.now.date() + timedelta(days=some) for some in days)
    absence, why = AnnouncedAbsence(world.now, AIMEE, words), LessonCancellation("Mme Saule", world.now, words)
    stores.announcements.revise_at(ROSSIGNOL.site, pupil, lambda found: found.with_announced((key, away), absence))
    stores.changes.revise_at(ROSSIGNOL.site, key, lambda found: found.with_cancelled(cancelled_day, why))
    write(world, words, pupil=ZELIE, course=OBOE)


def answers() -> HouseholdAnswers:
    number = HERS["telephone"].replace(" ", "")
    return replace(
        WHOLE,
        emergency_name=f"{AIMEE}, {HERS['email'].upper()}",
        emergency_telephone=f"{HERS['telephone']} / {HIS['telephone']}",
        pickup_persons=f"Mme Houx ; +33 {number[1:]}, ou {HIS['email']}",
    )


def enrol(world: World) -> None:
    """Answer and send everything, this year and the last, with both guardians' coordinates in the answers."""
    words = f"Chez {HERS['street'].lower()}\nou chez  {HIS['street']}. Avant : {HERS['before']}, {HIS['moved']}."
    author = SavedBy(AIMEE, world.now)
    for season in ("2026", "2027"):
        draft = Enrolment(EnrolmentRef(ROSSIGNOL, season)).with_household(answers(), author)
        for key, name in ((ZELIE_KEY, "Zélie Rossignol"), (LEO_KEY, "Léo Rossignol")):
            draft = draft.with_pupil(PupilFile(key, name, replace(STAYS, remark=words), author), world.now)
        enrolment_sent = submit(draft, draft.pupils[:1], NUMBER if season == "2027" else "R26-BCDF-GHJK", author)
        decision = EnrolmentDecision(
            "to_complete", "Mme Houx", world.now, f"Appelez {HERS['telephone']} ou {HIS['telephone']}."
        )
        key = enrolment_sent.receipts[0].pupils[0][0]
        world.services.enrolments.change(Enrolment(draft.ref), enrolment_sent.with_decision(key, decision))
        for pupil in HOUSEHOLD.pupils:
            for course in pupil.courses if has("teaching") else ():
                say(world, opinion_ref(ROSSIGNOL, pupil, course, season), "unfavourable", OPINION, course)


def words_of(answer: TestResponse) -> str:
    """Read the text of an answer: a page, or the PDF of a receipt."""
    if answer.headers.get("Content-Type") != "application/pdf":
        return answer.get_data(as_text=True)
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def addresses() -> Iterator[str]:
    for path in PATHS:
        prefix, _, rest = path.partition("{")
        name, _, suffix = rest.partition("}")
        yield from ([f"{prefix}{part}{suffix}" for part in PARTS[name]] if rest else [path])


def change_link(world: World, email: str) -> str:
    """Find the link « Ce n'est pas moi » in the latest notice of changed addresses, as sent to one of them."""
    change = next(one for one in reversed(world.account().access_corrections) if one.what == "emails")
    return f"{AREA}/ce-n-est-pas-moi/{link_of(world, ROSSIGNOL, change, email)}"


def press(visitor: Visitor, link: str) -> TestResponse:
    page, _, token = link.rpartition("/")
    return visitor.post(page, {"lien": token})


@EACH
def test_no_path_tells_the_other_s_coordinates(world: World, visitor: Visitor, family: Account, me: Login) -> None:
    """Every path as it is opened, and as each form of it is refused or accepted."""
    assert family.separated_at
    read: set[str] = set()
    forms: tuple[dict[str, str], ...] = (
        FOYER | CONTINUES | {"vu": "stale", "email": "x@example.org", "actuel": me.password},
        {},
    )
    for address in addresses():
        shown = visitor.get(address)
        if shown.headers.get("Location") == "/extranet/usager":
            visitor.log_in(me.ref, me.password)
            shown = visitor.get(address)
        read |= set(found(shown.text, me.own))
        texts = [words_of(shown), str(shown.headers)]
        for quoi in ("telephones", "adresse", "payeur", "confirmation", "annonce"):
            for form in forms if quoi in {"payeur", "annonce"} or address.endswith("famille") else ():
                answer = visitor.post(address, form | {"quoi": quoi})
                texts += [words_of(answer), str(answer.headers)]
        assert found("".join(texts), me.others) == [], address
        assert OPINION not in plain("".join(texts)), address

    assert set(secrets(me.own)) - read <= {me.own["former"]}, "or this would look for what no page shows"
    visitor.log_in(me.ref, me.password)
    link = change_link(world, me.own["former"])
    for answer in (visitor.get(link), press(visitor, link), visitor.get(link)):
        assert answer.status_code in {200, 303}
        assert found(words_of(answer) + str(answer.headers), me.others) == []
    assert world.account().household.guardians[0].telephone == HERS["telephone"]


@pytest.mark.wing("teaching")
@EACH
def test_no_page_of_lessons_tells_them_and_each_has_its_words(visitor: Visitor, family: Account, me: Login) -> None:
    """Announced absences, cancelled lessons, assessments, and the calendar whose address the other created."""
    assert family.separated_at
    other = next(login for login in LOGINS if login != me)
    page = f"{AREA}/eleves/{ZELIE_KEY}"
    visitor.log_in(other.ref, other.password)
    assert visitor.post(f"{page}/agenda", {"action": "create", "vu": ""}).status_code == 303
    visitor.log_in(me.ref, me.password)

    lessons, assessments, calendar = (
        visitor.get(f"{page}{ending}").text for ending in ("", "/appreciations", "/agenda")
    )
    address = re.search(r'value="http://[^/"]+(/extranet/compte/agenda/[\w-]+)"', calendar)
    assert address
    lessons_file = visitor.get(address[1]).text

    for text in (lessons, assessments, calendar, lessons_file):
        assert found(text, me.others) == []
    assert (
        lessons.count(me.own["telephone"].replace(" ", "\N{NO-BREAK SPACE}")) + lessons.count(me.own["telephone"]) == 2
    )
    assert found(assessments, me.own) == [me.own["telephone"]]


def tell_of_lessons(world: World) -> None:
    """Mark a pupil absent, cancel a lesson, and send a teacher's message to their course."""
    stores, course, day = world.services.teaching, course_key(OBOE), world.now.date()
    next_week = day + timedelta(days=7)
    rebuild(world.services, (ROSSIGNOL.site,), world.now)
    stores.rolls.revise_at(
        RollRef(ROSSIGNOL.site, course, day),
        lambda roll: roll.save({PupilRef(ROSSIGNOL.identifier, ZELIE_KEY): "absent"}, "Mme Saule", world.now),
    )
    cancellation = LessonCancellation("Mme Saule", world.now, "Concert.")
    stores.changes.revise_at(ROSSIGNOL.site, course, lambda found: found.with_cancelled(next_week, cancellation))
    change = LessonChange("Mme Saule", world.now, "held")
    stores.changes.revise_at(ROSSIGNOL.site, course, lambda found: found.with_change(day, change))
    words, lesson = (
        CourseMessages(ROSSIGNOL.site, course, day),
        TaughtCourse(course, OBOE.discipline, OBOE.slot, "", ()),
    )
    message = CourseMessage("0" * 16, world.now, "Mme Saule", "Pensez au concert.", 1, 2)
    stores.messages.revise(words, lambda found: found.with_message(message, 1, OBOE.teacher, lesson), nothing)
    request: dict[str, Any] = {"request": "lesson", "asked_at": world.now, "site": ROSSIGNOL.site}
    world.services.post_box.post(
        AbsencesDue(**request, course=course, day=day.isoformat(), due_at=world.now),
        LessonsChanged(**request, course=course, teacher=teacher_key(OBOE.teacher), day=next_week.isoformat()),
        LessonsChanged(
            **request, about="changed", act="held", lessons=((course, day.isoformat(), teacher_key(OBOE.teacher)),)
        ),
        CourseMessagePosted(**request, message=MessageRef(ROSSIGNOL.site, course, day, message.key).name),
    )


def give_time_and_news(world: World) -> None:
    """Give the family more time to re-enrol, and news of its lessons."""
    extension = Extension(date(2027, 12, 31), "hospitalisation", "Mme Houx", world.now)
    assert extend(world.services, ROSSIGNOL, extension, extension_version(world.account()))[1]
    tell_of_lessons(world)


@pytest.mark.wing("campaign", "teaching")
@EACH
def test_no_mail_tells_a_guardian_the_other_s_coordinates(
    world: World, visitor: Visitor, family: Account, me: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every letter except the two of an invitation, which have a test of their own below."""
    fill, names = letters.fill, set[str]()

    def note(name: str, *arguments: Any) -> letters.Letter:
        names.add(name)
        return fill(name, *arguments)

    monkeypatch.setattr(letters, "fill", note)
    whole = enrolment(world)
    services, pseudonyms = world.services, world.services.record.pseudonyms
    services.post_box.post(*decision_mails(services, family, whole, whole.receipts[0].pupils[0][0], "request"))
    visitor.log_in(me.ref, me.password)
    send_from(visitor, "pieces", {"papier-quotient-familial-foyer": "oui", "par": "1", "plus_tard": "oui"})
    send_from(visitor, "recapitulatif", {f"envoyer-{LEO_KEY}": "oui"})
    begin(world)
    begin(world, "rappel-2027", step="started", about="reinscription-2026", since=world.now - timedelta(days=9))  # type: ignore[arg-type]
    for campaign in ("reinscription-2026", "rappel-2027"):
        for email in family.emails:
            services.post_box.post(
                CampaignNotice(
                    request="c",
                    asked_at=world.now,
                    campaign=campaign,
                    mailbox=pseudonyms.of_mailbox(email),
                    accounts=((ROSSIGNOL.site, ROSSIGNOL.identifier),),
                )
            )
    visitor.post(f"{AREA}/mot-de-passe-perdu", {"identifiant": "XEN 1", "email": me.own["email"]})
    world.services.accounts.enter_all_mailboxes((family, world.account(COMES)))
    visitor.post(f"{AREA}/identifiant-perdu", {"email": me.own["email"]})
    page = visitor.get(f"{AREA}/famille/e-mail").text
    change = {"action": re.findall(r'value="(remplacer-\d)"', page)[0], "email": "nouvelle@example.org",
              "actuel": me.password, "vu": version_of_page(visitor, f"{AREA}/famille/e-mail")}  # fmt: skip
    assert visitor.post(f"{AREA}/famille/e-mail", change).status_code == 303
    world.deliver()
    code = re.findall(r"^Code : (.+)$", "\n".join(mail.text for mail in world.mails()), re.MULTILINE)[-1]
    form = {"code": code, "vu": version_of_page(visitor, f"{AREA}/famille/e-mail/code")}
    assert visitor.post(f"{AREA}/famille/e-mail/code", form).status_code == 303
    change_of_password = {"actuel": me.password, "nouveau": "Pinson8Gris", "confirmation": "Pinson8Gris"}
    assert visitor.post(f"{AREA}/mot-de-passe", change_of_password).status_code == 303
    assert visitor.post(f"{AREA}/acces/preuve", {"action": "code"}).status_code == 303
    login, by = world.account(me.ref), MethodsAuthor(Actor("family"))
    change_methods(world.visit(), login, lambda found: found.with_link(LINK), by)
    world.deliver()
    assert [mail.to for mail in world.mails() if mail.subject.startswith("L'accès")] == [change["email"]]
    subjects = " ".join(mail.subject.lower() for mail in world.mails() if mail.to == me.others["email"])
    assert "adresse e-mail" not in subjects
    assert "mot de passe" not in subjects
    assert press(visitor, change_link(world, me.own["email"])).status_code in {200, 303}
    world.deliver()

    case = HelpdeskCase(ROSSIGNOL.identifier, ROSSIGNOL.site, AUTHOR)
    for guardian, telephone in ((1, HERS["before"]), (2, HIS["before"])):
        values = NewValues(str(guardian), (telephone,), TELEPHONE.version_of(world.account()))
        assert correct(services, case, TELEPHONE, values, world.now).has_changed
    give_time_and_news(world)
    for _ in range(3):  # the jobs that are due, then their mails, a batch at a time
        world.deliver()

    of_families = {
        path.stem for path in template_files("letters/*.txt") if not path.stem.startswith(("admission_", "staff_"))
    }
    assert of_families - names == {
        *("invitation", "login_added", "identifier_given"),
        *(["payment_received"] if has("payment") else []),  # `tests/wings/payment/web/test_family.py`
    }
    my_addresses = {me.own["email"], "nouvelle@example.org"}
    leaks_of = {
        mail.subject: found(mail.subject + mail.text + mail.html, me.others)
        for mail in world.mails()
        if mail.to in my_addresses
    }

    assert [mail.subject for mail in world.mails() if OPINION in plain(mail.text + mail.html)] == []
    assert len(leaks_of) >= 10, sorted(leaks_of)
    assert {subject: leaks for subject, leaks in leaks_of.items() if leaks} == {}
    mails = [mail for mail in world.mails() if mail.to == me.others["email"]]
    assert [mail.subject for mail in mails if found(mail.text + mail.html, me.own)] == []


@pytest.mark.wing("teaching")
@EACH
def test_no_export_tells_the_other_s_coordinates_nor_gives_its_papers(world: World, family: Account, me: Login) -> None:
    """The right of access belongs to one guardian: the identifier typed by the office selects it.

    A tax notice bears an address, which no pattern hides.
    """
    pseudonyms = world.services.record.pseudonyms
    folder = family_folder("2027", family.ref.site, pseudonyms.of(*astuple(family.ref)))
    keys = {who: new_key(folder, ("quotient-familial", who)) for who in (AIMEE, COME, "nobody in particular")}
    begun = noted = enrolment(world)
    for who, key in keys.items():
        world.services.documents.put(key, b"%PDF", "application/pdf")
        if who in {AIMEE, COME}:
            noted = noted.with_document(ProvidedDocument("quotient-familial", who, SavedBy(who, world.now), key))
    world.services.enrolments.change(begun, noted)

    data = export(world.services, HelpdeskCase(me.ref.identifier, None, AUTHOR), world.now)

    assert [file.key for file in data.uploads] == [keys[AIMEE if me.ref == ROSSIGNOL else COME]]
    for text in (
        json.dumps(personal_data_json(data, pseudonyms), default=str, ensure_ascii=False),
        personal_data_text(data, pseudonyms, world.services.settings.network),
    ):
        assert found(text, me.others) == []
        assert {me.own["email"], me.own["telephone"], me.own["street"]} <= set(found(text, me.own))
        assert OPINION in text


def typed_as_shown(visitor: Visitor) -> dict[str, str]:
    """Read the texts of the household's form, in which the other's coordinates are hidden."""
    page = html.unescape(visitor.get(f"{STEPS}/foyer").text)
    names = ("urgence_nom", "urgence_telephone", "personnes_autorisees", "payeur")
    fields = {name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)[0] for name in names}
    assert HIDDEN in fields["urgence_telephone"]
    return fields


def send_from(visitor: Visitor, step: str, form: dict[str, str]) -> TestResponse:
    """Send the form of a step as it is now."""
    answer = visitor.post(f"{STEPS}/{step}", form | {"vu": version_of_page(visitor, f"{STEPS}/{step}")})
    assert answer.status_code == 303, answer.text
    return answer


def test_what_is_hidden_and_comes_back_so_is_as_it_was(world: World, visitor: Visitor, family: Account) -> None:
    """The second guardian ticks a box in the household: the hidden number stays, and its own too."""
    assert family.separated_at
    visitor.log_in(COMES, COMES_PASSWORD)
    fields = typed_as_shown(visitor)
    assert HIS["telephone"] in fields["urgence_telephone"]

    send_from(visitor, "foyer", FOYER | fields | {"reglement": "oui", "payeur": "Mme Houx"})

    stored_enrolment = enrolment(world)
    assert stored_enrolment.household == replace(answers(), payer="Mme Houx")
    assert stored_enrolment.household_saved is not None
    assert stored_enrolment.household_saved.by == COME
    assert stored_enrolment.receipts[0].household == answers()


def test_last_year_s_is_proposed_hidden_and_saved_as_it_was(world: World, visitor: Visitor, family: Account) -> None:
    assert family.separated_at
    world.database.write_together(world.services.enrolments.delete(REF))
    visitor.log_in(COMES, COMES_PASSWORD)
    typed = typed_as_shown(visitor)

    form = FOYER | typed | {"reglement": "oui", "coordonnees": "oui", "vu": version_of_page(visitor, f"{STEPS}/foyer")}
    answer = visitor.post(f"{STEPS}/foyer", form)

    assert answer.status_code == 303, answer.text
    saved = enrolment(world).household
    assert [saved.emergency_name, saved.emergency_telephone, saved.pickup_persons] == [
        *(answers().emergency_name, answers().emergency_telephone, answers().pickup_persons)
    ]


def test_each_corrects_its_own_and_nothing_of_the_other(world: World, visitor: Visitor, family: Account) -> None:
    visitor.log_in(COMES, COMES_PASSWORD)

    view = as_seen(family, COMES).view
    assert view

    def version(quoi: str) -> str:
        page = visitor.get(f"{AREA}/famille").text
        return page.split(f'name="quoi" value="{quoi}"')[0].rpartition('name="vu" value="')[2].split('"')[0]

    address = {"voie": "24 impasse du Lac", "code_postal": "92222", "ville": "Cômeville"}
    payer = {"payeur": hide(family.household.payer, view.secrets) + ", par virement"}
    for quoi, fields in (
        *(("payeur", payer), ("telephones", {"telephone-2": "06 99 22 22 44"}), ("adresse", address)),
        ("confirmation", {}),
    ):
        assert visitor.post(f"{AREA}/famille", {"quoi": quoi, "vu": version(quoi), **fields}).status_code == 303

    before, after = family.household, world.account().household
    assert (after.guardians[0], after.address) == (before.guardians[0], before.address)
    assert after.payer == f"{before.payer}, par virement"
    assert after.guardians[1].telephone == "06 99 22 22 44"
    assert after.guardians[1].address == ("24 impasse du Lac", "92222 Cômeville")
    assert after.guardians[1].login == COMES.identifier


def test_the_receipt_keeps_what_its_sender_is_not_shown(world: World, visitor: Visitor, family: Account) -> None:
    assert family.separated_at
    visitor.log_in(COMES, COMES_PASSWORD)
    send_from(visitor, "pieces", {"papier-quotient-familial-foyer": "oui", "plus_tard": "oui"})

    answer = send_from(visitor, "recapitulatif", {f"envoyer-{LEO_KEY}": "oui"})

    receipt = enrolment(world).receipts[-1]
    assert (receipt.household, receipt.by) == (answers(), COME)
    assert [told.remark for _, _, told in receipt.pupils if HIDDEN in told.remark] == []
    assert found(visitor.get(answer.headers["Location"]).text, HERS) == []
    assert enrolment(world).ref == REF


def test_what_its_sender_is_not_shown_is_sent_as_it_was(world: World, visitor: Visitor, family: Account) -> None:
    """Last year's answers, which are proposed, contain the other's number."""
    assert family.separated_at
    world.database.write_together(*map(world.services.enrolments.delete, (REF, LAST_YEAR)))
    sent_last_year(world)
    last = world.services.enrolments.find(LAST_YEAR)
    receipts = tuple(replace(receipt, household=answers()) for receipt in last.receipts)
    world.services.enrolments.change(last, replace(last, receipts=receipts))
    visitor.log_in(COMES, COMES_PASSWORD)
    form = answered(visitor)
    assert found(visitor.get(UNCHANGED).text, HERS) == []

    answer = visitor.post(UNCHANGED, form)

    assert answer.status_code == 303
    (receipt,) = enrolment(world).receipts
    own = ("emergency_name", "emergency_telephone", "pickup_persons")
    assert [getattr(receipt.household, name) for name in own] == [getattr(answers(), name) for name in own]
    assert receipt.by == COME
    assert found(words_of(visitor.get(f"{answer.headers['Location']}/pdf")), HERS) == []


def test_the_first_guardian_invites_the_other_unseeing(world: World, visitor: Visitor, family: Account) -> None:
    guardians = tuple(replace(guardian, login="") for guardian in family.household.guardians)
    put(world, replace(family, household=replace(family.household, guardians=guardians)))
    put(world, replace(world.account(COMES), password=None))
    visitor.log_in()

    answer = visitor.post(f"{AREA}/famille/acces", {"responsable": "2", "actuel": PASSWORD})

    assert answer.status_code == 303
    assert found(visitor.get(f"{AREA}/famille/acces").text, HIS) == []
    world.deliver()
    assert [mail.to for mail in world.mails() if "vous invite" in mail.text] == [HIS["email"]]
    assert found("".join(mail.text for mail in world.mails() if mail.to == HERS["email"]), HIS) == []


def test_no_template_reads_what_is_for_writes_only() -> None:
    """A page is made from `Visitor.account`, the view of its login, never from `Visitor.on_file`."""
    pages = {path.name: path.read_text("utf-8") for path in template_files("**/*.html")}

    assert [name for name, page in pages.items() if re.search(r"\b(visitor\.on_file|last_on_file)\b", page)] == []
