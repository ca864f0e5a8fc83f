"""A family's visit as a package is tried with it: every form, right and wrong, and every page."""

from collections.abc import Mapping
from http import HTTPStatus

from tools.bench.events import event
from tools.local.uploading import PDF, signed_forms, upload
from tools.trial.asking import (
    BILLS,
    CDN_SECRET,
    FAMILY,
    HOME,
    LOGIN,
    NEW_PASSWORD,
    answers,
    change_of,
    cookie_of,
    getting,
    hidden_in,
    login_of,
    mark_of,
    posting,
)
from tools.trial.exercise import Worker

_CHANGE = f"{HOME}/mot-de-passe"
_LOST = f"{HOME}/mot-de-passe-perdu"
_STEPS = f"{HOME}/reinscription"
_FILE = f"{HOME}/famille"
_TABS = (HOME, _FILE, f"{HOME}/eleves", BILLS, f"{HOME}/accessibilite", _CHANGE)


def receive_everybody(web: Worker, pupil: str, invoice: str) -> None:
    """Take every form, right and wrong, and show every page."""
    answers(web, 403, event("GET", HOME, "", {"X-Clef-Cdn": "?"}))
    answers(web, 303, getting(HOME))
    answers(web, 405, event("PUT", HOME, "", {"X-Clef-Cdn": CDN_SECRET}))
    answers(web, 400, posting(LOGIN, "site=%FF"))
    answers(web, 422, posting(LOGIN, login_of("")))
    answers(web, 401, posting(LOGIN, login_of("Soupir0Perdu")))
    logged_in = answers(web, 303, posting(LOGIN, login_of(FAMILY.password or "")))
    cookie = cookie_of(logged_in)
    for tab in _TABS:
        answers(web, 200, getting(tab, cookie))
    _correct(web, cookie)
    _re_enrol(web, pupil, cookie)
    answers(web, 303, getting(f"{BILLS}/{invoice}", cookie))
    answers(web, 404, getting(f"{BILLS}/not-there", cookie))
    answers(web, 422, posting(_CHANGE, change_of("Soupir0Perdu", "x"), cookie))
    changed = answers(web, 303, posting(_CHANGE, change_of(FAMILY.password or "", NEW_PASSWORD), cookie))
    cookie = cookie_of(changed)
    answers(web, 200, getting(_CHANGE, cookie))
    _ask_for_a_code(web, cookie)
    answers(web, 303, posting(f"{HOME}/deconnexion", {}, cookie))
    answers(web, 422, posting(_LOST, {"identifiant": "", "email": "@"}))
    answers(web, 200, posting(_LOST, {"identifiant": FAMILY.identifier, "email": FAMILY.emails[0]}))


def _correct(web: Worker, cookie: str) -> None:
    """Correct what is on file, right and wrong; confirm it; take an address away."""
    page = answers(web, 200, getting(_FILE, cookie))
    right = {"quoi": "adresse", "voie": "1 rue X", "code_postal": "91000", "ville": "Evry", "vu": mark_of(page)}
    answers(web, 422, posting(_FILE, {**right, "ville": ""}, cookie))
    answers(web, 303, posting(_FILE, right, cookie))
    answers(web, 422, posting(_FILE, {**right, "voie": "2 rue X"}, cookie))
    answers(web, 404, posting(_FILE, {"quoi": "?"}, cookie))
    shown = answers(web, 200, getting(_FILE, cookie))["body"].partition('name="quoi" value="confirmation"')[0]
    mark = shown.rpartition('name="vu" value="')[2].partition('"')[0]
    answers(web, 303, posting(_FILE, {"quoi": "confirmation", "vu": mark}, cookie))
    mark = mark_of(answers(web, 200, getting(f"{_FILE}/e-mail", cookie)))
    remove = {"action": "retirer-2", "actuel": "Soupir0Perdu", "vu": mark}
    answers(web, 422, posting(f"{_FILE}/e-mail", remove, cookie))
    answers(web, 303, posting(f"{_FILE}/e-mail", {**remove, "actuel": FAMILY.password or ""}, cookie))


