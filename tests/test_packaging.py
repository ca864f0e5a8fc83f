"""`make package`: the zip runs alone, compiled, and holds nothing that its functions do not need."""

import _imp
import json
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from importlib.util import MAGIC_NUMBER
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import botocore
import pytest
from botocore.loaders import Loader
from botocore.regions import EndpointResolver
from botocore.session import Session
from jinja2 import ModuleLoader
from pypdf import PdfReader

from app import app
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.mail.account_jobs import LostPassword
from chalicelib.presentation.rendering import TEMPLATES, environment
from chalicelib.settings.environment import NETWORK_FILE, Settings, load_network
from chalicelib.settings.source import CHECKERS, SHIPPED
from chalicelib.wings import ALL_WINGS
from operations.deploy import preflight
from operations.package import CHALICE_TEMPLATE, PROJECT, copy_libraries, package, run_chalice
from operations.package.__main__ import check_sizes, main
from operations.package.botocore_data import SERVICES, allowed_operations, with_operations, without_documentation
from operations.package.files import TEMPLATE, for_lambda, function_of
from operations.package.interpreter import PackageRefused, lambda_python
from operations.package.network import check, write_module
from operations.package.parts import FAMILY, NETWORK, OF_OFFICE, OFFICE, in_layer
from operations.package.wheels import install_wheels
from operations.runtime import RUNTIME, VERSION
from tests.support.answers import CHANGES
from tests.support.aws import TestAws
from tests.support.enrolment import HOUSEHOLD
from tests.support.french import plain
from tests.support.keys import key_variables
from tests.support.lambda_process import Invoked, invoke
from tests.support.ses_events import bounce_event
from tests.support.staff import DESK
from tests.support.template import template_without_zip
from tests.support.world import CDN_SECRET, EMAIL, PASSWORD, PUBLIC_URL, ROSSIGNOL, World
from tools.local.aws import CREDENTIALS, REGION

# The package is made once for all tests: with xdist they stay on one worker.

MAGIC = (3571).to_bytes(2, "little") + b"\r\n"  # the magic number of Python 3.13, whichever Python runs this
UNCHECKED_HASH = 0b01
ELF_MACHINES = {"x86_64": 0x3E, "aarch64": 0xB7}
INSTALLED = Path(botocore.__file__).parents[1]
HOME = "/extranet/compte"
LOGIN = f"{HOME}/connexion"


@dataclass(frozen=True)
class Made:
    """A package: its folder, and one of its zips, unpacked beside it: the office's, which holds all."""

    folder: Path

    zip: str = OFFICE

    @property
    def family(self) -> "Made":
        return Made(self.folder, FAMILY)

    @property
    def layer(self) -> "Made":
        return Made(self.folder, NETWORK)

    @property
    def task(self) -> Path:
        return self.folder / self.zip.partition(".")[0]

    @property
    def names(self) -> list[str]:
        with ZipFile(self.folder / self.zip) as archive:
            return archive.namelist()

    @property
    def template(self) -> Any:
        return json.loads((self.folder / TEMPLATE).read_text("utf-8"))

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == "AWS::Serverless::Function"
        }

    def ours(self) -> Iterator[str]:
        """List our own files, as packaged."""
        beginnings = ("app.py", "chalicelib/", "templates/")
        return (name for name in self.names if name.startswith(beginnings) and not name.endswith(".pyc"))


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("package")
    package(folder)
    zips = Made(folder)
    for part in (zips, zips.family, zips.layer):
        with ZipFile(folder / part.zip) as archive:
            archive.extractall(part.task)
    return zips


# The content of the zip.


def is_of_wing(file: Path) -> bool:
    """Whether a file of a wing is no code: its part of the stack, its templates, its paper."""
    return file.suffix != ".py" and file.is_relative_to(PROJECT / "chalicelib/wings")


