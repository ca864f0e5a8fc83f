"""`make package`: the zip holds the service and nothing else, and runs alone; the template grants what is needed."""

import hashlib
import json
import marshal
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import distributions
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from cfnlint.api import lint  # type: ignore[import-untyped]  # it publishes no types

from chalicelib.flows import lost_password
from chalicelib.settings import Settings
from tests.conftest import CDN_SECRET, PUBLIC_URL
from tests.world import EMAIL, PASSWORD, ROSSIGNOL, World
from tools.bench import events
from tools.local.aws import CREDENTIALS
from tools.package import PROJECT, TEMPLATE, ZIP, check_python, check_requirements, package

UNCHECKED_HASH = 0b01
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"

# What Lambda does with a handler string, with nothing of this machine but the standard library.
INVOKE = """
import importlib, json, sys
task, standard_library, handler = sys.argv[1:]
sys.path.insert(0, task)
module, _, name = handler.rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.load(sys.stdin), None)
files = [each.__file__ for each in list(sys.modules.values()) if getattr(each, "__file__", None)]
strangers = [file for file in files if not file.startswith((task, standard_library))]
print(json.dumps({"answer": answer, "strangers": strangers}))
"""


@dataclass(frozen=True)
class Made:
    """A package: its folder, the zip's names, where it is unpacked, and its template."""

    folder: Path
    names: frozenset[str]
    task: Path
    template: dict[str, Any]

    def resources(self, kind: str) -> dict[str, Any]:
        return {
            name: each["Properties"]
            for name, each in self.template["Resources"].items()
            if each["Type"] == f"AWS::{kind}"
        }

    def function(self, name: str) -> dict[str, Any]:
        properties: dict[str, Any] = self.resources("Serverless::Function")[name]
        return properties

    def ours(self) -> Iterator[Path]:
        """List the files that are ours, as packaged."""
        for name in sorted(self.names):
            if name.startswith(("app.py", "chalicelib/", "templates/")) and not name.endswith(".pyc"):
                yield self.task / name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("package")
    package(folder)
    with ZipFile(folder / ZIP) as packed:
        packed.extractall(folder / "task")
        names = frozenset(packed.namelist())
    return Made(folder, names, folder / "task", yaml.safe_load((folder / TEMPLATE).read_text("utf-8")))


def test_the_whole_service_is_in_the_zip(made: Made) -> None:
    sources = [PROJECT / "app.py", *files(PROJECT / "chalicelib"), *files(PROJECT / "templates")]

    packed = {path.relative_to(made.task).as_posix(): path.read_bytes() for path in made.ours()}

    assert packed == {path.relative_to(PROJECT).as_posix(): path.read_bytes() for path in sources}


def test_nothing_is_in_the_zip_but_the_service_and_its_requirements(made: Made) -> None:
    theirs = {str(file) for found in distributions(path=[str(made.task)]) for file in found.files or ()}
    ours = {path.relative_to(made.task).as_posix() for path in made.ours()}
    chalice = {"chalice/__init__.py", "chalice/app.py"}
    bytecode = {name for name in made.names if name.endswith(".pyc")}

    assert made.names - bytecode <= ours | theirs | chalice
    assert not [path for path in made.ours() if b"/_local" in path.read_bytes()]
    assert not [name for name in made.names if re.search(r"(^|/)(tests|tools|\.env|\.chalice|\.git)(/|$)", name)]


def test_no_secret_is_in_the_zip(made: Made) -> None:
    key = r"A[KS]IA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY"
    variable = r"(CLEF|AWS)_[A-Z_]+[\"']?\s*[=:]\s*[\"']?\w{8}"  # what a file of settings says
    secret = re.compile(f"{key}|{variable}")

    assert not [path for path in made.ours() if secret.search(path.read_text("utf-8"))]


def test_every_module_has_bytecode_that_needs_no_date(made: Made) -> None:
    modules = {name: made.task / name for name in made.names if name.endswith(".py")}

    bytecode = {name: (made.task / cache_from_source(name)).read_bytes() for name in modules}

    assert {cache_from_source(name) for name in modules} == {name for name in made.names if name.endswith(".pyc")}
    for name, compiled in bytecode.items():
        assert compiled[:4] == MAGIC_NUMBER
        assert int.from_bytes(compiled[4:8], "little") == UNCHECKED_HASH
        assert compiled[8:16] == source_hash(modules[name].read_bytes())
        assert marshal.loads(compiled[16:]).co_filename == f"/var/task/{name}"


def test_the_same_tree_makes_the_same_bytes(made: Made, tmp_path: Path) -> None:
    package(tmp_path)

    for name in (ZIP, TEMPLATE):
        assert digest(tmp_path / name) == digest(made.folder / name)


def test_a_family_can_log_in_with_the_zip_alone(made: Made, world: World) -> None:
    world.settle()
    form = events.login(ROSSIGNOL.site, ROSSIGNOL.identifier, PASSWORD, CDN_SECRET)

    answer = invoke(made, world, "APIHandler", form)

    assert answer["statusCode"] == 303
    assert answer["headers"]["Location"] == "/extranet/compte"