def _ask_for_a_code(web: Worker, cookie: str) -> None:
    """Ask for another address, and type a wrong code."""
    mark = mark_of(answers(web, 200, getting(f"{_FILE}/e-mail", cookie)))
    wish = {"action": "remplacer-1", "email": "trois@example.org", "actuel": NEW_PASSWORD, "vu": mark}
    answers(web, 303, posting(f"{_FILE}/e-mail", wish, cookie))
    page = answers(web, 200, getting(f"{_FILE}/e-mail/code", cookie))
    answers(web, 422, posting(f"{_FILE}/e-mail/code", {"code": "000000", "vu": mark_of(page)}, cookie))


def _re_enrol(web: Worker, pupil: str, cookie: str) -> None:
    """Take each step of the re-enrolment, right and wrong."""
    overview = answers(web, 200, getting(_STEPS, cookie))
    marks = {}
    for path, wrong in ((f"{_STEPS}/foyer", {}), (f"{_STEPS}/eleves/{pupil}", {"choix": "oui", "cours-1": "changer"})):
        marks[path] = mark_of(answers(web, 200, getting(path, cookie)))
        refused = answers(web, 422, posting(path, {**wrong, "vu": marks[path]}, cookie))
        answers(web, 303, posting(path, {**wrong, "vu": mark_of(refused), "plus_tard": "oui"}, cookie))
        answers(web, 422, posting(path, {"payeur": "Zélie", "choix": "non", "vu": marks[path]}, cookie))
    answers(web, 404, getting(f"{_STEPS}/eleves/none", cookie))
    _hand_in(web, f"{_STEPS}/pieces", cookie)
    if "Zélie" not in overview["body"]:
        raise RuntimeError("the pupil was due among the steps")
    path = f"{_STEPS}/eleves/{pupil}"
    shown = answers(web, 200, getting(path, cookie))
    leaves = {"choix": "non", "vu": mark_of(shown)}
    _resume(web, path, {**leaves, "jeton": hidden_in(shown, "jeton")})
    answers(web, 303, posting(path, leaves, cookie))
    _send(web, pupil, cookie)


def _resume(web: Worker, path: str, form: Mapping[str, str]) -> None:
    """Send a form without a session, and log in again, wrongly and rightly: it waits."""
    answers(web, 401, posting(path, form))
    waiting = {"repris": path, "repris_compte": form["jeton"].partition(".")[0], "repris-choix": "non"}
    answers(web, 401, posting(LOGIN, {**waiting, **login_of("Soupir0Perdu")}))
    back = answers(web, 200, posting(LOGIN, {**waiting, **login_of(FAMILY.password or "")}))
    if "Reprendre" not in back["body"]:
        raise RuntimeError("the form was to wait")


def _send(web: Worker, pupil: str, cookie: str) -> None:
    """Send nobody, then the pupil, then the pupil again; and show the receipt."""
    path = f"{_STEPS}/recapitulatif"
    everything = {f"envoyer-{pupil}": "oui", "vu": mark_of(answers(web, 200, getting(path, cookie)))}
    answers(web, 422, posting(path, {"vu": everything["vu"]}, cookie))
    answers(web, 422, posting(path, {**everything, "vu": "?"}, cookie))
    sent = answers(web, 303, posting(path, everything, cookie))
    answers(web, 200, posting(path, everything, cookie))
    answers(web, 200, getting(sent["headers"]["Location"], cookie))
    answers(web, 404, getting(f"{_STEPS}/recus/R27-AAAA-BBBB", cookie))


def _hand_in(web: Worker, path: str, cookie: str) -> None:
    """Send a file straight to the bucket, and have the page find it."""
    page = answers(web, 200, getting(path, cookie))
    form = signed_forms(page["body"])[0]
    if upload(form, PDF).status != HTTPStatus.SEE_OTHER:
        raise RuntimeError("the bucket was to take a file")
    found = answers(web, 200, getting(path, cookie))
    if "un PDF" not in found["body"]:
        raise RuntimeError("the file was to be found")
    answers(web, 422, posting(path, {"vu": ""}, cookie))
    answers(web, 303, posting(path, {"vu": mark_of(found), "plus_tard": "oui"}, cookie))
