"""PayFiP's web service as `payfip.md` describes it: envelopes to the letter, and answers of any kind."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from werkzeug.wrappers import Request, Response

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.payment import services
from chalicelib.wings.payment.domain.attempts import Answer, Attempt
from chalicelib.wings.payment.services import PATIENCE, PayFip, PayFipFault
from tools.local.payfip import CONTRACT, STATES, LocalPayFip, serving

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
ATTEMPT = Attempt(
    "code", "b1", "12", "REF000", 13_200, 0, CONTRACT, "W", "rossignol@example.org", "Aimée Rossignol", NOW
)
NOTIFY, BACK = "https://extranet.example.fr/avis?a=1&b=<2>", "https://extranet.example.fr/retour"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/PaiementSecuriseService"
UUID = "8d7f0c5e-0a3b-4e7e-9c53-5a5e3c8b9f10"
FAULT = (
    "<S:Fault><faultcode>S:Server</faultcode><detail><n:{name} xmlns:n='u'>{code}<libelle>x</libelle></n:{name}>"
    "</detail></S:Fault>"
)


@pytest.fixture(scope="module")
def standin() -> Iterator[LocalPayFip]:
    with serving(lambda: NOW) as service:
        yield service


@pytest.fixture(autouse=True)
def reset(standin: LocalPayFip) -> Iterator[None]:
    yield
    standin.operations.clear()
    standin.create.clear()


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """List the requests that come."""
    came: list[Request] = []
    answer = LocalPayFip.answer

    def keep(service: LocalPayFip, request: Request, path: str) -> Response:
        request.get_data()
        came.append(request)
        return answer(service, request, path)

    monkeypatch.setattr(LocalPayFip, "answer", keep)
    return came


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have it answer this, after a while."""

    def set_answer(content: str | bytes, status: int = 200, after: float = 0) -> None:
        def answer(*_: object) -> Response:
            time.sleep(after)
            return Response(content, status, mimetype="text/xml")

        monkeypatch.setattr(LocalPayFip, "answer", answer)

    return set_answer


def soap(body: str, declaration: str = "", soap_name: str = SOAP) -> str:
    return f"{declaration}<S:Envelope xmlns:S='{soap_name}'><S:Body>{body}</S:Body></S:Envelope>"


def detail(**fields: str) -> str:
    return soap(f"<r><return>{''.join(f'<{name}>{text}</{name}>' for name, text in fields.items())}</return></r>")


def client(standin: LocalPayFip) -> PayFip:
    return PayFip(standin.address)


def create(standin: LocalPayFip, title: str = "Facture 12", **values: Any) -> str:
    return client(standin).create(replace(ATTEMPT, **values), title, NOTIFY, BACK)


# What is sent.


def test_an_operation_is_created_with_its_fields_in_order(standin: LocalPayFip, requests: list[Request]) -> None:
    operation = create(standin, title="Facture n° 12/Été : « Ève & Léo » <x>", email="o'r&<b>@example.org")

    (request,) = requests
    root = fromstring(request.get_data())
    (call,) = root.findall(f"{{{SOAP}}}Body/*")
    assert (request.method, request.path, request.headers["SOAPAction"]) == ("POST", "/tpa/services/securite", '""')
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert (root.tag, call.tag) == (f"{{{SOAP}}}Envelope", f"{{{SERVICE}}}creerPaiementSecurise")
    assert [part.tag for part in call] == ["arg0"]
    assert [(field.tag, field.text) for field in call[0]] == [
        *(("exer", "2026"), ("mel", "o'r&<b>@example.org"), ("montant", "13200"), ("numcli", CONTRACT)),
        *(("objet", "Facture n 12 Ete Eve Leo x"), ("refdet", "REF000"), ("saisie", "W")),
        *(("urlnotif", NOTIFY), ("urlredirect", BACK)),
    ]
    assert list(standin.operations) == [operation]
    assert client(standin).page(operation) == f"{standin.address}/tpa/paiementws.web?idop={operation}"