def test_the_whole_service_is_in_the_zip(zips: Made) -> None:
    settings = PROJECT / "chalicelib/settings"
    exceptions = {settings / name for name in (NETWORK_FILE.name, *CHECKERS)}  # the layer is tested below
    our_files = [file for file in files(PROJECT / "chalicelib") if file not in exceptions and not is_of_wing(file)]
    sources = [PROJECT / "app.py", *our_files, *files(TEMPLATES / "assets"), *files(TEMPLATES / "styles")]

    contents = {name: (zips.task / name).read_bytes() for name in zips.ours()}

    assert contents == {path.relative_to(PROJECT).as_posix(): path.read_bytes() for path in sources}


def test_the_families_package_is_the_office_s_without_what_a_contract_keeps_from_it(zips: Made) -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (forbidden,) = [
        set(contract["forbidden_modules"])
        for contract in contracts
        if contract["name"].startswith("The families' package")
    ]
    names, rest = set(zips.family.names), set(zips.names) - set(zips.family.names)

    assert names < set(zips.names)
    assert [name for name in names if (zips.family.task / name).read_bytes() != (zips.task / name).read_bytes()] == []
    libraries = {name.partition("/")[0].partition(".")[0] for name in rest} - {"chalicelib", "compiled", "botocore"}
    assert forbidden - libraries == set(OF_OFFICE)
    assert forbidden & libraries == {
        *("cryptography", "fido2", "joserfc", "openpyxl", "pydantic", "pydantic_core", "segno")
    }
    assert libraries - forbidden == {*("annotated_types", "typing_extensions", "typing_inspection", "et_xmlfile")}
    modules = {source_of(name).removesuffix(".py").replace("/", ".") for name in rest if name.startswith("chalicelib/")}
    of_office = tuple(f"{part}." for part in OF_OFFICE)
    assert {name for name in modules if not f"{in_layer(name)}.".startswith(of_office)} == set()


def test_what_the_agency_and_developers_run_stays_out(zips: Made) -> None:
    lists = ("requirements.txt", "requirements/office.txt", "requirements/agency.txt")
    family_list, office, agency = (set((PROJECT / name).read_text("utf-8").splitlines()) for name in lists)
    names = {line.partition("==")[0].replace("-", "_") for line in agency - family_list - office}

    there = {name.partition("/")[0].partition(".")[0].lower() for name in zips.names}

    assert {"rich", "typer"} <= names
    unread = {"pip", "cffi", "pycparser", "charset_normalizer", "pillow"}
    assert there & ({"agency", "operations", "tools", "tests"} | unread | names) == set()


def test_the_way_in_of_this_machine_is_in_neither_zip(zips: Made) -> None:
    for part in (zips, zips.family):
        names = [name for name in part.names if name.startswith(("app.", "chalicelib/", "templates/", "compiled/"))]
        assert [name for name in names if b"/_local" in (part.task / name).read_bytes()] == []
        assert "tools" not in {piece for name in part.names for piece in name.split("/")}


def test_the_network_is_in_the_layer_as_it_was_checked_and_in_neither_zip(zips: Made, tmp_path: Path) -> None:
    network = load_network()
    write_module(network, tmp_path)

    assert zips.layer.names == [f"python/{SHIPPED}.pyc"]
    assert runpy.run_path(str(tmp_path / f"python/{SHIPPED}.py"))["NETWORK"] == network
    telephone = network.sites[0].contact.telephone.encode()
    assert telephone in (zips.layer.task / f"python/{SHIPPED}.pyc").read_bytes()
    assert [name for name in zips.names if telephone in (zips.task / name).read_bytes()] == []


def test_a_network_that_is_not_right_is_not_packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "network.toml"
    file.write_text(NETWORK_FILE.read_text("utf-8").replace("shortest = 8", "shortest = 7"), "utf-8")
    monkeypatch.setattr("operations.package.network.check", lambda: check(file))
    monkeypatch.setattr(sys, "argv", ["package", str(tmp_path / "package")])

    with pytest.raises(SystemExit, match=r"network\.toml is not complete[^$]*passwords\.shortest"):
        main()

    assert list(tmp_path.iterdir()) == [file]


