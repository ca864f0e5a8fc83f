"""The columns of the list of invoices, as French accounting calls them."""

from typing import Final

from chalicelib.office.files.columns import IDENTIFIER, SITE, Columns, Synonyms
from chalicelib.wings.billing.domain.invoice_rows import NEEDED, ONCE, SEVERAL

# Our own name of each column, where the file has none.
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
    "instalment_on": "Échéance",
    "instalment": "Montant",
    "plan": "Échéancier",
}
_INVOICE: Final = ("", "facture")
_PAID: Final = ("paye", "payee", "regle", "reglee", "encaisse", "encaissee", "verse", "versee")
_PAYMENT: Final = ("paiement", "reglement", "encaissement", "versement")
# « le », « du » and « de » are ignored: « Payé le » is « paye », a day. An amount must have its word.
_SYNONYMS: Final[Synonyms] = {
    **SITE,
    **IDENTIFIER,
    "number": (("facture", "n", "no", "num", "numero", "reference", "ref", "n piece", "numero piece"), _INVOICE),
    "issued_on": (("date", "date emission", "emission", "emise", "emis", "date facturation"), _INVOICE),
    "due_on": (
        ("echeance", "date echeance", "date limite", "date limite paiement", "a payer avant", "a regler avant"),
        _INVOICE,
    ),
    "label": (("libelle", "objet", "designation", "description", "intitule", "nature"), _INVOICE),
    "amount": (("montant", "montant ttc", "total", "total ttc", "montant total", "ttc"), _INVOICE),
    "paid_on": ((*_PAID, *(f"date {payment}" for payment in _PAYMENT)), ("",)),
    "paid": (tuple(f"{sum_} {verb}" for sum_ in ("montant", "somme") for verb in (*_PAID, *_PAYMENT)), ("",)),
    "how": (
        ("mode", "moyen", *(f"{way} {payment}" for way in ("mode", "moyen", "type") for payment in _PAYMENT)),
        ("",),
    ),
    "instalment_on": (("date mensualite", "date prelevement"), ("",)),
    "instalment": (tuple(f"montant {part}" for part in ("echeance", "mensualite", "prelevement")), ("",)),
    "plan": (("echeancier", "mode echeancier", "mode echeance", "type echeancier"), ("",)),
}
# « Échéance » and « Montant » are the bill's own, and with a number those of its plan.
_OF_PLAN: Final = {"Échéance": "instalment_on", "Date échéance": "instalment_on", "Montant": "instalment"}
INVOICES: Final = Columns(
    *(_SYNONYMS, COLUMNS, ONCE, SEVERAL, NEEDED, "billing.columns"),
    lambda network: network.billing.columns,
    {f"{name} {number}": (word, number) for name, word in _OF_PLAN.items() for number in range(1, 13)},
)
