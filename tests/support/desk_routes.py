"""Every route of the desk with its required right. A route without a line here fails a test."""

from typing import Any

from chalicelib.domain.staff.members import Right
from chalicelib.web.functions.desk import BLUEPRINTS
from chalicelib.web.office.edge import DeskDoor
from tests.support.wing_examples import examples_here, lists_here

DOORS: dict[tuple[str, str], DeskDoor[Any]] = {
    route: door for blueprint in BLUEPRINTS for route, door in blueprint.doors.items() if isinstance(door, DeskDoor)
}

# The family's own steps, filled in for it. The receipt's pages take no form.
_FORMS = [
    f"/extranet/bureau/reinscriptions/{{site}}/{{famille}}/saisie/{step}"
    for step in ("foyer", "eleves/{eleve}", "recapitulatif", "rien-ne-change")
]
_RECEIPT = "/extranet/bureau/reinscriptions/{site}/{famille}/saisie/recus/{numero}"
_COUNTER = [_RECEIPT.partition("/recus")[0], *_FORMS, _RECEIPT, f"{_RECEIPT}/pdf", f"{_RECEIPT}/agenda"]

# By path, for GET and POST. `None`: before login, without a right. Absent: no such method.
GET: dict[str, Right | None] = {
    "/extranet/enseignant/cours/{site}/{cours}/annuler": "teacher",
    "/extranet/bureau/cours/{site}/{cours}/annuler": "secretary",
    "/extranet/enseignant/journee/{du}/{au}": "teacher",
    "/extranet/bureau/journee/{site}/{enseignant}/{du}/{au}": "secretary",
    "/extranet/enseignant": None,
    "/extranet/enseignant/semaine": "teacher",
    "/extranet/enseignant/agenda": "teacher",
    "/extranet/enseignant/eleves": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/eleves/{famille}/{eleve}/appreciations/{periode}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/eleves/{famille}/{eleve}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/eleves/{famille}/{eleve}/telephones": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/appel/{jour}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/mot": "teacher",
    "/extranet/bureau/mots": "reader",
    "/extranet/bureau/absences": "reader",
    "/extranet/bureau/absences/appels": "reader",
    **dict.fromkeys(
        (
            f"/extranet/bureau/{path}/csv"
            for path in (
                "absences",
                "absences/appels",
                "changements",
                "cours",
                "demandes",
                "fichiers",
                "mots",
                *lists_here(),
            )
        ),
        "secretary",
    ),
    "/extranet/bureau": "staff",
    "/extranet/bureau/recherche": "reader",
    "/extranet/bureau/changements": "secretary",
    "/extranet/bureau/connexion": None,
    "/extranet/bureau/navigateur": None,
    "/extranet/bureau/navigateur/{lien}": None,
    "/extranet/bureau/agents": None,
    "/extranet/bureau/agents/retour": None,
    "/extranet/bureau/code": None,
    "/extranet/bureau/reinscriptions/{site}/{famille}/pieces": "reader",
    **dict.fromkeys(_COUNTER, "secretary"),
    "/extranet/bureau/reinscriptions/decisions/{travail}": "secretary",
    "/extranet/bureau/demandes/decisions/{travail}": "secretary",
    "/extranet/bureau/mon-acces/cles": "staff",
    "/extranet/bureau/invitation/{lien}": None,
    "/extranet/bureau/reinscriptions": "reader",
    "/extranet/bureau/reinscriptions/{site}/{famille}": "reader",
    "/extranet/bureau/demandes": "reader",
    "/extranet/bureau/demandes/{numero}": "reader",
    "/extranet/bureau/demandes/{numero}/pieces": "reader",
    "/extranet/bureau/mon-acces": "staff",
    "/extranet/bureau/mon-acces/mot-de-passe": "staff",
    "/extranet/bureau/mon-acces/codes": "staff",
    "/extranet/bureau/mon-acces/connexions": "staff",
    "/extranet/bureau/mon-acces/application": "staff",
    "/extranet/bureau/mon-acces/proconnect": "staff",
    "/extranet/bureau/mon-acces/proconnect/aller": "staff",
    "/extranet/bureau/familles/{site}/{famille}": "reader",
    "/extranet/bureau/cours": "reader",
    "/extranet/bureau/cours/{site}/{cours}": "reader",
    "/extranet/bureau/familles/{site}/{famille}/courrier": "secretary",
    "/extranet/bureau/familles/{site}/{famille}/fusion": "manager",
    "/extranet/bureau/fichiers": "secretary",
    "/extranet/bureau/fichiers/envoye": "secretary",
    "/extranet/bureau/fichiers/travaux/{travail}": "secretary",
    "/extranet/bureau/fichiers/travaux/{travail}/compte-rendu": "secretary",
    "/extranet/bureau/saison": "reader",
    "/extranet/bureau/saison/avancement": "reader",
    "/extranet/bureau/saison/bilan": "reader",
    "/extranet/bureau/saison/periode": "manager",
    "/extranet/bureau/saison/places": "reader",
    "/extranet/bureau/saison/tirages": "reader",
    "/extranet/bureau/saison/tirages/{site}": "reader",
    "/extranet/bureau/saison/envois": "manager",
    "/extranet/bureau/saison/envois/{etape}": "manager",
    "/extranet/bureau/saison/envois/suivi/{envoi}": "manager",
    "/extranet/bureau/textes": "manager",
    "/extranet/bureau/personnel": "manager",
    "/extranet/bureau/personnel/csv": "manager",
    "/extranet/bureau/fichiers/appliques": "manager",
    "/extranet/bureau/fichiers/appliques/csv": "manager",
    "/extranet/bureau/personnel/{membre}": "manager",
    "/extranet/bureau/personnel/{membre}/journal": "manager",
    "/extranet/bureau/personnel/{membre}/desactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reinitialiser": "manager",
    "/extranet/bureau/personnel/{membre}/inviter": "manager",
    "/extranet/bureau/personnel/{membre}/relier": "manager",
    "/extranet/bureau/personnel/{membre}/detacher": "manager",
    **{f"/extranet/bureau/{path}": "reader" for path in lists_here()},
    **{path: right for examples in examples_here() for path, right in examples.desk.items()},
}
POST: dict[str, Right | None] = {
    "/extranet/bureau/familles/{site}/{famille}/fusion": "manager",
    "/extranet/bureau/navigateur": None,
    "/extranet/bureau/navigateur/{lien}": None,
    "/extranet/enseignant/cours/{site}/{cours}/annuler": "teacher",
    "/extranet/bureau/cours/{site}/{cours}/annuler": "secretary",
    "/extranet/enseignant/journee/{du}/{au}": "teacher",
    "/extranet/bureau/journee/{site}/{enseignant}/{du}/{au}": "secretary",
    "/extranet/enseignant/cours/{site}/{cours}/annuler/retablir": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/annuler/changer": "teacher",
    "/extranet/bureau/cours/{site}/{cours}/annuler/changer": "secretary",
    "/extranet/bureau/cours/{site}/{cours}/annuler/retablir": "secretary",
    "/extranet/enseignant/journee/{du}/{au}/retablir": "teacher",
    "/extranet/bureau/journee/{site}/{enseignant}/{du}/{au}/retablir": "secretary",
    "/extranet/enseignant/cours/{site}/{cours}/eleves/{famille}/{eleve}/avis": "teacher",
    "/extranet/enseignant/agenda": "teacher",
    "/extranet/bureau/absences/excuser": "secretary",
    "/extranet/bureau/absences/rappeler": "secretary",
    "/extranet/enseignant/cours/{site}/{cours}/eleves/{famille}/{eleve}/appreciations/{periode}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/appel/{jour}": "teacher",
    "/extranet/enseignant/cours/{site}/{cours}/mot": "teacher",
    "/extranet/bureau/recherche": "reader",
    "/extranet/bureau/connexion": None,
    "/extranet/bureau/code": None,
    "/extranet/bureau/cle": None,
    "/extranet/bureau/cle/reponse": None,
    "/extranet/bureau/cle/preuve": "staff",
    "/extranet/bureau/mon-acces/cles": "staff",
    "/extranet/bureau/mon-acces/cles/ajout": "staff",
    "/extranet/bureau/mon-acces/cles/retrait": "staff",
    "/extranet/bureau/invitation/{lien}": None,
    "/extranet/bureau/mon-acces/mot-de-passe": "staff",
    "/extranet/bureau/mon-acces/codes": "staff",
    "/extranet/bureau/mon-acces/connexions": "staff",
    "/extranet/bureau/mon-acces/application": "staff",
    "/extranet/bureau/mon-acces/proconnect": "staff",
    "/extranet/bureau/deconnexion": None,
    "/extranet/bureau/reinscriptions/{site}/{famille}/decision": "secretary",
    "/extranet/bureau/reinscriptions/{site}/{famille}/decision/annuler": "secretary",
    **dict.fromkeys(_FORMS, "secretary"),
    "/extranet/bureau/reinscriptions/{site}/{famille}/piece": "secretary",
    "/extranet/bureau/reinscriptions/decisions": "secretary",
    "/extranet/bureau/reinscriptions/vues": "reader",
    "/extranet/bureau/demandes/vues": "reader",
    "/extranet/bureau/demandes/decisions": "secretary",
    "/extranet/bureau/reinscriptions/colonnes": "reader",
    "/extranet/bureau/demandes/colonnes": "reader",
    **{
        f"/extranet/bureau/{name}/decisions/{{travail}}/{act}": "secretary"
        for name in ("reinscriptions", "demandes")
        for act in ("confirmation", "reprise", "abandon")
    },
    "/extranet/bureau/demandes/{numero}/decision": "secretary",
    "/extranet/bureau/demandes/{numero}/decision/annuler": "secretary",
    **{
        f"/extranet/bureau/demandes/{{numero}}/{act}": "secretary"
        for act in ("piece", "note", "appel", "note/suppression", "suivi")
    },
    "/extranet/bureau/demandes/{numero}/place": "manager",
    "/extranet/bureau/reinscriptions/export": "secretary",
    **{
        f"/extranet/bureau/familles/{{site}}/{{famille}}/{act}": "secretary"
        for act in (
            *("deblocage", "mot-de-passe", "adresses", "telephone", "etat", "mails", "acces", "coordonnees", "cles"),
            *("adresse-postale", "payeur", "urgence", "eleve", "note", "appel", "delai"),
            *("note/suppression", "suivi", "correction/annuler"),
        )
    },
    **{
        f"/extranet/bureau/familles/{{site}}/{{famille}}/{act}": "manager"
        for act in ("nom", "identifiant", "responsables", "eleves")
    },
    "/extranet/bureau/saison/periode": "manager",
    "/extranet/bureau/saison/periode/retirer": "manager",
    "/extranet/bureau/cours/{site}/{cours}/remplacement": "secretary",
    "/extranet/bureau/cours/{site}/{cours}/remplacement/fin": "secretary",
    "/extranet/bureau/fichiers/etude": "secretary",
    **{
        f"/extranet/bureau/fichiers/travaux/{{travail}}/{act}": "secretary"
        for act in ("etude", "reprise", "abandon", "effacement")
    },
    "/extranet/bureau/fichiers/travaux/{travail}/application": "manager",
    "/extranet/bureau/saison/publier": "manager",
    "/extranet/bureau/saison/places/propositions": "manager",
    "/extranet/bureau/factures/{site}/{famille}/retrait": "manager",
    "/extranet/bureau/paiements/{site}/{famille}/{tentative}/relancer": "secretary",
    "/extranet/bureau/paiements/{site}/{famille}/{tentative}/verifie": "manager",
    **{
        f"/extranet/bureau/saison/tirages/{{site}}/{act}": "manager"
        for act in ("examen", "liste", "tirage", "annulation")
    },
    "/extranet/bureau/saison/envois/{etape}": "manager",
    "/extranet/bureau/saison/envois/{etape}/essai": "manager",
    "/extranet/bureau/saison/envois/suivi/{envoi}/arreter": "manager",
    "/extranet/bureau/saison/envois/suivi/{envoi}/relancer": "manager",
    "/extranet/bureau/personnel": "manager",
    "/extranet/bureau/personnel/{membre}": "manager",
    "/extranet/bureau/personnel/{membre}/desactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reinitialiser": "manager",
    "/extranet/bureau/personnel/{membre}/inviter": "manager",
    "/extranet/bureau/personnel/{membre}/relier": "manager",
    "/extranet/bureau/personnel/{membre}/detacher": "manager",
}
# The value of each `{name}` in an address. `site` is the one that every member of a test may see.
PARTS = {
    "travail": "a" * 20,
    "site": "evry-xenakis",
    "famille": "xen1",
    "numero": "P27-K4TN-8WCB",
    "lien": "a" * 64,
    "membre": "0" * 20,
    "facture": "0123456789ab",
    "envoi": "reinscription-2026-1",
    "etape": "annonce",
    "cours": "0123456789abcdef",
    "eleve": "01234567",
    "jour": "2026-11-04",
    "enseignant": "0123456789abcdef",
    "du": "2026-11-04",
    "au": "2026-11-04",
    "periode": "semestre-1",
    "tentative": "5f0c1a2b3c4d5e6f708192a3",
}