START = """
import importlib, sys, zoneinfo
zoneinfo.reset_tzpath([])  # Lambda has no time zones of its own
sys.path[:0] = [sys.argv[1], sys.argv[3]]
app = getattr(importlib.import_module(sys.argv[2]), "app", None)
print(*(app.routes if app else ()), sep="\\n")
print()
print(*sys.modules, sep="\\n")
"""
NEW_FAMILIES = "chalicelib.wings.admission.web.functions"
CALENDARS = "chalicelib.wings.teaching.web.functions"
SIGN_IN = "chalicelib.web.functions.sign_in"
DESK_ENTRY = "chalicelib.web.functions.desk"
VISITORS = ("APIHandler", "Applicant", "Desk", "SignIn")
SDK = frozenset({"botocore", "dateutil", "jmespath", "six", "urllib3"})
ALL = {*SDK, "chalice", "tzdata"}
PASSWORDS = {"argon2", "_argon2_cffi_bindings", "_cffi_backend"}
MODELS = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
# The exact libraries that each function loads at its start, and those of our packages that not all have.
LIBRARIES = {
    "APIHandler": ALL | PASSWORDS | {"defusedxml"},  # of the answers of PayFiP
    "Applicant": ALL,
    "Bounces": ALL,
    "Calendars": ALL,
    "Desk": ALL | PASSWORDS | {"defusedxml"},
    "DeskJobs": ALL,
    "Offers": ALL,
    "Post": ALL | MODELS | {"defusedxml"},
    "Rolls": ALL,
    "SignIn": ALL,
}
OURS = {
    "APIHandler": {"flows", "presentation.printing", "web", "web.family", "wings"},
    "Applicant": {"flows", "presentation.printing", "web", "web.functions", "wings"},
    "Bounces": {"wings", "work"},
    "Calendars": {"flows", "web", "web.functions", "wings"},
    "Desk": {
        "flows",
        "office",
        "presentation.office",
        "presentation.printing",
        "web",
        "web.family",
        "web.functions",
        "web.office",
        "web.teacher",
        "wings",
    },
    "DeskJobs": {"office", "presentation.office", "presentation.printing", "wings", "work"},
    "Offers": {"office", "wings", "work"},
    "Post": {"flows", "office", "wings", "work"},
    "Rolls": {"office", "wings", "work"},
    "SignIn": {"flows", "web", "web.family", "web.functions", "web.login_methods", "wings"},
}
FOLDERS = {
    re.sub(r"^wings\.\w+\.?", "", ".".join(path.relative_to(PROJECT / "chalicelib").parts))
    for path in (PROJECT / "chalicelib").rglob("*")
    if path.is_dir() and path.parent.name not in {"domain", "flows", "office"} and "__pycache__" not in path.parts
}
NOT_FOR_A_FAMILY = (
    "tomllib",
    *(f"chalicelib.{layer}.staff" for layer in ("domain", "flows")),
    *("chalicelib.services.staff", "chalicelib.stores.staff", "chalicelib.stores.staff_sessions"),
    *(f"chalicelib.wings.admission.{name}" for name in ("domain", "flows", "mail", "services", "stores", "web")),
    *(f"chalicelib.wings.teaching.{name}" for name in ("flows.teacher", "mail", "services.teaching")),
    *(f"chalicelib.wings.teaching.stores.{name}" for name in ("rolls", "timetables", "teachers", "absence_counts")),
    "chalicelib.wings.campaign.mail",
    "chalicelib.presentation.typography",
    "chalicelib.presentation.printing.paper",
    "chalicelib.work.bounces",
)


