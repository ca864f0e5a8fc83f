"""`/_local/`: the login, the mailbox and the clock of the running service, as HTML and as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chalice.app import Response as ProductResponse
from jinja2 import Environment, FileSystemLoader
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.presentation.texts import day_and_hour
from chalicelib.settings.wings import has
from tools.local.clock import Hourly
from tools.local.crowd import PASSWORD
from tools.local.families import FAMILIES, PAYER, SampleFamily
from tools.local.franceconnect import PEOPLE, other_name
from tools.local.login import NEW_FAMILY, LocalLogin
from tools.local.post import Mail
from tools.local.staff import STAFF, Staff
from tools.local.stage import FRANCECONNECT, PAYFIP, LocalStage

_PAGES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
_HOME: Final = "/_local/"
_LISTED: Final = 60  # the newest mails


@dataclass(frozen=True)
class Card:
    """A kind of person to log in as: its key for `LocalLogin`, and a suggestion."""

    title: str
    key: str
    button: str
    text: str

    @property
    def person(self) -> SampleFamily | Staff | None:
        """The fictitious person, if they exist already."""
        people: tuple[SampleFamily | Staff, ...] = (*FAMILIES, *STAFF)
        return next((person for person in people if key_of(person) == self.key), None)


CARDS: Final = (
    Card(
        *("Une famille", "evry-xenakis/XEN3202", "Entrer comme la famille Bourdaine"),
        "La réinscription de ses deux enfants est ouverte : quelques pages, puis l'envoi et son reçu par mail.",
    ),
    Card(
        *("Une nouvelle famille", NEW_FAMILY, "Demander une place"),
        "Elle n'a pas de compte. Son adresse est nouvelle à chaque fois, le code reçu par mail est déjà saisi.",
    ),
    Card(
        *("Une secrétaire", "secretariat@extranet.example.fr", "Entrer comme Basile Troglodyte"),
        "Sur deux sites d'Évry : les réinscriptions à décider, les demandes, les appels au téléphone.",
    ),
    Card(
        *("Une responsable", "direction@extranet.example.fr", "Entrer comme Odile Fauvette"),
        "Tout le réseau : la saison, les périodes, les campagnes, les places, le personnel.",
    ),
    Card(
        *("Une enseignante", "violon@extranet.example.fr", "Entrer comme Sidonie Pinson"),
        "Sa semaine : un cours chaque jour du lundi au samedi, sauf fériés ; un appel à faire, ou dans celle d'avant.",
    ),
)


def key_of(person: SampleFamily | Staff) -> str:
    """Return the key of a person for `LocalLogin`."""
    return person.email if isinstance(person, Staff) else f"{person.site}/{person.identifier}"


@dataclass(frozen=True)
class LocalPages:
    """Serves `/_local/` beside the product, which cannot reach it."""

    stage: LocalStage
    hourly: Hourly
    login: LocalLogin
    description: Mapping[str, object]
    reset: Callable[[], None]
    is_bare: bool

    def __call__(self, request: Request) -> Response | None:
        """Answer, or return None for another path. Refuse other sites: any page open in the browser can send here."""
        return self._refusal(request) or self._stand_in(request) or self._answer(request)

    def _stand_in(self, request: Request) -> Response | None:
        """Let another service's role answer, below its own path."""
        if request.path.startswith(FRANCECONNECT):
            return self.stage.franceconnect.answer(request, request.path.removeprefix(FRANCECONNECT))
        if request.path.startswith(PAYFIP):
            return self.stage.payfip.answer(request, request.path.removeprefix(PAYFIP))
        return None

    def _answer(self, request: Request) -> Response | None:
        match request.path.rstrip("/"):
            case "/_local":
                return self._home(request)
            case "/_local/courrier":
                return self._mailbox(request)
            case "/_local/code":
                return self._code(request.args.get("de", ""))
            case path if request.method == "POST":
                return self._act(path, request)
            case path:
                return self._for_programs(path, request.args.get("sauf", 0, int))

    def _refusal(self, request: Request) -> Response | None:
        """Refuse a foreign host name (DNS rebinding), and a button of another site. Programs send no such header."""
        port = urlsplit(self.stage.public_url).port
        hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if host and host not in hosts:
            return Response(f"Ce service ne répond qu'à l'adresse {other_name(self.stage.public_url)}.\n", 421)
        is_button = request.method == "POST" and request.path.startswith(_HOME)
        is_own = request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
        if not is_button or (is_own and origin in {None, f"http://{host}"}):
            return None
        return Response(f"Ce bouton ne se presse que sur la page {other_name(self.stage.public_url)}{_HOME}.\n", 403)

    def _act(self, path: str, request: Request) -> Response | None:
        match path:
            case "/_local/heure":  # `?dans=73`: as if so many hours later
                self.hourly.run_now(timedelta(hours=request.args.get("dans", 0, int)))
                return Response(status=204)
            case "/_local/entrer":
                answer = self.login.enter(request.form.get("qui", ""))
                return _of_product(answer) if answer else redirect(f"{_HOME}?refus=entrer", 303)
            case "/_local/horloge":
                return redirect(_HOME if self._turn(request) else f"{_HOME}?refus=horloge", 303)
            case "/_local/annonce":
                is_shown = self._announce(request.form.get("texte", "").strip())
                return redirect("/extranet/etat" if is_shown else f"{_HOME}?refus=annonce", 303)
            case "/_local/zero":
                self.reset()
                return redirect(_HOME, 303)
            case _:
                return None

    def _announce(self, text: str) -> bool:
        """Show or take away an announcement. False if it cannot be shown."""
        try:
            self.stage.announce(text)
        except ValueError:
            return False
        return True

    def _turn(self, request: Request) -> bool:
        """Turn the clock by hours (`heures`), or to a moment in Paris (`le`), else back. False if it cannot be read."""
        clock, hours, text = self.stage.clock, request.form.get("heures", 0, int), request.form.get("le", "")
        try:
            then = clock() + timedelta(hours=hours) if hours else datetime.fromisoformat(text).replace(tzinfo=PARIS)
        except (ValueError, OverflowError):
            if text:
                return False
            self.stage.go_back()
        else:
            clock.turn(then.astimezone(UTC))
        for staff in STAFF:
            self.login.forget_used_code(staff)
        return True

    def _home(self, request: Request) -> Response:
        clock = self.stage.clock
        now = clock()
        return self._page(
            "index.html",
            cards=CARDS,
            families=FAMILIES,
            crowd_password="" if self.is_bare else PASSWORD,
            staff=STAFF,
            people=PEOPLE,
            payer=next(family for family in FAMILIES if family.identifier == PAYER) if has("payment") else None,
            key_of=key_of,
            code_frame=self._code_frame,
            now=day_and_hour(now),
            typed=now.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M"),
            is_turned=abs(clock.ahead) > timedelta(seconds=1),
            refused=request.args.get("refus", ""),
        )

    def _code(self, email: str) -> Response | None:
        frames = (self._code_frame(staff) for staff in STAFF if staff.email == email)
        frame = next(frames, None)
        return Response(frame, mimetype="text/html") if frame else None

    def _code_frame(self, staff: Staff) -> str:
        """Render the six digits of a member, as a page that loads the next ones by itself."""
        return _PAGES.get_template("code.html").render(email=staff.email, totp=self.login.code(staff))

    def _mailbox(self, request: Request) -> Response:
        """Show a mail beside the list of the newest ones. `mail`: its number, else the newest."""
        mails = list(enumerate(self.login.mails()))
        to, place = request.args.get("a", ""), request.args.get("mail", -1, int)
        pairs = [(number, mail) for number, mail in reversed(mails) if not to or mail.to == to]
        mail_shown = next((pair for pair in pairs if pair[0] == place), pairs[0] if pairs else None)
        facts = {"listed": pairs[:_LISTED], "count": len(pairs), "to": to, "shown": mail_shown}
        return self._page("courrier.html", as_text=request.args.get("vue") == "texte", **facts)

    def _for_programs(self, path: str, but_first: int) -> Response | None:
        match path:
            case "/_local/familles.json":
                return _json([_family(family) for family in FAMILIES])
            case "/_local/bureau.json":
                return _json([describe_staff(staff) for staff in STAFF])
            case "/_local/courrier.json":
                return _json([asdict(mail) for mail in self.login.mails(but_first)])
            case "/_local/stage.json":
                return _json(self.description)
            case _:
                return None

    def _page(self, name: str, **facts: object) -> Response:
        network = self.stage.services.settings.network
        return Response(_PAGES.get_template(name).render(facts, network=network, moment=_moment), mimetype="text/html")


def _moment(mail: Mail) -> str:
    return day_and_hour(datetime.fromisoformat(mail.sent_at))


def _of_product(answer: ProductResponse) -> Response:
    """Convert a redirection of the product, with its cookies."""
    response = Response(status=answer.status_code)
    for name, values in answer.headers.items():
        for value in values if isinstance(values, list) else [values]:
            response.headers.add(name, value)
    return response


def _family(family: SampleFamily) -> dict[str, object]:
    return {
        "site": family.site,
        "identifiant": family.identifier,
        "emails": list(family.emails),
        "mot_de_passe": family.password,
        "nom": family.name,
        "note": family.note,
    }


def describe_staff(staff: Staff) -> dict[str, object]:
    """Write a member of staff as JSON for `/_local/bureau.json`."""
    return {
        "role": staff.role,
        "sites": list(staff.sites),
        "courriel": staff.email,
        "mot_de_passe": staff.password,
        "totp": staff.totp,
        "nom": staff.name,
        "note": staff.note,
    }


def _json(content: object) -> Response:
    return Response(json.dumps(content, ensure_ascii=False, indent=1), mimetype="application/json")
