"""Fictitious families, one for each thing worth trying."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.services import Services
from tools.local.households import HOUSEHOLDS


@dataclass(frozen=True)
class Family:
    """A family to try: what the administration knows of it, and its password where it has one."""

    site: str
    identifier: str
    name: str
    emails: tuple[str, ...]
    note: str
    password: str | None = None
    disabled: bool = False

    def account(self, services: Services, now: datetime) -> Account:
        """Make its account."""
        hashed = services.hasher.hash(self.password) if self.password else None
        return Account(
            ref=AccountRef(self.site, identifier_from(self.identifier)),
            name=self.name,
            emails=tuple(map(email_from, self.emails)),
            stamp=new_stamp(),
            disabled=self.disabled,
            display_identifier=self.identifier,
            password=Password(hashed, now, "chosen") if hashed else None,
            household=HOUSEHOLDS[self.site, self.identifier],
        )


_NEVER = "jamais activée"
_CHOSEN = "mot de passe choisi"

FAMILIES = (
    Family("bondoufle-gounod", "GOU1001", "Famille Lavandier", ("lavandier@example.org",), _NEVER),
    Family("bondoufle-gounod", "GOU1002", "Famille Pommerel", ("pommerel@example.org",), _CHOSEN, "Clairon7Bleu"),
    Family("bondoufle-gounod", "GOU1003", "Famille Tournesol", ("tournesol@example.fr",), _NEVER),
    Family("evry-magnard", "MAG2001", "Famille Bruyère", ("bruyere@example.org",), _NEVER),
    Family("evry-magnard", "MAG2002", "Famille Cormoran", ("cormoran@example.fr",), _CHOSEN, "Hautbois12Vert"),
    Family(
        "evry-magnard", "MAG2003", "Mme Genévrier et M. Sorbier", ("genevrier@example.org", "sorbier@example.fr"),
        "deux responsables, une adresse chacun", "Basson34Rouge",
    ),
    Family(
        "evry-xenakis", "XEN3001", "Mme D'Églantine-Noël", ("eglantine@example.org",),
        "accents et apostrophe", "Élan5Majeur",
    ),
    Family("evry-xenakis", "XEN3002", "Famille Alizé", ("alize@example.org",), _NEVER),
    Family("ris-orangis-messiaen", "MES4001", "Famille Rossignol", ("rossignol@example.org",), _CHOSEN, "Loriot6Jaune"),
    Family("ris-orangis-messiaen", "MES4002", "Famille Mésange", ("nid@example.org",), "boîte partagée avec MES4003"),
    Family("ris-orangis-messiaen", "MES4003", "Famille Fauvette", ("nid@example.org",), "boîte partagée avec MES4002"),
    Family("villabe-yves-henry", "HEN5001", "Famille Peuplier", ("peuplier@example.fr",), _NEVER),
    Family("villabe-yves-henry", "HEN5002", "Famille Charme", ("charme@example.org",), _CHOSEN, "Tilleul8Doux"),
    Family(
        "evry-magnard", "DUO6001", "Famille Sarriette", ("sarriette@example.org",),
        "même identifiant et même adresse à deux sites",
    ),
    Family(
        "evry-xenakis", "DUO6001", "Famille Sarriette", ("sarriette@example.org",),
        "même identifiant et même adresse à deux sites",
    ),
    Family(
        "bondoufle-gounod", "DUO6002", "Famille Cyprès", ("cypres@example.org",),
        "même identifiant qu'une autre famille", "Cymbale9Claire",
    ),
    Family(
        "villabe-yves-henry", "DUO6002", "Famille Olivier", ("olivier@example.fr",),
        "même identifiant qu'une autre famille", "Triangle4Vif",
    ),
    Family("ris-orangis-messiaen", "MES4009", "Famille Sansadresse", (), "aucune adresse e-mail connue", "Cithare2Or"),
    Family(
        "villabe-yves-henry", "HEN5009", "Famille Fermée", ("fermee@example.org",), "compte désactivé", "Tambour3Gris",
        disabled=True,
    ),
)  # fmt: skip


def store_families(services: Services) -> None:
    """Store every family's account."""
    now = services.clock()
    for family in FAMILIES:
        services.database.write_together(services.accounts.put(family.account(services, now)))