@dataclass(frozen=True)
class Start:
    """The paths that a function answers, and the modules that it loaded."""

    paths: set[str]
    modules: set[str]

    def ours(self) -> set[str]:
        """List the loaded folders of `chalicelib`, a wing's under the name of the same folder of the core."""
        names = {re.sub(r"^chalicelib\.(wings\.\w+\.)?", "", name) for name in self.modules}
        return {".".join(name.split(".")[:depth]) for name in names for depth in (1, 2)} & FOLDERS


@pytest.fixture(scope="module")
def starts(zips: Made) -> dict[str, Start]:
    """Start each function of the template, by name."""
    names = {
        setting.name.upper() for setting in fields(Settings) if setting.default is setting.default_factory is MISSING
    } - {"NETWORK"}
    environment = {
        **{f"CLEF_{name}": name for name in names - {"RECORD_KEY", "CDN_SECRET_DIGESTS"}},
        **{f"CLEF_{table.upper()}_TABLE": table for wing in ALL_WINGS for table in wing.all_tables},
        "CLEF_RECORD_KEY": "the key of the package's pseudonyms",
        "CLEF_CDN_SECRET_DIGESTS": "0" * 64,
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_LAMBDA_FUNCTION_NAME": "started",
    }
    starting = {}
    for name, function in zips.functions.items():
        task, module = zips.folder / function["CodeUri"].removesuffix(".zip"), function["Handler"].rpartition(".")[0]
        command = [lambda_python(), "-I", "-S", "-c", START, task, module, zips.layer.task / "python"]
        starting[name] = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    outputs = {name: process.communicate()[0] for name, process in starting.items()}
    assert {process.returncode for process in starting.values()} == {0}
    return {name: Start(*(set(part.split()) for part in text.split("\n\n"))) for name, text in outputs.items()}


def test_a_start_loads_the_libraries_that_its_function_uses_and_no_other(zips: Made, starts: dict[str, Start]) -> None:
    libraries = {name.partition("/")[0].partition(".")[0] for name in zips.names} - {"app", "chalicelib"}

    modules = {
        function: {name.partition(".")[0] for name in start.modules} & libraries for function, start in starts.items()
    }

    assert modules == LIBRARIES


def test_a_start_loads_those_of_our_packages_that_its_function_uses_and_no_other(starts: dict[str, Start]) -> None:
    layers = {"domain", "infra", "infra.dynamo", "mail", "presentation", "services", "settings", "stores"}

    assert {function: start.ours() - layers for function, start in starts.items()} == OURS
    assert [function for function, start in starts.items() if "email.policy" in start.modules] == []  # a mail is


def test_no_family_waits_for_what_writes_botocore_s_documentation(starts: dict[str, Start]) -> None:
    for start in (starts["APIHandler"], starts["Applicant"]):
        assert {name for name in start.modules if name.startswith("botocore.docs")} == {
            *("botocore.docs", "botocore.docs.docstring", "botocore.docs.utils")
        }
        assert "html.parser" not in start.modules


def test_a_family_waits_for_nothing_that_its_function_does_not_need(starts: dict[str, Start]) -> None:
    modules = starts["APIHandler"].modules

    assert "chalicelib.web.family.login" in modules
    assert [name for name in modules if f"{name}.".startswith(tuple(f"{part}." for part in NOT_FOR_A_FAMILY))] == []


def test_a_scheduled_job_loads_no_store_or_file_reader_of_another_subject(starts: dict[str, Start]) -> None:
    rest = {
        "Rolls": (
            "wings.admission.stores.applications",
            "wings.admission.stores.pools",
            "stores.staff_sessions",
            "domain.roster.rows",
        ),
        "Offers": (
            "wings.teaching.stores.rolls",
            "wings.teaching.stores.calendars",
            "stores.staff_sessions",
            "domain.roster.rows",
        ),
        "Post": ("domain.roster.rows",),
    }

    for function, names in rest.items():
        assert starts[function].modules & {f"chalicelib.{name}" for name in names} == set(), function


