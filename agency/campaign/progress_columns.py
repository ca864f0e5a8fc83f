"""The columns of the funnel, for the terminal, the spreadsheet and the page; of its lists too."""

from typing import Any, Final

from chalicelib import texts
from chalicelib.domain.campaign.funnel import STEPS, Apart
from chalicelib.office.campaign.progress import AT_LEAST, Listed, Picture, Reached, Tally
from chalicelib.office.campaign.steps import LABELS, TO_DO, TOKENS

REACHED: Final[dict[Reached, str]] = {
    "imported": "Familles",
    "notified": "Prévenues",
    "delivered": "Mail remis",
    "password": "Mot de passe",
    "logged_in": "Connectées",
    "started": "Commencées",
    "submitted": "Envoyées",
    "validated": "Validées",
}
APART: Final[dict[Apart, str]] = {"disabled": "Désactivées", "gone": "Parties"}
AT_LEAST_TITLE: Final = "Familles qui ont au moins atteint cette étape"
STANDING_TITLE: Final = "Où en sont les familles : chacune est comptée une fois"
LISTED: Final = ("Site", "Identifiant", "Famille", "Adresses", "Une adresse marche", "Depuis", "À faire")


def title_of(seen: Picture) -> str:
    """Say which campaign it is about, and of when it is."""
    season = seen.season
    about = (
        f"Campagne « {season.name} », commencée le {texts.day(season.started_at)}"
        if season
        else "Aucune campagne n'a commencé"
    )
    return f"{about}. Situation le {texts.day_and_hour(seen.at)}."


def reached_headings() -> list[str]:
    """Name the steps that families pass one after the other."""
    return ["Site", *REACHED.values()]


def reached_row(tally: Tally) -> list[object]:
    """Give how many have come at least to each step."""
    return [tally.name, *(tally.reached(step) for step in REACHED)]


def standing_of(tally: Tally) -> dict[str, int]:
    """Count where families stand, by its name; those not written to yet, by whether mail would reach them."""
    first, *others = STEPS
    return {
        "Sans adresse qui marche": tally.unreachable,
        "À prévenir": tally.standing[first] - tally.unreachable,
        **{LABELS[step].capitalize(): tally.standing[step] for step in others},
    }


def standing_lines(tally: Tally) -> list[list[object]]:
    """Show them one under the other, with what to type for their list."""
    tokens = {step: token for token, step in TOKENS.items()}
    lists = [f"clef progress --list {tokens[step]}" for step in (STEPS[0], *STEPS)]
    counts = standing_of(tally).items()
    return [
        *([name, count, typed] for (name, count), typed in zip(counts, lists, strict=True)),
        ["Somme", tally.families, ""],
    ]


def standing_headings() -> list[str]:
    """Name where families stand, the sum, and those who are counted apart."""
    return ["Site", *standing_of(Tally("")), "Somme", *APART.values()]


def standing_row(tally: Tally) -> list[object]:
    """Count them."""
    return [tally.name, *standing_of(tally).values(), tally.families, *(tally.apart[each] for each in APART)]


def csv_headings() -> list[str]:
    """Name both, for one row per site."""
    at_least = [f"Au moins : {heading.lower()}" for heading in list(REACHED.values())[1:]]
    return ["Code", "Site", REACHED["imported"], *at_least, *standing_headings()[1:]]


def csv_row(code: str, tally: Tally) -> list[object]:
    """Give both."""
    return [code, *reached_row(tally), *standing_row(tally)[1:]]


def listed_row(listed: Listed) -> list[object]:
    """Show a family at a step."""
    account = listed.account
    return [
        account.ref.site,
        account.written or account.ref.identifier,
        account.name,
        ", ".join(account.emails),
        "oui" if listed.is_reachable else "non",
        texts.day(listed.since) if listed.since else "",
        to_do(listed),
    ]


def to_do(listed: Listed) -> str:
    """Say what there is to do for a family."""
    return TO_DO[listed.step][not listed.is_reachable]


def picture_json(seen: Picture) -> dict[str, Any]:
    """Give all that is known of the season."""
    season = seen.season
    return {
        "campaign": season.name if season else None,
        "started_at": season.started_at if season else None,
        "at": seen.at,
        "sites": {code: _tally_json(tally) for code, tally in seen.sites.items()},
        "total": _tally_json(seen.total),
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "reached": {step: tally.reached(step) for step in AT_LEAST},
        "standing": {step: tally.standing[step] for step in STEPS},
        "unreachable": tally.unreachable,
        "apart": {each: tally.apart[each] for each in APART},
    }


def listed_json(listed: Listed) -> dict[str, Any]:
    """Give all that is known of a family at a step."""
    account = listed.account
    return {
        "site": account.ref.site,
        "identifier": account.written or account.ref.identifier,
        "name": account.name,
        "emails": account.emails,
        "is_reachable": listed.is_reachable,
        "step": listed.step,
        "since": listed.since,
        "to_do": to_do(listed),
    }
