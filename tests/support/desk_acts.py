"""Every described act of the desk, on a world where it can be done: its page, its form filled in, its outcome."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.staff.turns import Turn
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.jobs.list_decision import start_list_decision
from chalicelib.settings.wings import WINGS
from chalicelib.web.functions.desk import BLUEPRINTS
from chalicelib.web.office.acts import Act, ActBlueprint
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.admission.domain.applications import TRACKED_AT
from chalicelib.wings.admission.office.applications import ApplicationQuery
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.draws import prepare_draw
from chalicelib.wings.admission.office.list_decision import start_request_list
from chalicelib.wings.campaign.office.campaign_job import CampaignOptions, start_campaign_job
from chalicelib.wings.payment.stores import PaymentStore
from chalicelib.work.long_jobs import desk_jobs
from tests.support import campaigns, desk_courses, draws, imports, two_logins
from tests.support.applications import ALBA, NEW_EMAIL, NUMBER
from tests.support.billing import TO_PAY, bill
from tests.support.cancel_form import send
from tests.support.desk_family import settle, try_in_vain
from tests.support.desk_work import deliver, deliver_all
from tests.support.enrolled_families import NUMBERS, SEASON, keep, key_of, open_for_rossignol, open_period, send_pupils
from tests.support.enrolment import LAST_SECOND, LEO
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.missed_lessons import roll_of, settle_absent
from tests.support.missing_rolls import settle_lesson
from tests.support.pools import POOL
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, TEACHER, enter, member, stores
from tests.support.stored_applications import application_of, open_admission
from tests.support.teaching import PINSON, SITE, WEDNESDAY, link, settle_courses
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tests.wings.payment.examples import PAID

FILE: Final = f"{DESK}/familles/evry-xenakis/xen1"
_WHY: Final = "demandé au guichet"
COLLEAGUE: Final = "huppe@example.org"
Settle = Callable[[World, Visitor], str]  # stores the subject, and returns the address of the form's page


@dataclass(frozen=True)
class TriedAct:
    """An act to try: its declaration, the page of its form, the fields to fill in, the sentence once it is done."""

    path: str
    settle: Settle
    done: str = ""  # part of the confirmation. Empty if the act answers with a page of its own
    typed: Mapping[str, str] = field(default_factory=dict)
    by: str = SECRETARY
    shown: tuple[str, ...] = ()  # the fields of `typed` that a refused form shows again as text

    def __str__(self) -> str:
        return f"{self.path.removeprefix(DESK)} {self.typed.get('action', '')}".strip()

    @property
    def act(self) -> Act:
        """The declaration."""
        return next(act for act in DECLARED if act.path == self.path)

    def form(self, world: World, visitor: Visitor) -> tuple[str, dict[str, str]]:
        """Settle the subject, enter, open the page, and fill in the form as a browser does: its action and fields."""
        enter(world, visitor, self.by)
        page = self.settle(world, visitor)
        enter(world, visitor, self.by)  # again: the clock may have advanced
        action, hidden_values = _form_of(visitor.get(page).text, self.path, self.typed.get("action", ""))
        fields = {name: value.format(**_names(world)) for name, value in self.typed.items()}
        fields |= {"raison": _WHY} if self.act.has_reason else {}
        fields |= {"mot_de_passe": PASSWORD} if self.act.is_proven_again else {}
        return action, hidden_values | fields


DECLARED: Final[tuple[Act, ...]] = tuple(
    act for blueprint in BLUEPRINTS if isinstance(blueprint, ActBlueprint) for act in blueprint.acts
)


def _names(world: World) -> dict[str, str]:
    """Name members, and a day to come, as the addresses and forms of the desk do."""
    pseudonyms = world.services.record.pseudonyms
    people = {"substitute": desk_courses.SUBSTITUTE, "colleague": COLLEAGUE}
    soon = world.now.date() + timedelta(days=3)
    return {name: pseudonyms.of_mailbox(email) for name, email in people.items()} | {"soon": f"{soon:%d/%m/%Y}"}


def _form_of(page: str, path: str, button: str) -> tuple[str, dict[str, str]]:
    """Read the action and the hidden fields of the page's form of an act."""
    action = re.sub(r"\\\{\w+\\\}", r"[\\w-]+", re.escape(path))
    forms = re.findall(rf'<form[^>]* action="({action})"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert forms, f"no form of {path}"
    for address, inside in forms:
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
        values = {name: unescape(value) for name, value in pairs}
        if not button or values.get("action", "") == button:
            return address, values
    raise AssertionError(f"no form of {path} with {button}")


def settle_family_file(world: World, _visitor: Visitor) -> str:
    """Store a family. Returns the address of its file."""
    settle(world)
    return FILE


def _two_accounts(world: World, visitor: Visitor) -> str:
    """Store a family and a second account of it. Returns the address of the look at both."""
    world.settle(AccountRef(ROSSIGNOL.site, "pie9"), password=None)
    return f"{settle_family_file(world, visitor)}/fusion?identifiant=PIE-9"


def _corrected_family(world: World, visitor: Visitor) -> str:
    page = settle_family_file(world, visitor)
    enter(world, visitor)
    action, form = _form_of(visitor.get(page).text, f"{page}/payeur", "")
    return visitor.post(action, form | {"payeur": "Mme Ida Pie", "raison": _WHY, "mot_de_passe": PASSWORD}).headers[
        "Location"
    ]


def _beside_a_colleague(settle_file: Settle) -> Settle:
    def settled(world: World, visitor: Visitor) -> str:
        member(world, COLLEAGUE, "secretary")
        return settle_file(world, visitor)

    return settled


def _taken(settle_file: Settle, ref: AccountRef) -> Settle:
    def settled(world: World, visitor: Visitor) -> str:
        page = settle_file(world, visitor)
        mailbox = world.services.record.pseudonyms.of_mailbox(NEW_EMAIL)
        turn = Turn(ref.site, ref.identifier.format(mailbox=mailbox), SECRETARY, world.now, world.now.date())
        world.database.write_together(stores(world).turns.put(turn))
        return page

    return settled


def _noted(settle_file: Settle) -> Settle:
    def settled(world: World, visitor: Visitor) -> str:
        page = settle_file(world, visitor)
        enter(world, visitor)
        action, form = _form_of(visitor.get(page).text, f"{page}/note", "")
        visitor.post(action, form | {"texte": "Rappeler mardi."})
        return page

    return settled


def _waiting_family(world: World, visitor: Visitor) -> str:
    page = settle_family_file(world, visitor)
    try_in_vain(world)
    return page


def _family_without_mails(world: World, visitor: Visitor) -> str:
    world.aws.client("sesv2").put_suppressed_destination(EmailAddress=EMAIL, Reason="BOUNCE")
    return settle_family_file(world, visitor)


def _family_after_the_period(world: World, visitor: Visitor) -> str:
    page = settle_family_file(world, visitor)
    open_period(world, LAST_SECOND + timedelta(days=1))
    return page


def _family_with_methods(world: World, _visitor: Visitor) -> str:
    two_logins.settle_family(world, passkeys=(TELEPHONE,), links=(LINK,))
    return FILE


def _two_guardians(world: World, _visitor: Visitor) -> str:
    two_logins.settle_family(world)
    return FILE


def _family_with_contact(world: World, visitor: Visitor) -> str:
    settle_reenrolment(world, visitor)
    return FILE


def _member(act: str = "", email: str = SECRETARY, *, is_disabled: bool = False, has_proofs: bool = True) -> Settle:
    def settled(world: World, _visitor: Visitor) -> str:
        settle_courses(world)
        person = member(world, email)
        after = person if has_proofs else person.without_proofs()
        stores(world).members.change(person, after.with_disabled(is_disabled=is_disabled))
        if act == "/detacher":
            link(world)
        return f"{DESK}/personnel/{world.services.record.pseudonyms.of_mailbox(email)}{act}"

    return settled


def _absent(world: World, _visitor: Visitor) -> str:
    settle_absent(world)
    return f"{DESK}/absences?site={SITE}&famille=xen1"


def _forgetful(world: World, _visitor: Visitor) -> str:
    settle_lesson(world)
    return f"{DESK}/absences"


def _course(world: World, _visitor: Visitor) -> str:
    settle_courses(world, WEDNESDAY)
    member(world, TEACHER)
    member(world, desk_courses.SUBSTITUTE, "teacher")
    link(world)
    return desk_courses.COURSE


def _lent_course(world: World, visitor: Visitor) -> str:
    page = _course(world, visitor)
    enter(world, visitor)
    visitor.post(f"{page}/remplacement", desk_courses.loan(world, visitor))
    return page


def _cancelled_lesson(world: World, visitor: Visitor) -> str:
    page = f"{_course(world, visitor)}/annuler"
    enter(world, visitor)
    send(visitor, page)
    return page


def _days(world: World, visitor: Visitor) -> str:
    _course(world, visitor)
    return f"{DESK}/journee/{SITE}/{teacher_key(PINSON)}/2026-11-18/2026-11-18"


def _cancelled_days(world: World, visitor: Visitor) -> str:
    page = _days(world, visitor)
    enter(world, visitor)
    send(visitor, page)
    return page


def _period(world: World, _visitor: Visitor) -> str:
    campaigns.announce(world)
    return f"{DESK}/saison/periode"


def _draw(world: World, _visitor: Visitor) -> str:
    draws.close_admission(world)
    return f"{DESK}/saison/tirages/{draws.SITE}"


def _prepared_draw(world: World, visitor: Visitor, wait: timedelta = timedelta()) -> str:
    page = _draw(world, visitor)
    prepare_draw(world.services, draws.SITE, draws.PLAN, MANAGER, world.now)
    world.wait(wait)
    return page


def _campaign(world: World, _visitor: Visitor) -> str:
    campaigns.announce(world)
    campaigns.settle(world, 2)
    return f"{DESK}/saison/envois/annonce"


def _campaign_job(world: World, visitor: Visitor) -> str:
    _campaign(world, visitor)
    start_campaign_job(world.services, CampaignOptions(None), "Odile Fauvette <fauvette@example.org>", world.now)
    return f"{DESK}/saison/envois/suivi/{campaigns.SEASON}-1"


def _stalled_campaign_job(world: World, visitor: Visitor) -> str:
    page = _campaign_job(world, visitor)
    deliver(world, lambda _event, _context: None)
    world.wait(timedelta(minutes=2))
    return page


def settle_application(world: World, _visitor: Visitor) -> str:
    """Store an application and a pool. Returns its address."""
    open_admission(world)
    application_of(world)
    world.services.admission.pools.change(None, POOL)
    return f"{DESK}/demandes/{NUMBER}"


def settle_reenrolment(world: World, _visitor: Visitor) -> str:
    """Store a sent re-enrolment. Returns its address."""
    open_for_rossignol(world, days=1)
    enrolment = world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    keep(world, send_pupils(enrolment, NUMBERS[1], key_of(LEO)))
    return f"{DESK}/reinscriptions/evry-xenakis/xen1"


def _decided(settle_dossier: Settle, verdict: str) -> Settle:
    """Store a dossier, and decide on a pupil as a secretary. It returns the address of the confirmation."""

    def settled(world: World, visitor: Visitor) -> str:
        page = settle_dossier(world, visitor)
        enter(world, visitor)
        action, form = _form_of(visitor.get(page).text, f"{page}/decision", "")
        return visitor.post(action, form | {"decision": verdict}).headers["Location"]

    return settled


def _billed_family(world: World, visitor: Visitor) -> str:
    settle_family_file(world, visitor)
    bill(world, TO_PAY)
    return f"{DESK}/factures/evry-xenakis/xen1"


def _differing_payment(world: World, visitor: Visitor) -> str:
    settle_family_file(world, visitor)
    attempt = replace(PAID, state="differs", differences=("cents",))
    world.services.store(PaymentStore).revise_at(ROSSIGNOL, lambda payments: replace(payments, attempts=(attempt,)))
    return f"{DESK}/paiements/evry-xenakis/xen1/{attempt.code}"


def _search(world: World, visitor: Visitor) -> str:
    settle_family_file(world, visitor)
    return f"{DESK}/recherche"


def _list(world: World, visitor: Visitor) -> str:
    settle_reenrolment(world, visitor)
    return f"{DESK}/reinscriptions"


def _sent_file(world: World, visitor: Visitor) -> str:
    imports.drop(world, visitor, imports.csv([imports.row(1)]))
    return f"{DESK}/fichiers"


def _studied_file(world: World, _visitor: Visitor) -> str:
    job = imports.surveyed(world, imports.csv([imports.row(1)]))
    return f"{DESK}/fichiers/travaux/{job.id}"


def _applied_file(world: World, visitor: Visitor) -> str:
    page = _studied_file(world, visitor)
    action, form = _form_of(visitor.get(page).text, f"{page}/application", "")
    visitor.post(action, form | {"mot_de_passe": PASSWORD})
    deliver_all(world)
    return page


def _stalled_file(world: World, _visitor: Visitor) -> str:
    job = imports.dropped(world, imports.csv([imports.row(1)]))
    deliver(world, lambda _event, _context: None)
    world.wait(timedelta(minutes=10))
    return f"{DESK}/fichiers/travaux/{job.id}"


def _list_decision(name: str, handle: Callable[[dict[str, Any], object], object] = desk_jobs) -> Settle:
    """Ask for a decision on a whole list, and let a worker take it."""

    def settled(world: World, visitor: Visitor) -> str:
        author = f"Basile Troglodyte <{SECRETARY}>"
        if name == "demandes":
            settle_application(world, visitor)
            wait = AdmissionDecisionInput("waiting", author)
            job = start_request_list(world.services, ApplicationQuery(), ("evry-xenakis",), wait, world.now)
        else:
            settle_reenrolment(world, visitor)
            decision = EnrolmentDecisionInput("accepted", author)
            job = start_list_decision(world.services, PupilQuery("evry-xenakis", SEASON), decision, world.now)
        deliver(world, handle)
        world.wait(timedelta(minutes=2))
        return f"{DESK}/{name}/decisions/{job.id}"

    return settled


def _own(page: str) -> Settle:
    return lambda _world, _visitor: f"{DESK}/mon-acces/{page}"


def _another_session(world: World, visitor: Visitor) -> str:
    enter(world, visitor)
    return _own("connexions")(world, visitor)


_FAMILY: Final = f"{DESK}/familles/{{site}}/{{famille}}"
_MEMBER: Final = f"{DESK}/personnel/{{membre}}"
_JOB: Final = f"{DESK}/fichiers/travaux/{{travail}}"
_CAMPAIGN: Final = f"{DESK}/saison/envois/{{etape}}"
_CAMPAIGN_JOB: Final = f"{DESK}/saison/envois/suivi/{{envoi}}"
_COURSE: Final = f"{DESK}/cours/{{site}}/{{cours}}"
_DAYS: Final = f"{DESK}/journee/{{site}}/{{enseignant}}/{{du}}/{{au}}"
_PAYMENT: Final = f"{DESK}/paiements/{{site}}/{{famille}}/{{tentative}}"
_DRAW: Final = f"{DESK}/saison/tirages/{{site}}"
_SEED: Final = {"annonce": draws.SOURCE, "jour": str(draws.SEED_ON)}
_NAME: Final = f"{SITE} {teacher_key(PINSON)}"
_LESSON: Final = f"{roll_of().course}.2026-11-04"
_ALL: Final = (
    TriedAct(f"{DESK}/recherche", _search, typed={"recherche": "Rossignol"}, shown=("recherche",)),
    TriedAct(f"{DESK}/reinscriptions/export", _list),
    TriedAct(f"{DESK}/reinscriptions/vues", _list, typed={"nom": "À compléter", "etat": "a-completer"}),
    TriedAct(f"{DESK}/demandes/vues", lambda *_: f"{DESK}/demandes", typed={"nom": "En attente"}),
    TriedAct(f"{DESK}/reinscriptions/colonnes", _list),
    TriedAct(f"{DESK}/demandes/colonnes", lambda *_: f"{DESK}/demandes"),
    TriedAct(f"{_FAMILY}/deblocage", _waiting_family, "L'attente est levée"),
    TriedAct(f"{_FAMILY}/mot-de-passe", settle_family_file, "Un mot de passe part par mail"),
    TriedAct(
        f"{_FAMILY}/adresses",
        settle_family_file,
        "Les adresses sont changées",
        {"courriel": "nouvelle@example.org"},
        shown=("courriel",),
    ),
    TriedAct(
        f"{_FAMILY}/adresses",
        settle_family_file,
        "Les adresses sont changées",
        {"adresse": "come@example.org", "action": "retirer"},
    ),
    TriedAct(
        f"{_FAMILY}/telephone",
        settle_family_file,
        "C'est corrigé",
        {"responsable": "1", "telephone": "06 99 00 30 03"},
        shown=("telephone",),
    ),
    TriedAct(
        f"{_FAMILY}/adresse-postale",
        settle_family_file,
        "C'est corrigé",
        {"voie": "8 rue du Bac", "code_postal": "91000", "ville": "Evry"},
        shown=("voie", "ville"),
    ),
    TriedAct(f"{_FAMILY}/payeur", settle_family_file, "C'est corrigé", {"payeur": "Mme Ida Pie"}, shown=("payeur",)),
    TriedAct(
        f"{_FAMILY}/urgence",
        _family_with_contact,
        "C'est corrigé",
        {"urgence_nom": "Mme Ida Pie", "urgence_telephone": "06 99 00 30 03"},
        shown=("urgence_nom", "urgence_telephone"),
    ),
    TriedAct(
        f"{_FAMILY}/eleve",
        settle_family_file,
        "C'est corrigé",
        {"nom": "Zoé Rossignol", "naissance": "01/03/2015"},
        shown=("nom", "naissance"),
    ),
    TriedAct(f"{_FAMILY}/correction/annuler", _corrected_family, "La correction est annulée"),
    *(
        TriedAct(f"{_FAMILY}/{path}", settle_family_file, "C'est corrigé", fields, MANAGER, tuple(fields))
        for path, fields in (
            ("nom", {"nom": "Famille Pie"}),
            ("identifiant", {"identifiant": "PIE-9"}),
            ("responsables", {"nom": "Mme Ida Pie", "telephone": "06 99 00 30 03"}),
            ("eleves", {"nom": "Zoé Rossignol", "naissance": "01/03/2015"}),
        )
    ),
    TriedAct(f"{_FAMILY}/fusion", _two_accounts, "La fusion est lancée", by=MANAGER),
    TriedAct(f"{_FAMILY}/delai", _family_after_the_period, "Le délai est accordé", {"echeance": "25/06/2027"}),
    *(
        TriedAct(f"{path}/{act}", settle, *rest)
        for path, settle_file, ref in (
            (_FAMILY, settle_family_file, ROSSIGNOL),
            (f"{DESK}/demandes/{{numero}}", settle_application, AccountRef(TRACKED_AT, "2027-{mailbox}")),
        )
        for act, settle, *rest in (
            ("suivi", settle_file, "Vous vous occupez de ce dossier", {"action": "prendre"}),
            ("suivi", _taken(settle_file, ref), "Le dossier est rendu", {"action": "rendre"}),
            (
                *("suivi", _beside_a_colleague(settle_file), "Le dossier est confié"),
                {"action": "confier", "collegue": "{colleague}"},
            ),
            (
                *("suivi", settle_file, "C'est noté", {"action": "rappeler", "rappel": "{soon}"}),
                *(SECRETARY, ("rappel",)),
            ),
            ("suivi", _taken(settle_file, ref), "Le rappel n'est plus à faire", {"action": "rappele"}),
            ("note", settle_file, "C'est noté au dossier", {"texte": "Le père vient."}, SECRETARY, ("texte",)),
            ("appel", settle_file, "C'est noté au dossier", {"appel": "rappellera"}),
            ("note/suppression", _noted(settle_file), "La note est supprimée"),
        )
    ),
    TriedAct(f"{_FAMILY}/etat", settle_family_file, "Le compte est désactivé"),
    TriedAct(f"{_FAMILY}/cles", _family_with_methods, "n'ouvrent plus rien"),
    TriedAct(f"{_FAMILY}/mails", _family_without_mails, "Nos mails repartent", {"adresse": EMAIL}),
    TriedAct(f"{_FAMILY}/acces", _two_guardians, "Une invitation part", {"responsable": two_logins.COME}),
    TriedAct(f"{_FAMILY}/coordonnees", _two_guardians, "Les coordonnées sont séparées"),
    TriedAct(
        f"{DESK}/personnel",
        lambda _world, _visitor: f"{DESK}/personnel",
        "L'invitation part par mail",
        {"courriel": SECRETARY, "nom": "Basile Troglodyte", "role": "secretary", "site-evry-xenakis": "oui"},
        MANAGER,
        ("courriel", "nom"),
    ),
    TriedAct(
        _MEMBER,
        _member(),
        "Le rôle et les sites sont enregistrés",
        {"role": "reader", "site-evry-magnard": "oui"},
        MANAGER,
    ),
    TriedAct(f"{_MEMBER}/desactiver", _member("/desactiver"), "L'accès est désactivé", by=MANAGER),
    TriedAct(f"{_MEMBER}/reactiver", _member("/reactiver", is_disabled=True), "L'accès est réactivé", by=MANAGER),
    TriedAct(f"{_MEMBER}/reinitialiser", _member("/reinitialiser"), "L'accès est réinitialisé", by=MANAGER),
    TriedAct(f"{_MEMBER}/inviter", _member("/inviter", has_proofs=False), "L'invitation part par mail", by=MANAGER),
    TriedAct(f"{_MEMBER}/relier", _member("/relier", TEACHER), "Le nom est relié", {"enseignant": _NAME}, MANAGER),
    TriedAct(
        f"{_MEMBER}/detacher", _member("/detacher", TEACHER), "Le nom est détaché", {"enseignant": _NAME}, MANAGER
    ),
    TriedAct(f"{DESK}/absences/rappeler", _forgetful, "Le rappel part par mail"),
    TriedAct(f"{DESK}/absences/excuser", _absent, "L'absence est excusée", {"jour": _LESSON}),
    TriedAct(
        f"{_COURSE}/remplacement",
        _course,
        "Le cours est confié",
        {"remplacant": "{substitute}", "du": "2026-11-04", "au": "11/11/2026", "raison": _WHY},
        shown=("du", "raison"),
    ),
    TriedAct(f"{_COURSE}/remplacement/fin", _lent_course, "Le remplacement est terminé", {"raison": _WHY}),
    TriedAct(
        f"{_COURSE}/annuler",
        lambda world, visitor: f"{_course(world, visitor)}/annuler",
        "annulé",
        {"jour": "2026-11-18", "annulation": "Concert."},
    ),
    TriedAct(
        f"{_COURSE}/annuler/changer",
        lambda world, visitor: f"{_course(world, visitor)}/annuler",
        "C'est changé",
        {"jour": "2026-11-18", "du": "19/11/2026", "heure": "16 h 30", "nom": "Mme Sorbier", "annulation": "Concert."},
        shown=("du", "heure", "nom", "annulation"),
    ),
    TriedAct(f"{_COURSE}/annuler/retablir", _cancelled_lesson, "les séances ont lieu"),
    TriedAct(_DAYS, _days, "annulé", {"annulation": "Concert."}, shown=("annulation",)),
    TriedAct(f"{_DAYS}/retablir", _cancelled_days, "les séances ont lieu"),
    TriedAct(
        f"{DESK}/saison/periode",
        _period,
        "La période est enregistrée",
        {"site": "tous", "ouvre": "2027-06-01", "ferme": "15/06/2027"},
        MANAGER,
        ("ouvre",),
    ),
    TriedAct(f"{DESK}/saison/periode/retirer", _period, "La période est enregistrée", by=MANAGER),
    TriedAct(
        f"{DESK}/factures/{{site}}/{{famille}}/retrait",
        _billed_family,
        "La facture est retirée",
        {"facture": TO_PAY.code},
        MANAGER,
    ),
    TriedAct(f"{_PAYMENT}/relancer", _differing_payment, "PayFiP est interrogé"),
    TriedAct(f"{_PAYMENT}/verifie", _differing_payment, "C'est vérifié", by=MANAGER),
    TriedAct(f"{DESK}/saison/places/propositions", lambda *_: f"{DESK}/saison/places", by=MANAGER),
    TriedAct(f"{_DRAW}/examen", _draw, typed=_SEED, by=MANAGER, shown=("annonce", "jour")),
    TriedAct(
        f"{_DRAW}/tirage",
        lambda world, visitor: _prepared_draw(world, visitor, draws.AFTER),
        "Le tirage est fait",
        {"nombre": draws.SEED, "encore": draws.SEED},
        MANAGER,
        ("nombre", "encore"),
    ),
    TriedAct(f"{_DRAW}/annulation", _prepared_draw, "La liste est annulée", by=MANAGER),
    TriedAct(_CAMPAIGN, _campaign, by=MANAGER),
    TriedAct(f"{_CAMPAIGN}/essai", _campaign, "Un mail d'essai part", by=MANAGER),
    TriedAct(f"{_CAMPAIGN_JOB}/arreter", _campaign_job, by=MANAGER),
    TriedAct(f"{_CAMPAIGN_JOB}/relancer", _stalled_campaign_job, by=MANAGER),
    TriedAct(
        f"{DESK}/demandes/{{numero}}/decision",
        settle_application,
        "mise en liste d'attente",
        {"decision": "waiting", "texte": "Au trimestre prochain."},
        shown=("texte",),
    ),
    TriedAct(
        f"{DESK}/demandes/{{numero}}/place",
        settle_application,
        "place proposée hors de l'ordre",
        {"eleve": ALBA.key, "place": "evry-xenakis/piano-debutant", "raison": _WHY},
        MANAGER,
        ("raison",),
    ),
    TriedAct(
        f"{DESK}/reinscriptions/{{site}}/{{famille}}/decision",
        settle_reenrolment,
        "réinscription",
        {"decision": "to_complete", "texte": "Il manque un certificat."},
        shown=("texte",),
    ),
    *(
        TriedAct(f"{DESK}/{path}/decision/annuler", _decided(settle, verdict), "la décision est annulée")
        for path, settle, verdict in (
            ("reinscriptions/{site}/{famille}", settle_reenrolment, "accepted"),
            ("demandes/{numero}", settle_application, "waiting"),
        )
    ),
    *(
        TriedAct(f"{DESK}/{name}/decisions/{{travail}}/{act}", _list_decision(name, handle), text)
        for name in ("reinscriptions", "demandes")
        for act, handle, text in (
            ("confirmation", desk_jobs, "C'est confirmé"),
            ("reprise", lambda *_: None, "Le travail va reprendre"),
            ("abandon", desk_jobs, "Ce travail est abandonné"),
        )
    ),
    *(
        TriedAct(f"{DESK}/{path}/piece", settle, "remise au guichet", {"constat": "guichet"})
        for path, settle in (
            ("reinscriptions/{site}/{famille}", settle_reenrolment),
            ("demandes/{numero}", settle_application),
        )
    ),
    TriedAct(f"{DESK}/fichiers/etude", _sent_file),
    TriedAct(f"{_JOB}/application", _studied_file, "C'est confirmé", by=MANAGER),
    TriedAct(f"{_JOB}/etude", _studied_file, "étude va être refaite", by=MANAGER),
    TriedAct(f"{_JOB}/reprise", _stalled_file, "Le travail va reprendre", by=MANAGER),
    TriedAct(f"{_JOB}/abandon", _studied_file, "Ce travail est abandonné", by=MANAGER),
    TriedAct(f"{_JOB}/effacement", _applied_file, by=MANAGER),
    TriedAct(
        f"{DESK}/mon-acces/mot-de-passe",
        _own("mot-de-passe"),
        "Votre mot de passe est modifié",
        {
            "actuel": PASSWORD,
            "nouveau": "quatre hautbois sous la neige",
            "confirmation": "quatre hautbois sous la neige",
        },
    ),
    TriedAct(f"{DESK}/mon-acces/codes", _own("codes")),
    TriedAct(f"{DESK}/mon-acces/connexions", _another_session, "devra se reconnecter", {"connexion": "toutes"}),
    TriedAct(f"{DESK}/mon-acces/cles", _own("cles"), typed={"nom": "Téléphone"}, shown=("nom",)),
)
TRIED: Final = [tried for tried in _ALL if WINGS == ALL_WINGS or any(act.path == tried.path for act in DECLARED)]