def test_each_kind_of_visitor_s_function_answers_what_the_gateway_sends_it(starts: dict[str, Start]) -> None:
    for function in VISITORS:
        assert starts[function].paths == {path for path in app.routes if function_of(path) == function} != set()


def test_every_template_is_in_the_zip_as_jinja_compiles_it(zips: Made) -> None:
    names = {file.name for file in (zips.task / "compiled").glob("*.pyc")}

    assert names == {
        f"{ModuleLoader.get_module_filename(name)}c" for name in environment().list_templates(["html", "txt"])
    }


def test_no_secret_is_in_the_zip(zips: Made) -> None:
    key = r"A[KS]IA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY"
    variable = r"(CLEF|AWS)_[A-Z_]+[\"']?\s*[=:]\s*[\"']?\w{8}"  # a line of a settings file
    secret = re.compile(f"{key}|{variable}")

    assert not [name for name in zips.ours() if secret.search((zips.task / name).read_text("utf-8", "replace"))]


def test_the_package_is_small(zips: Made) -> None:
    assert all(check_sizes(zips.folder / name) for name in (FAMILY, OFFICE))


# The package runs without any other file.


def api_event(method: str, path: str, body: str = "", cookie: str = "") -> dict[str, Any]:
    """Make a request's event as from API Gateway, after the CDN. Its resource there has all paths of a visitor."""
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "cookie": cookie,
        "cloudfront-viewer-address": "192.0.2.7:50000",
        "x-clef-cdn": CDN_SECRET,
    }
    resource = "/extranet/compte/{proxy+}"
    return {
        "path": path,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "identity": {"sourceIp": "198.51.100.1"}},
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": False,
    }


def settings_of(world: World) -> dict[str, str]:
    """List the variables set by Lambda and the template."""
    (digest,) = world.services.settings.cdn_secret_digests
    return {
        **CREDENTIALS,
        **world.resources.environment(),
        "TZ": ":UTC",
        "AWS_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": "test",
        "CLEF_ENDPOINT_URL": world.aws.endpoint_url,
        "CLEF_PUBLIC_URL": PUBLIC_URL,
        "CLEF_CONFIGURATION_SET": "test-mail",
        "CLEF_RECORD_KEY": world.services.settings.record_key,
        **key_variables(world.services.settings.keys),
        "CLEF_CDN_SECRET_DIGESTS": digest,
    }


def run(zips: Made, handler: str, world: World, *events: dict[str, Any]) -> Invoked:
    """Invoke a packaged function. It must compile nothing, as Lambda could not cache it."""
    (code,) = {function["CodeUri"] for function in zips.functions.values() if function["Handler"] == handler}
    process = invoke(zips.folder / code.removesuffix(".zip"), handler, settings_of(world), *events)
    assert (process.sources, process.collects) == ([], True)
    return process


def test_a_family_logs_in_and_reads_its_page(zips: Made, world: World) -> None:
    world.settle()
    form = f"site={ROSSIGNOL.site}&identifiant={ROSSIGNOL.identifier}&mot_de_passe="

    tries = [api_event("POST", LOGIN, form + password) for password in ("Soupir0Perdu", PASSWORD)]
    refusal, logged_in = run(zips, "app.app", world, *tries).answers
    cookie = logged_in["multiValueHeaders"]["Set-Cookie"][0].partition(";")[0]
    (page,) = run(zips, "app.app", world, api_event("GET", HOME, cookie=cookie)).answers

    assert [answer["statusCode"] for answer in (refusal, logged_in, page)] == [401, 303, 200]
    assert "</html>" in refusal["body"]
    assert "Famille Rossignol" in plain(page["body"])


