"""What is said of each anomaly of the list of invoices: what is wrong, and that the invoice is left out."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.roster import anomalies

ANOMALIES: Final = {
    "invoice_without_number": "Il n'y a pas de numéro de facture.",
    "invoice_number_unreadable": "« {number} » n'est pas un numéro de facture.",
    "invoice_without_date": "Il n'y a pas de date de facture.",
    "invoice_date_unreadable": "« {date} » n'est pas une date ; exemple : 28/02/2026.",
    "invoice_without_amount": "Il n'y a pas de montant.",
    "invoice_amount_unreadable": "« {amount} » n'est pas un montant sûr ; exemple : 1 234,50.",
    "payment_without_date": "Il y a un montant payé, mais pas de date de paiement.",
    "payment_without_amount": "Il y a une date de paiement, mais pas de montant payé.",
    "invoice_of_two_families": "Le numéro {number} est aussi celui d'une autre famille, ligne {line}.",
    "invoice_contradicts": "La ligne {line} porte le même numéro ({number}) et dit autre chose de la facture.",
    "invoice_row_left_out": "Une autre ligne de la facture {number} est laissée de côté : la ligne {line}.",
    "invoice_repeated": "La ligne {line} répète un paiement de la facture {number} : s'il y en a eu deux le même jour, "
    "réunissez-les ; sinon, retirez une ligne.",
    "invoice_of_another": "Le numéro {number} est déjà au dossier d'une autre famille : {identifier} ({site}).",
    "invoice_family_unknown": "Aucune famille n'a l'identifiant {identifier} au site {site}.",
    "invoice_without_pdf": "Le dossier n'a pas de PDF au numéro {number}.",
    "invoice_pdf_twice": "Plusieurs PDF du dossier portent le numéro {number}.",
    "invoice_pdf_not_one": "Le fichier de la facture {number} n'est pas un PDF.",
    "invoice_pdf_cut_short": "Le PDF de la facture {number} est incomplet : exportez-le à nouveau.",
    "invoice_pdf_too_big": "Le PDF de la facture {number} est démesuré : plus de 20 Mo.",
}
_LEFT_OUT: Final = "La facture est laissée de côté."

# How a column is called where the file has none of that name.
COLUMNS: Final = {
    "site": "Site",
    "identifier": "Identifiant",
    "number": "Numéro",
    "issued_on": "Date",
    "due_on": "Échéance",
    "label": "Libellé",
    "amount": "Montant",
    "paid_on": "Payé le",
    "paid": "Montant payé",
    "how": "Mode",
}


def sentence(anomaly: Anomaly) -> str:
    """Describe what is wrong, and what becomes of the invoice."""
    if anomaly.code not in ANOMALIES:
        return anomalies.sentence(anomaly)
    return f"{ANOMALIES[anomaly.code].format(**anomaly.facts)} {_LEFT_OUT}"


def heading(column: Column | None, headings: Mapping[Column, str]) -> str:
    """Name a column as the file does."""
    return headings.get(column, COLUMNS[column[0]]) if column else ""
