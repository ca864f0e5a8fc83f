"""Accounts as the office reads them: addresses, password, acts and notices."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, Failure
from chalicelib.domain.account.audit import AuditAction, ErasureReason
from chalicelib.domain.account.coordinates import frozen_at
from chalicelib.domain.account.notices import NoticeState
from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.staff.consultations import ConsultationKind
from chalicelib.presentation.login_methods import by_text, proof_text
from chalicelib.presentation.texts import Words, day, day_and_hour

FAILURES: Final[dict[Failure, str]] = Words(bounced="revenue", complained="signalée comme indésirable")
NOTICES: Final[dict[NoticeState, str]] = Words(
    sending="envoi incertain", sent="parti", delivered="remis", bounced="revenu", complained="signalé comme indésirable"
)
WITHHELD: Final = "valeur détenue, non communiquée"
ACTS: Final[dict[AuditAction, str]] = Words(
    unlocked="attente levée",
    disabled="compte désactivé",
    enabled="compte réactivé",
    email_changed="adresse e-mail changée",
    telephone_changed="téléphone corrigé",
    address_changed="adresse postale corrigée",
    payer_changed="payeur corrigé",
    emergency_changed="contact d'urgence corrigé",
    pupil_changed="nom ou date de naissance d'un élève corrigé",
    name_changed="nom de la famille corrigé",
    identifier_changed="identifiant changé",
    merged="réunion avec un autre compte de la famille",
    guardians_changed="responsable ajouté, ou retiré",
    pupils_changed="élève ajouté, ou retiré",
    correction_undone="correction annulée",
    resent="mot de passe renvoyé",
    unsuppressed="mails vers une adresse rétablis",
    exported="données exportées",
    restored="données remises dans un état antérieur",
    document_received="pièce remise au guichet",
    document_accepted="pièce acceptée",
    document_refused="pièce refusée",
    noted="note du bureau",
    called="appel",
    note_removed="note supprimée par son auteur",
    file_taken="dossier pris en main",
    file_given="dossier confié",
    file_returned="dossier rendu",
    call_planned="à rappeler",
    call_done="rappel fait, ou plus à faire",
    login_invited="responsable invité à son propre accès",
    sign_in_changed="clés d'accès et FranceConnect retirés",
    separated="coordonnées séparées",
    reunited="coordonnées communes à nouveau",
    invoice_removed="facture retirée",
    payment_checked="paiement en ligne vérifié",
    documents_read="pièces déposées consultées",
    letter_printed="courrier d'accès imprimé",
    enrolment_extended="délai de réinscription accordé",
    enrolment_entered="réinscription saisie pour la famille",
    pupil_accepted="réinscription acceptée",
    pupil_declined="réinscription refusée",
    pupil_asked="complément demandé",
    pupil_undone="décision annulée",
    request_waiting="pré-inscription mise en liste d'attente",
    request_asked="complément demandé à une pré-inscription",
    request_declined="pré-inscription refusée",
    request_accepted="compte ouvert pour une pré-inscription",
    request_joined="élève ajouté au compte, d'une pré-inscription",
    request_undone="décision sur une pré-inscription annulée",
    place_offered="place proposée hors de l'ordre",
    place_given="place donnée hors de l'ordre",
    absence_excused="absence excusée",
    period_set="période de réinscription changée",
    new_period_set="période des nouvelles demandes changée",
    campaign_asked="envoi aux familles demandé",
    campaign_stopped="envoi aux familles arrêté",
    draw_prepared="liste du tirage au sort arrêtée",
    draw_run="tirage au sort fait",
    draw_cancelled="liste du tirage au sort annulée",
    invoices_imported="liste de factures appliquée",
    places_imported="liste de places appliquée",
    places_offered="places libres proposées",
    stage_imported="déploiement repris d'un export",
)
CALLS: Final = {  # by the value of the button that notes a call
    "rappellera": "a appelé, rappellera",
    "regle": "a appelé, c'est réglé",
    "sans-reponse": "appelée, pas de réponse",
    "message": "appelée, message laissé",
}
CONSULTATIONS: Final[dict[ConsultationKind, str]] = Words(
    family_read="dossier de la famille",
    enrolment_read="réinscription",
    bills_read="factures",
    request_read="demande",
    report_read="bilan du site, qui nomme les familles à appeler",
    telephones_read="téléphones des responsables, par un enseignant",
)
REASONS: Final[dict[ErasureReason, str]] = Words(
    asked="demande",
    duplicate="doublon",
    mistake="erreur",
    purged="purge",
    documents="pièces (fichiers)",
    requests="purge (pré-inscriptions)",
)


def name_and_identifier(account: Account) -> str:
    """Name an account: « Famille Rossignol (XEN 1) »."""
    return f"{account.name} ({account.display_identifier or account.ref.identifier})"


def moment(when: datetime | None, otherwise: str = "jamais") -> str:
    """Format a moment, or its absence."""
    return f"le {day_and_hour(when)}" if when else otherwise


def join_words(words: Iterable[str], otherwise: str = "aucune") -> str:
    """Join some words by commas."""
    return ", ".join(words) or otherwise


def state_text(account: Account, otherwise: str = "") -> str:
    """Describe why an account is closed: fully by the office, or to its passwords by its family."""
    if account.disabled:
        return "désactivé"
    frozen = frozen_at(account)
    return f"gelé par la famille le {day_and_hour(frozen)}" if frozen else otherwise


def password_text(account: Account) -> str:
    """Describe how an account got its password, never the password itself."""
    if account.password is None:
        return "aucun" if account.has_login_methods else "aucun : jamais activé, ou à redemander"
    how = "choisi" if account.password.origin == "chosen" else "reçu par mail, gardé depuis"
    return f"{how} {moment(account.password.changed_at)}"


def methods_text(account: Account) -> str:
    """Name the login methods: « 2 clés d'accès et FranceConnect ». Empty if there are none."""
    count = len(account.passkeys)
    keys = {0: "", 1: "une clé d'accès"}.get(count, f"{count} clés d'accès")
    return " et ".join(filter(None, (keys, "FranceConnect" * bool(account.links))))