def test_a_family_gets_its_receipt_as_a_pdf(zips: Made, world: World) -> None:
    world.now = datetime.now(UTC)  # the function uses the real clock
    ref = EnrolmentRef(world.settle(household=HOUSEHOLD).ref, str(world.now.year))
    draft = Enrolment(ref).with_pupil(PupilFile("a1", "Zélie Rossignol", CHANGES), world.now)
    enrolment = submit(draft, draft.pupils, "R27-K4TN-8WCB", SavedBy("Mme Nguyễn", world.now))
    world.services.enrolments.change(Enrolment(ref), enrolment)
    form = f"site={ROSSIGNOL.site}&identifiant={ROSSIGNOL.identifier}&mot_de_passe={PASSWORD}"
    (logged_in,) = run(zips, "app.app", world, api_event("POST", LOGIN, form)).answers
    cookie = logged_in["multiValueHeaders"]["Set-Cookie"][0].partition(";")[0]
    event = api_event("GET", f"{HOME}/reinscription/recus/R27-K4TN-8WCB/pdf", cookie=cookie)

    (answer,) = run(zips, "app.app", world, event).answers

    assert (answer["statusCode"], answer.get("isBase64Encoded", False)) == (200, False)
    assert answer["body"].isascii()
    (page,) = PdfReader(BytesIO(answer["body"].encode())).pages
    assert "Hautbois : change pour Alto" in plain(page.extract_text())
    assert "Mme Nguyễn" in page.extract_text()


def test_a_family_without_an_account_has_a_function_of_its_own(zips: Made, world: World) -> None:
    event = api_event("GET", "/extranet/pre-inscription")

    (page,) = run(zips, f"{NEW_FAMILIES}.applicant", world, event).answers
    (elsewhere,) = run(zips, "app.app", world, event).answers

    assert (page["statusCode"], elsewhere["statusCode"]) == (200, 404)
    assert "<h1>Pré-inscription</h1>" in plain(page["body"])


def test_staff_have_a_function_of_their_own(zips: Made, world: World) -> None:
    event = api_event("GET", f"{DESK}/connexion")

    (page,) = run(zips, f"{DESK_ENTRY}.desk", world, event).answers
    (elsewhere,) = run(zips, "app.app", world, event).answers

    assert (page["statusCode"], elsewhere["statusCode"]) == (200, 404)
    assert "Connexion du personnel" in plain(page["body"])


def test_the_post_mails_a_password(zips: Made, world: World) -> None:
    world.now = datetime.now(UTC)  # the function uses the real clock
    world.settle()
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAIL)
    job = LostPassword(request="request-1", asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)

    run(zips, "chalicelib.work.post.post", world, {"Records": [{"body": job.to_json(), "receiptHandle": "r"}]})

    assert [mail.to for mail in world.mails()] == [EMAIL]
    assert world.mailed_password()


def test_a_bounce_marks_the_address(zips: Made, world: World) -> None:
    world.settle()
    notice: dict[str, Any] = {
        "MessageId": "message-1",
        "Message": bounce_event(),
        "Subject": None,
        "MessageAttributes": {},
    }

    run(zips, "chalicelib.work.bounces.bounces", world, {"Records": [{"Sns": notice}]})

    assert [failing.kind for failing in world.account().failing_mailboxes] == ["bounced"]


def test_the_template_has_no_other_function(zips: Made) -> None:
    handlers = {
        *("app.app", f"{NEW_FAMILIES}.applicant", f"{CALENDARS}.calendars", f"{DESK_ENTRY}.desk", f"{SIGN_IN}.sign_in"),
        *("chalicelib.work.bounces.bounces", "chalicelib.work.long_jobs.desk_jobs", "chalicelib.work.post.post"),
        *("chalicelib.wings.admission.work.offers", "chalicelib.wings.teaching.work.rolls"),
    }

    assert {function["Handler"] for function in zips.functions.values()} == handlers


