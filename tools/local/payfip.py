"""PayFiP's role on this machine: a régie's web service, and a page where each button is an end of the payment.

As strict with a request as the real one. Each button is one of its states, or of its faults, that a client must live
through: late, doubled, forged, another amount, a page of maintenance.
"""

import logging
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from defusedxml.ElementTree import fromstring
from jinja2 import Environment, FileSystemLoader
from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

CONTRACT: Final = "999999"
STACK_PORT: Final = 8191  # of `make stack`, whose network is packaged before this is served
STACK_ADDRESS: Final = f"http://127.0.0.1:{STACK_PORT}"
MOST: Final = 500_000  # cents of one payment
_OPEN_FOR: Final = timedelta(minutes=15)
_FORGOTTEN_AT: Final = 6  # o'clock, the night after
_SHORTEST, _LONGEST = 6, 30  # characters of `refdet`
_PARIS: Final = ZoneInfo("Europe/Paris")
_PAGES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"

# What a button does: its words, the results that are answered in turn (the last for ever), and whether it notifies.
STATES: Final[Mapping[str, tuple[str, tuple[str, ...], str]]] = {
    "P": ("Payer par carte", ("P",), "once"),
    "V": ("Payer par prélèvement", ("V",), "once"),
    "R": ("Carte refusée", ("R",), "once"),
    "Z": ("Prélèvement refusé", ("Z",), "once"),
    "A": ("Abandonner", ("A",), "once"),
    "A-P": ("Abandonner, puis payer quand même", ("A", "P"), "once"),
    "P5": ("Payer, connu plus tard", ("P5", "P5", "P"), "once"),
    "P5-toujours": ("Jamais connu", ("P5",), "never"),
    "P1": ("Fermer avant la banque", ("P1",), "never"),
    "sans-avis": ("Payer, sans notification", ("P",), "never"),
    "deux-avis": ("Payer, notifié deux fois", ("P",), "twice"),
    "faux-avis": ("Notifier sans payer", ("P5",), "once"),
    "test": ("Payer, mais en test", ("P/saisie=T",), "once"),
    "montant": ("Payer un autre montant", ("P/montant=100",), "once"),
    "maintenance": ("Payer, puis maintenance", ("html", "html", "P"), "once"),
    "lent": ("Payer, réponses trop lentes", ("slow", "P"), "once"),
}


@dataclass
class Operation:
    """One operation: the fields sent, when, and the answers still to give."""

    fields: Mapping[str, str]
    created_at: datetime
    answers: list[str] = field(default_factory=list)
    is_used: bool = False


def _notify(address: str, name: str) -> None:
    parts = urlsplit(address)
    line = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", parts.path, urlencode({"idop": name}), headers)
    line.getresponse().read()
    line.close()


class PayFipRefusal(Exception):
    """A refusal, by its code."""