def method_texts(account: Account) -> Iterator[str]:
    """Describe the owner, dates and proof of each passkey and link, without its name or number."""
    for key in account.passkeys:
        since = f"clé d'accès ajoutée {moment(key.added_at)}{by_text(key.by)}, {proof_text(key.proof)}"
        yield f"{since}, dernière utilisation : {moment(key.used_at)}"
    for link in account.links:
        since = f"FranceConnect relié {moment(link.linked_at)}{by_text(link.by)}, {proof_text(link.proof)}"
        yield f"{since}, dernière utilisation : {moment(link.used_at)}"


def unused_passwords(account: Account, now: datetime) -> str:
    """List the ends of the unused mailed passwords that still open the account. Empty if there are none."""
    until = sorted(mailed.expires_at for mailed in account.mailed_passwords if mailed.expires_at > now)
    return join_words((f"valable jusqu'au {day_and_hour(moment)}" for moment in until), "")


def guardian_text(guardian: Guardian) -> str:
    """Name a guardian, with address and telephone."""
    email = f"<{guardian.email}>" if guardian.email else ""
    telephone = f"({guardian.telephone})" if guardian.telephone else ""
    return " ".join(filter(None, (guardian.name, email, telephone)))


def pupil_text(pupil: Pupil) -> str:
    """Name a pupil, and their courses."""
    born = f"naissance le {day(pupil.born_on)}" if pupil.born_on else ""
    more = ", ".join(filter(None, (born, " + ".join(map(course_text, pupil.courses)))))
    return f"{pupil.name} ({more})" if more else pupil.name


def course_text(course: Course) -> str:
    """Describe a course: discipline, teacher, hours and place."""
    facts = (course.discipline, course.level, course.teacher, course.slot, course.place)
    return ", ".join(filter(None, facts))