@pytest.mark.parametrize(
    ("title", "subject"), [("é" * 200, "e" * 100), ("Facture — №\x0b 5", "Facture No 5"), ("Ž\u0301œ€", "Z")]
)
def test_a_subject_is_a_hundred_plain_characters(standin: LocalPayFip, title: str, subject: str) -> None:
    create(standin, title)

    assert [operation.fields["objet"] for operation in standin.operations.values()] == [subject]


def test_the_year_is_that_of_paris(standin: LocalPayFip) -> None:
    create(standin, started_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert [operation.fields["exer"] for operation in standin.operations.values()] == ["2027"]


def test_a_question_has_its_capital_letters(standin: LocalPayFip, requests: list[Request]) -> None:
    client(standin).result(create(standin))
    assert client(standin).contract_names(CONTRACT) == ("REGIE FICTIVE", "CONSERVATOIRES")

    bodies = [request.get_data(as_text=True) for request in requests[1:]]
    assert "<pai:recupererDetailPaiementSecurise><arg0><idOp>" in bodies[0]
    assert f"<pai:recupererDetailClient><arg0><numCli>{CONTRACT}</numCli></arg0>" in bodies[1]


# Refusals and faults.


@pytest.mark.parametrize(
    ("code", "values"),
    [
        *(("S1", {"mode": "P"}), ("T2", {"contract": "000001"}), ("M3", {"cents": 99}), ("M5", {"cents": 500_001})),
        *(
            ("M1", {"cents": -1}),
            ("A1", {"email": "rossignol.org"}),
            ("A2", {"email": "a@b.f"}),
            ("R3", {"reference": "ABCD"}),
        ),
    ],
)
def test_a_refusal_has_its_code(standin: LocalPayFip, code: str, values: dict[str, Any]) -> None:
    with pytest.raises(PayFipFault) as error:
        create(standin, **values)

    assert (error.value.code, standin.operations) == (code, {})


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        ("FonctionnelleErreur", "<code>P5</code><descriptif/>", "P5"),
        ("FonctionnelleErreur", "<code> P1\n</code>", "P1"),
        ("TechDysfonctionnementErreur", "", "TechDysfonctionnementErreur"),
        ("TechIndisponibiliteErreur", "<code/>", "TechIndisponibiliteErreur"),
        ("Autre", "", "unknown"),
        ("Autre", f"<code>{'x' * 999}</code>", "x" * 40),
    ],
)
def test_a_fault_is_its_code_or_its_name(
    standin: LocalPayFip, say: Callable[..., None], name: str, code: str, fault: str
) -> None:
    say(soap(FAULT.format(name=name, code=code)), 500)
    assert client(standin).result(UUID) == Answer(fault=fault)

    say(soap(FAULT.format(name=name, code=code)), 200)
    with pytest.raises(PayFipFault) as error:
        create(standin)
    assert error.value.code == fault


# Results.


@pytest.mark.parametrize("choice", ["P", "V", "R", "Z", "A"])
def test_a_result_is_read_field_by_field(standin: LocalPayFip, choice: str) -> None:
    operation = create(standin)
    standin.operations[operation].answers[:] = STATES[choice][1]

    assert client(standin).result(operation) == Answer(
        "", operation, "REF000", CONTRACT, 13_200, "W", choice, date(2026, 9, 1), "112233" if choice in "PV" else ""
    )


def test_an_operation_has_no_result_before_it_is_opened(standin: LocalPayFip) -> None:
    operation = create(standin)

    assert client(standin).result(operation).fault == "P5"
    assert client(standin).result(UUID).fault == "P1"
    standin.operations[operation].created_at = NOW - timedelta(minutes=15)
    assert client(standin).result(operation).fault == "P4"