# botocore's data of a service are unchanged, without documentation.


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_called_as_before_the_trimming(zips: Made, aws: TestAws, world: World, service: str) -> None:
    whole, short = (loader(data) for data in (INSTALLED / "botocore/data", zips.task / "botocore/data"))
    session = Session()
    session.register_component("data_loader", short)
    session.set_credentials("local", "local")
    client = session.create_client(service, REGION, endpoint_url=aws.endpoint_url)
    calls = {"s3": "list_buckets", "sesv2": "get_account", "sqs": "list_queues", "dynamodb": "scan"}
    arguments = {"TableName": world.services.settings.accounts_table} if service == "dynamodb" else {}

    if call := calls.get(service):  # moto has no Lambda here
        assert getattr(client, call)(**arguments)["ResponseMetadata"]["HTTPStatusCode"] == 200
    else:
        assert list(client.meta.method_to_api_mapping) == ["invoke"]
    description = without_documentation(whole.load_service_model(service, "service-2"))
    if names := {"dynamodb": allowed_operations(PROJECT / ".chalice"), "lambda": {"Invoke"}}.get(service):
        description = with_operations(description, names)
    assert short.load_service_model(service, "service-2") == description
    for kind in ("endpoint-rule-set-1", "paginators-1"):
        assert short.load_service_model(service, kind) == whole.load_service_model(service, kind)


@pytest.mark.parametrize("service", SERVICES.values())
def test_a_service_has_the_same_address_as_before_the_trimming(zips: Made, service: str) -> None:
    whole, short = (endpoints(data) for data in (INSTALLED / "botocore/data", zips.task / "botocore/data"))
    regions = ["eu-west-3", "eu-central-1", "us-east-1", "us-gov-west-1", "cn-north-1", "xx-nowhere-1"]

    assert [short.construct_endpoint(service, region) for region in regions] == [
        whole.construct_endpoint(service, region) for region in regions
    ]


# Bytecode.


def bytecode_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.cpython-313.pyc".removeprefix("/")


def source_of(bytecode: str) -> str:
    return re.sub(r"__pycache__/(\w+)\.cpython-313\.pyc$|\.pyc$", lambda found: f"{found[1] or ''}.py", bytecode)


def test_every_module_has_bytecode_of_lambda_s_python_that_needs_no_date(zips: Made) -> None:
    bytecode = {source_of(name): (zips.task / name).read_bytes() for name in zips.names if name.endswith(".pyc")}

    assert {compiled[:4] for compiled in bytecode.values()} == {MAGIC}
    assert {int.from_bytes(compiled[4:8], "little") for compiled in bytecode.values()} == {UNCHECKED_HASH}
    assert [name for name, compiled in bytecode.items() if f"/var/task/{name}".encode() not in compiled] == []


def test_of_the_sources_ours_stay_which_a_traceback_quotes_and_no_other(zips: Made) -> None:
    sources = {name for name in zips.names if name.endswith(".py")}

    assert sources == {name for name in zips.ours() if name.endswith(".py")}
    for name in sources:
        code = (zips.task / bytecode_of(name)).read_bytes()
        # `importlib.util.source_hash` would take the magic number of the Python that runs this.
        expected = _imp.source_hash(int.from_bytes(MAGIC, "little"), (zips.task / name).read_bytes())
        assert code[8:16] == expected