def test_a_refusal_is_a_page_of_the_zip(made: Made, world: World) -> None:
    form = events.login(ROSSIGNOL.site, ROSSIGNOL.identifier, "Soupir0Perdu", CDN_SECRET)

    answer = invoke(made, world, "APIHandler", form)

    assert answer["statusCode"] == 401
    assert "Mot de passe perdu" in answer["body"]


def test_the_post_mails_a_password_with_the_zip_alone(made: Made, world: World) -> None:
    world.now = datetime.now(UTC)  # the zip reads the clock of this machine
    world.settle()
    lost_password.ask(world.services, lost_password.Request(ROSSIGNOL.identifier, EMAIL), world.client, world.now)
    world.aws.hurry()
    (job,) = world.aws.client("sqs").receive_message(QueueUrl=world.resources.mail_queue_url)["Messages"]

    invoke(made, world, "Post", {"Records": [{"body": job["Body"], "receiptHandle": job["ReceiptHandle"]}]})

    assert [mail.to for mail in world.mails()] == [EMAIL]


def test_both_functions_run_on_the_python_that_packaged(made: Made) -> None:
    assert {each["Runtime"] for each in made.resources("Serverless::Function").values()} == {RUNTIME}


@pytest.mark.parametrize("name", ["APIHandler", "Post"])
def test_a_function_gets_what_the_settings_read(made: Made, name: str) -> None:
    required = {field for field, about in Settings.model_fields.items() if about.is_required()} - {"network"}

    variables = made.function(name)["Environment"]["Variables"]

    assert set(variables) == {f"CLEF_{field.upper()}" for field in required} | {"CLEF_PUBLIC_URL"}


def test_the_post_takes_one_job_at_a_time_from_the_mail_queue(made: Made) -> None:
    (event,) = made.function("Post")["Events"].values()

    assert event["Type"] == "SQS"
    assert event["Properties"]["Queue"] == {"Fn::Sub": "${MailQueue.Arn}"}
    assert event["Properties"]["BatchSize"] == 1


def test_a_job_that_keeps_failing_rests_with_the_dead_letters(made: Made) -> None:
    queues = made.resources("SQS::Queue")

    queue = queues["MailQueue"]

    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}
    assert queues["MailDeadLetters"]["MessageRetentionPeriod"] == timedelta(days=14).total_seconds()
    assert queue["VisibilityTimeout"] >= 6 * made.function("Post")["Timeout"]  # what AWS asks of a consumer's queue


def test_the_three_tables_are_keyed_by_site_and_identifier(made: Made) -> None:
    tables = made.resources("DynamoDB::Table")

    keys = {name: [key["AttributeName"] for key in table["KeySchema"]] for name, table in tables.items()}

    assert keys == {name: ["site", "identifier"] for name in ("Accounts", "Attempts", "Sessions")}


def test_no_role_grants_more_than_it_names(made: Made) -> None:
    roles = made.resources("IAM::Role")

    assert set(roles) == {"ApiHandlerRole", "PostRole"}
    assert not [name for name, role in roles.items() if "*" in json.dumps(role["Policies"])]


@pytest.mark.parametrize(("name", "log"), [("APIHandler", "APIHandlerLog"), ("Post", "PostLog")])
def test_a_record_is_kept_six_months(made: Made, name: str, log: str) -> None:
    assert made.function(name)["LoggingConfig"] == {"LogGroup": {"Ref": log}}
    assert made.resources("Logs::LogGroup")[log]["RetentionInDays"] == 180


def test_cloudformation_can_read_the_template(made: Made) -> None:
    text = (made.folder / TEMPLATE).read_text("utf-8")

    assert lint(text) == []
    assert not [token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)]


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_that_lambda_does_not_offer_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(SystemExit, match=rf"Lambda does not run Python 3\.{version[1]}"):
        check_python(version)


def test_a_requirement_without_a_wheel_is_refused(made: Made, tmp_path: Path) -> None:
    pinned = tmp_path / "requirements.txt"
    pinned.write_text("jinja2==3.1.6\nhautbois==1.0\n", "utf-8")

    with pytest.raises(SystemExit, match=r"hautbois==1\.0"):
        check_requirements(pinned, made.task)


def invoke(made: Made, world: World, name: str, event: dict[str, Any]) -> Any:
    environment = {
        **CREDENTIALS,
        **world.resources.environment(),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "CLEF_ENDPOINT_URL": world.aws.endpoint_url,
        "CLEF_PUBLIC_URL": PUBLIC_URL,
        "CLEF_RECORD_KEY": world.services.settings.record_key,
        "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(CDN_SECRET.encode()).hexdigest(),
    }
    standard_library = str(Path(json.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", INVOKE, made.task, standard_library, made.function(name)["Handler"]],
        input=json.dumps(event),
        env=environment,
        cwd=made.task,
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["strangers"] == []
    return told["answer"]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