@pytest.mark.parametrize("amount", ["", "13 200", "132,00", "-13200", "1" * 13, "9" * 5000, "١٣٢", "13200.0", "1e5"])
def test_an_amount_that_is_no_number_is_none_of_ours(
    standin: LocalPayFip, say: Callable[..., None], amount: str
) -> None:
    say(detail(idOp=UUID, montant=amount, resultrans="P"))

    assert client(standin).result(UUID).cents == -1


@pytest.mark.parametrize("day", ["", "01092026 ", "0109202", "32092026", "2026-09-01", "aabbcccc"])
def test_a_day_that_is_none_is_left_out(standin: LocalPayFip, say: Callable[..., None], day: str) -> None:
    say(detail(dattrans=day, resultrans="P"))

    assert client(standin).result(UUID).paid_on == (date(2026, 9, 1) if day.startswith("01092026") else None)


# Anything else.


BOMB = "<!DOCTYPE b [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
RESULT = "<r><return><idOp>&b;</idOp><resultrans>P</resultrans></return></r>"


@pytest.mark.parametrize(
    "content",
    [
        "", "<html><body>Service en maintenance</body></html>", "<S:Envelope>", "\0\xff", "null", detail()[:-9],
        soap(RESULT, BOMB), soap("<r><return/></r>", "<!DOCTYPE S:Envelope SYSTEM 'http://127.0.0.1:9/x'>"),
        soap("<r><return>&x;</return></r>", "<!DOCTYPE b [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
        soap("<r><retour/></r>"), soap(""), soap("<r><return/></r>", soap_name="http://www.w3.org/2003/05/soap-envelope"),
        f"<S:Envelope xmlns:S='{SOAP}'/>", f"<return xmlns:S='{SOAP}'/>",
        soap("<r><return/></r>", "<?xml version='1.0' encoding='foo'?>"),
        soap("<r><return/></r>", "<?xml version='1.0' encoding='utf-7'?>"),
        soap(f"<r><return>{'x' * 64_000}</return></r>"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_the_service_s_is_no_answer(
    standin: LocalPayFip, say: Callable[..., None], content: str
) -> None:
    say(content)

    for call in (
        lambda: client(standin).result(UUID),
        lambda: create(standin),
        lambda: client(standin).contract_names("1"),
    ):
        with pytest.raises(Unavailable, match=r"^payfip (answered 200|\w+$)"):
            call()


@pytest.mark.parametrize("status", [302, 400, 403, 404, 500, 502, 503])
def test_an_answer_of_another_status_is_no_answer(standin: LocalPayFip, say: Callable[..., None], status: int) -> None:
    say(detail(idOp=UUID), status)

    with pytest.raises(Unavailable, match=rf"payfip answered {status}"):
        create(standin)


@pytest.mark.parametrize("operation", ["", "../../x", "8d7f0c5e", f"{UUID}&x=1", "a" * 61, f"{UUID}\u0660"])
def test_an_operation_without_a_name_of_the_service_is_none(
    standin: LocalPayFip, say: Callable[..., None], operation: str
) -> None:
    say(detail(idOp=operation.replace("&", "&amp;")))

    with pytest.raises(Unavailable, match="payfip gave no operation"):
        create(standin)


@pytest.mark.parametrize("trap", ["html", "lost"])
def test_a_creation_without_its_name_is_no_answer(standin: LocalPayFip, trap: str) -> None:
    standin.create.append(trap)

    with pytest.raises(Unavailable):
        create(standin)
    assert len(standin.operations) == (trap == "html"), "it may exist there"


def test_a_slow_answer_ends_with_our_patience(
    standin: LocalPayFip, say: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE == 3.0
    monkeypatch.setattr(services, "PATIENCE", 0.1)
    say(detail(idOp=UUID), after=0.4)
    before = time.monotonic()

    with pytest.raises(Unavailable, match="payfip TimeoutError"):
        create(standin)

    assert time.monotonic() - before < 0.35


def test_nobody_answers() -> None:
    with pytest.raises(Unavailable, match=re.escape("payfip ConnectionRefusedError")):
        PayFip("http://127.0.0.1:9").result(UUID)