@dataclass(frozen=True)
class LocalPayFip:
    """One service. Its operations die with the process. `create`: the ends of the next creations, in turn."""

    address: str
    clock: Callable[[], datetime]
    operations: dict[str, Operation] = field(default_factory=dict)
    create: list[str] = field(default_factory=list)
    slowness: float = 4.0  # seconds
    notify: Callable[[str, str], object] = _notify

    def answer(self, request: Request, path: str) -> Response:
        """Answer a request for a path below the service's address."""
        if path == "/tpa/services/securite" and request.method == "POST":
            return self._serve(request.get_data())
        if path == "/tpa/paiementws.web":
            return self._page(request.args.get("idop", ""), request.form.get("etat", ""))
        return Response(status=404)

    def _serve(self, body: bytes) -> Response:
        (call,) = fromstring(body).findall(f"{{{_SOAP}}}Body/*")
        fields = {part.tag: part.text or "" for part in call[0]}
        try:
            match call.tag.rpartition("}")[2]:
                case "creerPaiementSecurise":
                    return self._create(fields)
                case "recupererDetailPaiementSecurise":
                    return self._detail(fields)
                case "recupererDetailClient" if fields.get("numCli") == CONTRACT:
                    return _envelope({"libelleN1": "REGIE FICTIVE", "libelleN2": "CONSERVATOIRES"})
                case _:
                    return _refusal("T2")
        except PayFipRefusal as fault:
            return _refusal(str(fault))

    def _create(self, fields: Mapping[str, str]) -> Response:
        amount = fields.get("montant", "")
        for code, is_right in {
            "S1": fields.get("saisie") in {"T", "X", "W"},
            "T2": fields.get("numcli") == CONTRACT,
            "M1": amount.isdigit(),
            "M3": amount.isdigit() and int(amount) >= 100,  # noqa: PLR2004 - cents
            "M5": amount.isdigit() and int(amount) <= MOST,
            "A1": re.fullmatch(r"[^@\s]+@[^@\s]+", fields.get("mel", "")),
            "A2": 6 <= len(fields.get("mel", "")) <= 80,  # noqa: PLR2004 - characters
            "R3": re.fullmatch(rf"[A-Za-z0-9]{{{_SHORTEST},{_LONGEST}}}", fields.get("refdet", "")),
            "N1": 0 < len(fields.get("urlnotif", "")) < 250,  # noqa: PLR2004 - the same
            "D1": 0 < len(fields.get("urlredirect", "")) < 250,  # noqa: PLR2004 - the same
        }.items():
            if not is_right:
                raise PayFipRefusal(code)
        trap = self.create.pop(0) if self.create else ""
        name = str(uuid.uuid4())
        if trap != "lost":
            self.operations[name] = Operation(fields, self.clock())
        if trap == "slow":
            threading.Event().wait(self.slowness)
        return _maintenance() if trap in {"html", "lost"} else _envelope({"idOp": name})

    def _detail(self, fields: Mapping[str, str]) -> Response:
        now, operation = self.clock(), self.operations.get(fields.get("idOp", ""))
        if operation is None:
            raise PayFipRefusal("P1")
        answers = operation.answers
        if not answers:
            raise PayFipRefusal(self._unopened(operation, now))
        answer, _, change = (answers.pop(0) if len(answers) > 1 else answers[0]).partition("/")
        if answer in {"P1", "P5"}:
            raise PayFipRefusal(answer)
        if answer == "html":
            return _maintenance()
        if answer == "slow":
            threading.Event().wait(self.slowness)
            return _maintenance()
        local = now.astimezone(_PARIS)
        facts = {
            name: operation.fields[name] for name in ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie")
        }
        facts |= {
            "dattrans": f"{local:%d%m%Y}",
            "heurtrans": f"{local:%H%M}",
            "idOp": fields["idOp"],
            "resultrans": answer,
        }
        facts |= {"numauto": "112233"} if answer in {"P", "V"} else {}
        facts |= dict([change.split("=")]) if change else {}
        return _envelope(facts)

    @staticmethod
    def _unopened(operation: Operation, now: datetime) -> str:
        night_ends = operation.created_at.astimezone(_PARIS).replace(hour=_FORGOTTEN_AT, minute=0) + timedelta(days=1)
        if now >= night_ends:
            return "P1"
        return "P5" if now < operation.created_at + _OPEN_FOR else "P4"

    def _page(self, name: str, choice: str) -> Response:
        operation = self.operations.get(name)
        refusal = "P1" if operation is None else "P3" if operation.is_used else ""
        if operation and not refusal and self.clock() >= operation.created_at + _OPEN_FOR:
            refusal = "P4"
        if operation is None or refusal or choice not in STATES:
            page = _PAGES.get_template("payfip.html").render(states=STATES, refusal=refusal, operation=operation)
            return Response(page, 400 if refusal else 200, mimetype="text/html")
        return self.choose(name, choice)

    def choose(self, name: str, choice: str) -> Response:
        """Do the act of a button of the page. Return the way back to our client."""
        operation, (_, answers, notice) = self.operations[name], STATES[choice]
        operation.is_used, operation.answers[:] = True, list(answers)
        for _ in range({"never": 0, "once": 1, "twice": 2}[notice]):
            threading.Thread(target=self.notify, args=(operation.fields["urlnotif"], name), daemon=True).start()
        return redirect(f"{operation.fields['urlredirect']}?{urlencode({'idop': name})}", 303)


def _envelope(facts: Mapping[str, str]) -> Response:
    parts = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in facts.items())
    return _answer(f"<n:reponse xmlns:n='urn:r'><return>{parts}</return></n:reponse>", 200)


def _answer(content: str, status: int) -> Response:
    text = f"<?xml version='1.0'?><S:Envelope xmlns:S='{_SOAP}'><S:Body>{content}</S:Body></S:Envelope>"
    return Response(text, status, mimetype="text/xml")


def _refusal(code: str) -> Response:
    error = f"<code>{code}</code><descriptif/><libelle>Refus</libelle><message>Refus</message>"
    detail = f"<detail><ns1:FonctionnelleErreur xmlns:ns1='urn:e'>{error}</ns1:FonctionnelleErreur></detail>"
    text = f"<S:Fault><faultcode>S:Server</faultcode><faultstring>Refus</faultstring>{detail}</S:Fault>"
    return _answer(text, 500)


def _maintenance() -> Response:
    return Response("<html><body>Service en maintenance</body></html>", mimetype="text/html")


@contextmanager
def serving(
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    port: int = 0,
    notify: Callable[[str, str], object] = _notify,
) -> Iterator[LocalPayFip]:
    """Serve a service inside the block, on a free port unless one is named."""
    services: list[LocalPayFip] = []
    app = Request.application(lambda request: services[0].answer(request, request.path))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line per request
    server = make_server("127.0.0.1", port, app, threaded=True)
    services.append(LocalPayFip(f"http://127.0.0.1:{server.server_port}", clock, notify=notify))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield services[0]
    finally:
        server.shutdown()
