"""`clef families erase|erasures`: erase a family from all tables, and list the erasures without names."""

from typing import Annotated, Final, Literal

import typer

from agency.console import output
from agency.console.connection import connect, wait_for_requests
from agency.console.options import LOCAL, AsJson, Identifier, SiteOfFamily, Stage
from agency.console.output import confirm_by_typing, plural
from agency.rights.personal_data import BACKUP_DAYS, DEAD_LETTER_DAYS, FORMER_DOCUMENT_DAYS, LOG_DAYS
from chalicelib.domain.account.audit import Counts, Erasure, ErasureReason
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.office.rights.erasure import erase as erase_account
from chalicelib.office.rights.erasure import preview
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.presentation.office.accounts import REASONS, join_words, name_and_identifier
from chalicelib.presentation.texts import day_and_hour
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.office.rights import application_named, erase_application
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.teaching.office.rights import LessonData
from operations.restore.tables import KEPT_FOR

Reason = Literal["demande", "doublon", "erreur"]  # one of three, since a free text might name the family
_REASONS: Final[dict[Reason, ErasureReason]] = {"demande": "asked", "doublon": "duplicate", "erreur": "mistake"}
Yes = Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper.")]


def erase(
    identifier: Identifier,
    *,
    why: Annotated[Reason, typer.Option("--why", help="Pourquoi : un de ces mots, car le journal n'a pas à nommer.")],
    site: SiteOfFamily = None,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer une famille de toutes les tables, sans retour ; relancez la même commande si elle est interrompue.

    Le numéro du reçu d'une pré-inscription efface la demande ; un identifiant, avec --why demande, celles aussi qui
    sont aux adresses du compte.

    Exemple : clef families erase "HEN 5002" --why demande
    """
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    if application := application_named(services, identifier):
        if not as_json:
            _preview_application(application)
        confirm_by_typing("Pour l'effacer, retapez son numéro", application.number, yes=yes, normalise=number_from)
        outcome = erase_application(services, application, connection.operator, _REASONS[why], now)
        print_application_erasure(outcome, as_json=as_json)
        return
    data = preview(services, identifier, site, now)
    account = data.account
    if not as_json:
        _preview(data, why)
    confirm_by_typing(
        "Pour l'effacer, retapez son identifiant", account.ref.identifier, yes=yes, normalise=identifier_from
    )
    erasure = Erasure.of((account.ref,), connection.operator, _REASONS[why], now)
    print_erasure(erase_account(services, account, erasure, lambda: wait_for_requests(connection)), as_json=as_json)


def _preview_application(application: Application) -> None:
    """Show the application to erase, and the places that this frees."""
    output.say(f"Demande {application.number} de {application.answers.guardian} : va disparaître, sans retour,")
    names = join_words(candidate.name for candidate in application.answers.candidates)
    live = plural(len(application.live), "élève attend encore", "élèves attendent encore")
    output.say(f"  - ses réponses, ses pièces déposées, son suivi ; élèves : {names}")
    output.say(f"  - sa place dans l'ordre, et celle qui lui est proposée : {live}")


def print_application_erasure(erasure: Erasure, *, as_json: bool) -> None:
    """Print that an application is erased, and the copies that remain for a while."""
    if as_json:
        output.print_json({"asked": dict(erasure.asked), "erased": dict(erasure.erased or ())})
        return
    output.say("Demande effacée de toutes les tables ; ses places sont à nouveau libres.")
    output.say("Restent dans l'ordre des places et dans un tirage publié : un numéro de reçu, qui ne mène plus à rien.")
    print_what_remains()


def _preview(data: PersonalData, why: Reason) -> None:
    account = data.account
    output.say(f"{name_and_identifier(account)}, {account.ref.site} : va disparaître, sans retour,")
    pupils, emails = plural(len(account.household.pupils), "élève"), plural(len(account.emails), "adresse")
    sessions, tries = plural(len(data.sessions), "session"), plural(len(data.tries), "essai")
    uploads = plural(len(data.uploads), "pièce déposée")
    output.say(f"  - le compte, son foyer ({pupils}) et {emails}")
    output.say(f"  - {sessions}, {tries}, {plural(len(data.acts), 'demande notée')}")
    output.say(f"  - {plural(len(data.enrolments), 'réinscription')} et {uploads}")
    for bills in data.of(Bills):
        output.say(f"  - {plural(len(bills.invoices), 'facture')}, PDF compris")
    if (lessons := data.lessons) != LessonData() or data.opinions:
        absences, marks = plural(len(lessons.absences), "absence annoncée"), plural(len(lessons.marks), "marque")
        texts = plural(len(lessons.assessments), "appréciation")
        output.say(f"  - {absences}, {marks} sur des appels, {texts}, {plural(len(data.opinions), 'avis', 'avis')}")
    if data.applications and why == "demande":
        output.say(f"  - {plural(len(data.applications), 'pré-inscription')}, leurs pièces et leurs places proposées")
    elif data.applications:
        numbers = join_words((one.number or "un brouillon") for one in data.applications)
        output.say(f"Restent ses pré-inscriptions ({numbers}) : elles se demandent par leur numéro, ou --why demande.")
    output.say(f"  - sa mention dans les communiqués de {plural(len(data.mentions), 'autre compte')}")


def print_erasure(erasure: Erasure, *, as_json: bool) -> None:
    """Print the data erased, the copies that remain for a while, and how to prevent its return."""
    counts = dict(erasure.erased or ())
    if as_json:
        output.print_json({"asked": dict(erasure.asked), "erased": counts})
        return
    left_out = sum(dict(erasure.asked).values()) - sum(counts.values())
    output.say(f"{plural(sum(counts.values()), 'famille effacée')} de toutes les tables.")
    if left_out:
        output.say(f"Laissées, car revenues ou connectées entre-temps : {left_out}.")
    output.say("Retirez-les aussi de votre logiciel : le prochain import recréerait celles que le fichier contient.")
    print_what_remains()


def print_what_remains() -> None:
    """Print the copies that remain for a while, which no program reads."""
    output.say(
        f"Restent, sans que personne les lise : les sauvegardes, {BACKUP_DAYS} jours ({FORMER_DOCUMENT_DAYS} pour les "
        f"pièces et les factures) ; les tables d'une restauration en cours, {KEPT_FOR.days} jours ; un pseudonyme qui "
        f"empêche d'en revenir ; le journal technique, sous pseudonyme, {LOG_DAYS} jours ; un mail qui n'a pas pu être "
        f"écrit, ou un avis de non-remise qui n'a pas pu être noté, au plus {DEAD_LETTER_DAYS} jours."
    )
    output.say(
        "Une page déjà ouverte chez la famille peut encore déposer une pièce pendant une heure : "
        "« clef families purge-documents » l'efface aussi."
    )


def erasures(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les effacements : quand, combien, par qui, pourquoi ; jamais de qui.

    Exemple : clef families erasures
    """
    entries = list(connect(stage).services.audit_trail.erasures())
    if as_json:
        content = [
            {
                "at": e.at,
                "who": e.who,
                "reason": e.reason,
                "asked": dict(e.asked),
                "erased": e.erased and dict(e.erased),
            }
            for e in entries
        ]
        output.print_json({"erasures": content})
        return
    rows = [
        (
            day_and_hour(e.at),
            e.who,
            REASONS[e.reason],
            _counts(e.asked),
            "non confirmé" if e.erased is None else _counts(e.erased),
        )
        for e in entries
    ]
    output.table("", ["Quand", "Par", "Pourquoi", "Demandé", "Effacé"], rows)


def _counts(counts: Counts) -> str:
    return ", ".join(f"{site} : {count}" for site, count in counts) or "aucun"
