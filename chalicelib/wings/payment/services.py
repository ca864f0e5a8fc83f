"""PayFiP, the State's payment service, as a régie's web service by SOAP 1.1 (decision 169).

Envelopes are written here and answers read without a WSDL, by a parser that expands no entity. An answer that is not of
the service (a page of maintenance, a cut connection) is `Unavailable`. A fault of the service has its code.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.https import Service, seconds
from chalicelib.values import frozen
from chalicelib.wings.payment.domain.attempts import Answer, Attempt

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PATIENCE: Final = 3.0  # seconds for all calls of one act
_PAYFIP: Final = Service("payfip", largest=64_000)
_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_NAMESPACE: Final = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
_OPERATION: Final = re.compile(r"[0-9A-Fa-f-]{20,60}", re.ASCII)
_AMOUNT: Final = re.compile(r"\d{1,12}", re.ASCII)
_ANSWERED: Final = frozenset({200, 500})  # a fault comes with 500 (SOAP 1.1, 6.2)
_TITLE: Final = 100  # characters of `objet`
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")


class PayFipFault(Exception):
    """The service refused a request, by one of its codes (S1, T2, M5, P1 …), or by the name of its error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@frozen
class PayFip:
    """The service at an address, which ends before `/tpa`."""

    address: str

    def page(self, operation: str) -> str:
        """Return the address of the page where the family pays."""
        return f"{self.address}/tpa/paiementws.web?{urlencode({'idop': operation})}"

    def create(self, attempt: Attempt, title: str, notify: str, back: str) -> str:
        """Create the operation of an attempt, and return its name. Raises `PayFipFault`, `Unavailable`.

        `notify`, `back`: under 250 characters each.
        """
        answer = self._ask(
            "creerPaiementSecurise",
            exer=str(attempt.started_at.astimezone(PARIS).year),
            mel=attempt.email,
            montant=str(attempt.cents),
            numcli=attempt.contract,
            objet=_plain(title),
            refdet=attempt.reference,
            saisie=attempt.mode,
            urlnotif=notify,
            urlredirect=back,
        )
        operation = _text(answer, "idOp")
        if not _OPERATION.fullmatch(operation):
            raise Unavailable("payfip gave no operation")
        return operation

    def result(self, operation: str) -> Answer:
        """Ask for the result of an operation, or for the code of the fault that it has. Raises `Unavailable`."""
        try:
            answer = self._ask("recupererDetailPaiementSecurise", idOp=operation)
        except PayFipFault as fault:
            return Answer(fault=fault.code)
        amount = _text(answer, "montant")
        return Answer(
            operation=_text(answer, "idOp"),
            reference=_text(answer, "refdet"),
            contract=_text(answer, "numcli"),
            cents=int(amount) if _AMOUNT.fullmatch(amount) else -1,
            mode=_text(answer, "saisie"),
            result=_text(answer, "resultrans"),
            paid_on=_day(_text(answer, "dattrans")),
            authorization=_text(answer, "numauto"),
        )

    def contract_names(self, contract: str) -> tuple[str, ...]:
        """Read the names of a contract: a check without any effect. Raises as `create`."""
        answer = self._ask("recupererDetailClient", numCli=contract)
        return tuple(name for number in "123" if (name := _text(answer, f"libelleN{number}")))

    def _ask(self, name: str, **fields: str) -> "Element":
        """Make one call. Return the element with its answer's fields."""
        reply = _PAYFIP.call(
            seconds() + PATIENCE,
            "POST",
            f"{self.address}/tpa/services/securite",
            {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept": "text/xml"},
            _envelope(name, fields).encode(),
        )
        body = _body(reply.content) if reply.status in _ANSWERED else None
        if body is None:
            raise Unavailable(f"payfip answered {reply.status} {reply.kind}")
        if (fault := body.find(f"{{{_SOAP}}}Fault")) is not None:
            raise PayFipFault(_code(fault))
        answer = next((element for element in body.iter() if _name(element) == "return"), None)
        if reply.status != min(_ANSWERED) or answer is None:
            raise Unavailable(f"payfip answered {reply.status} without a return")
        return answer


def _envelope(name: str, fields: dict[str, str]) -> str:
    parts = "".join(f"<{field}>{escape(value)}</{field}>" for field, value in fields.items())
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:pai="{_NAMESPACE}">'
        f"<soapenv:Body><pai:{name}><arg0>{parts}</arg0></pai:{name}></soapenv:Body></soapenv:Envelope>"
    )


def _body(content: bytes) -> "Element | None":
    """Parse an envelope. None for anything else: HTML, entities, a document cut short."""
    with suppress(ParseError, ValueError, LookupError):  # `DefusedXmlException` is a ValueError
        root: Element = fromstring(content, forbid_dtd=True)
        if root.tag == f"{{{_SOAP}}}Envelope":
            return root.find(f"{{{_SOAP}}}Body")
    return None


def _code(fault: "Element") -> str:
    """Find the code of a fault (P1), else the name of its error, which has none."""
    names = {_name(element): (element.text or "").strip() for element in fault.iter() if element is not fault}
    errors = (name for name in names if name.endswith("Erreur"))
    return (names.get("code") or next(errors, "") or "unknown")[:40]


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _text(answer: "Element", name: str) -> str:
    return next(((element.text or "").strip() for element in answer if _name(element) == name), "")


def _day(text: str) -> date | None:
    """Parse JJMMAAAA. None for anything else."""
    with suppress(ValueError):
        return date(int(text[4:]), int(text[2:4]), int(text[:2])) if len(text) == len("JJMMAAAA") else None
    return None


def _plain(title: str) -> str:
    """Write a title in letters, digits and blanks, without accents."""
    return _UNFIT.sub(" ", unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()).strip()[:_TITLE]