def test_the_bytecode_s_magic_is_that_of_lambda_s_python() -> None:
    process = subprocess.run(
        [lambda_python(), "-c", "from importlib.util import MAGIC_NUMBER; print(MAGIC_NUMBER.hex())"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert bytes.fromhex(process.stdout) == MAGIC
    assert (sys.version_info[:2] == VERSION) is (MAGIC_NUMBER == MAGIC)


# For either processor. `.ci/run` compares whole zips made by three Pythons.


class Stopped(Exception):
    """Stops the packaging for another processor once the difference is tested."""


def test_a_template_names_the_processor_alone(zips: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_task: Path, architecture: str, _python: str) -> None:
        assert architecture == "arm64"
        raise Stopped

    monkeypatch.setattr("operations.package.run_chalice", lambda tree, _made: run_chalice(tree, tmp_path))
    monkeypatch.setattr("operations.package.copy_libraries", stop)
    with pytest.raises(Stopped):
        package(tmp_path / "package", "arm64")

    for_arm = for_lambda((tmp_path / CHALICE_TEMPLATE).read_text("utf-8"))
    assert for_arm.replace("arm64", "x86_64") == (zips.folder / TEMPLATE).read_text("utf-8")
    assert for_arm.count('"Architectures":["arm64"]') == len(zips.functions) != 0
    assert [function["Architectures"] for function in zips.functions.values()] == [["x86_64"]] * len(zips.functions)


def test_a_package_has_the_wheels_of_lambda_s_python_and_of_the_processor_it_is_for(zips: Made, tmp_path: Path) -> None:
    copy_libraries(tmp_path, "arm64", lambda_python())
    libraries = []
    for machine, task in (("x86_64", zips.task), ("aarch64", tmp_path)):
        native = {file.relative_to(task).as_posix(): file.read_bytes() for file in task.rglob("*.so")}
        assert {int.from_bytes(library[18:20], "little") for library in native.values()} == {ELF_MACHINES[machine]}
        assert {name.split(".")[1] for name in native} == {"abi3", f"cpython-313-{machine}-linux-gnu"}
        libraries.append({name.replace(machine, "") for name in native})

    assert libraries[0] == libraries[1] >= {"_cffi_backend.cpython-313--linux-gnu.so"}


def test_of_two_packagings_at_once_one_lends_its_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office: list[set[str]] = []

    def install(made: Path, _architecture: str) -> None:
        for name in ("shared", "office"):
            (made / name).mkdir(parents=True)
            (made / name / f"of_{name}.py").touch()
        if not office:
            office.append(set())
            office.append(copy_libraries(tmp_path / "first", "x86_64", lambda_python()))

    monkeypatch.setattr("operations.package.LIBRARIES", tmp_path / "libraries")
    monkeypatch.setattr("operations.package.install_libraries", install)

    assert copy_libraries(tmp_path / "second", "x86_64", lambda_python()) == office[-1] != set()
    assert len(list((tmp_path / "libraries").iterdir())) == 1


def test_every_function_runs_on_the_python_of_the_product(zips: Made) -> None:
    assert {function["Runtime"] for function in zips.functions.values()} == {RUNTIME} == {"python3.13"}
    assert (PROJECT / ".python-version").read_text("utf-8") == "3.13\n"


def test_another_python_looks_for_lambda_s_on_this_machine() -> None:
    assert lambda_python(running=VERSION) == sys.executable

    python = lambda_python(running=(3, 12))

    version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("Python 3.13.")


def test_without_lambda_s_python_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PackageRefused, match=r"none is on this machine.* apt-get install python3\.13-venv"):
        lambda_python(running=(3, 12), find=Path("/bin/false"))

    monkeypatch.setattr("operations.package.lambda_python", lambda: lambda_python((3, 12), Path("/bin/false")))
    monkeypatch.setattr(sys, "argv", ["package", str(tmp_path / "package")])
    with pytest.raises(SystemExit, match="nothing is packaged"):
        main()
    assert list(tmp_path.iterdir()) == []


def test_without_lambda_s_python_nothing_is_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "lambda_python", lambda: lambda_python((3, 12), Path("/bin/false")))

    [finding] = preflight.check_template()
    assert ("apt-get install python3.13-venv" in finding.sentence, finding.is_warning) == (True, False)


def test_a_requirement_without_a_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(SystemExit, match=r"wheel for Python 3\.13 on arm64"):
        install_wheels(["hautbois==1.0"], tmp_path / "task", "arm64")


def test_the_packaged_template_is_the_one_that_is_linted_and_read(zips: Made) -> None:
    """`tests/test_template.py` tests its content."""
    assert zips.template == template_without_zip()


def loader(data: Path) -> Loader:
    return Loader(extra_search_paths=[str(data)], include_default_search_paths=False)


def endpoints(data: Path) -> EndpointResolver:
    return EndpointResolver(loader(data).load_data("endpoints"))


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
