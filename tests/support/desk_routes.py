"""Every route of the desk, and the right it asks for: a route without a line here fails a test."""

from chalicelib.domain.staff.roles import Right

# By path, for GET and POST; `None`: at the door, of nobody; absent: there is no such method.
GET: dict[str, Right | None] = {
    "/extranet/bureau": "staff",
    "/extranet/bureau/connexion": None,
    "/extranet/bureau/agents": None,
    "/extranet/bureau/agents/retour": None,
    "/extranet/bureau/code": None,
    "/extranet/bureau/reinscriptions/{site}/{famille}/pieces": "reader",
    "/extranet/bureau/mon-acces/cles": "staff",
    "/extranet/bureau/invitation/{lien}": None,
    "/extranet/bureau/reinscriptions": "reader",
    "/extranet/bureau/reinscriptions/{site}/{famille}": "reader",
    "/extranet/bureau/factures": "reader",
    "/extranet/bureau/factures/{site}/{famille}": "reader",
    "/extranet/bureau/factures/{site}/{famille}/{facture}": "reader",
    "/extranet/bureau/mon-acces": "staff",
    "/extranet/bureau/mon-acces/mot-de-passe": "staff",
    "/extranet/bureau/mon-acces/codes": "staff",
    "/extranet/bureau/mon-acces/application": "staff",
    "/extranet/bureau/familles/{site}/{famille}": "reader",
    "/extranet/bureau/familles/{site}/{famille}/courrier": "secretary",
    "/extranet/bureau/saison": "reader",
    "/extranet/bureau/saison/avancement": "reader",
    "/extranet/bureau/saison/bilan": "reader",
    "/extranet/bureau/saison/periode": "manager",
    "/extranet/bureau/personnel": "manager",
    "/extranet/bureau/personnel/{membre}": "manager",
    "/extranet/bureau/personnel/{membre}/desactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reinitialiser": "manager",
    "/extranet/bureau/personnel/{membre}/inviter": "manager",
}
POST: dict[str, Right | None] = {
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
    "/extranet/bureau/mon-acces/application": "staff",
    "/extranet/bureau/deconnexion": None,
    "/extranet/bureau/reinscriptions/{site}/{famille}/decision": "secretary",
    "/extranet/bureau/reinscriptions/decisions": "secretary",
    "/extranet/bureau/reinscriptions/export": "secretary",
    **{
        f"/extranet/bureau/familles/{{site}}/{{famille}}/{act}": "secretary"
        for act in ("deblocage", "mot-de-passe", "adresses", "etat", "mails", "acces", "coordonnees")
    },
    "/extranet/bureau/saison/periode": "manager",
    "/extranet/bureau/saison/periode/retirer": "manager",
    "/extranet/bureau/saison/publier": "manager",
    "/extranet/bureau/personnel": "manager",
    "/extranet/bureau/personnel/{membre}": "manager",
    "/extranet/bureau/personnel/{membre}/desactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reactiver": "manager",
    "/extranet/bureau/personnel/{membre}/reinitialiser": "manager",
    "/extranet/bureau/personnel/{membre}/inviter": "manager",
}
# What stands for `{name}` in an address; of `site`, the one that every member of a test sees.
PARTS = {
    "site": "evry-xenakis",
    "famille": "xen1",
    "lien": "a" * 64,
    "membre": "0" * 20,
    "facture": "0123456789ab",
    "envoi": "reinscription-2026-1",
}
