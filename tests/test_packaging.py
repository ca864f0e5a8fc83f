"""`make package`: the zip holds what the Lambda loads and nothing else, and runs alone; and the template is sound."""

import _imp
import ast
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import botocore
import pytest
import yaml
from botocore.loaders import Loader
from botocore.regions import EndpointResolver
from jinja2 import ModuleLoader

from chalicelib.rendering import TEMPLATES, environment
from chalicelib.settings import Settings
from operations.deploy import __main__ as deploy
from operations.deploy.commands import REFUSED
from operations.package import PROJECT, TEMPLATE, ZIP, PythonMissing, lambda_python, package, templates
from operations.package.__main__ import UNZIPPED_BYTES, ZIP_BYTES, main
from operations.package.botocore_data import without_documentation
from operations.package.pruning import KEPT, listed, without_version
from operations.package.reached import reached
from operations.package.wheels import install_wheels
from operations.runtime import RUNTIME, VERSION
from tests.support.aws import TestAws
from tests.support.template import template_without_zip
from tools.local.aws import TABLES, Resources
from tools.trial.exercise import Seen
from tools.trial.work import HANDLERS, do_everything

# The package is made once for them all: with xdist they stay on one worker.

MAGIC = (3571).to_bytes(2, "little") + b"\r\n"  # what Python 3.13's bytecode begins with, whatever Python runs this
UNCHECKED_HASH = 0b01
ELF_MACHINES = {"x86_64": 0x3E, "arm64": 0xB7}
INSTALLED = Path(botocore.__file__).parents[1]
# What an import inside a function, under a condition or for a type checker names, and why the Lambda never gets there.
NEVER_IMPORTED = {
    "chalice.local": "`chalice local` only: Chalice itself ships no more than its `app`",
    "botocore.crt": "signs for services that we do not call",
    "dateutil.rrule": "time zones of calendars",
    "dateutil.zoneinfo": "dateutil's own copy of the time zones: ours are Python's",
    "jinja2.constants": "filling text for drafts",
    "jinja2.ext": "extensions: none is on",
    "jinja2.sandbox": "no template comes from outside",
    "markupsafe._native": "the compiled one is there",
    "pydantic._internal._dataclasses": "no dataclass is validated",
    "pydantic._internal._git": "tells pydantic's authors their version",
    "pydantic._internal._serializers": "sequences of a type left open: ours are tuples",
    "pydantic.dataclasses": "no dataclass is validated",
    "pydantic.deprecated": "pydantic 1's names",
    "pydantic.functional_serializers": "no model has a serialiser of its own",
    "pydantic.networks": "no model has an address of these types",
    "pydantic.root_model": "no model is one",
    "pydantic.v1": "pydantic 1",
    "pydantic.validate_call_decorator": "no function is validated",
    "urllib3.contrib": "other systems, and other TLS",
    "urllib3.http2": "AWS is called with HTTP/1.1",
}


@dataclass(frozen=True)
class Made:
    """A package: its folder, the zip's names, where it is unpacked, and its template."""

    folder: Path
    names: frozenset[str]
    task: Path
    template: dict[str, Any]

    def resources(self, kind: str) -> dict[str, Any]:
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == f"AWS::{kind}"
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


@pytest.fixture(scope="module")
def seen(made: Made, aws: TestAws, resources: Resources) -> Seen:
    aws.wipe(resources)
    return do_everything(made.task, aws, resources)


def test_the_whole_service_is_in_the_zip_and_what_only_the_agency_calls_is_not(made: Made) -> None:
    data = [file for file in files(PROJECT / "chalicelib") if file.suffix != ".py"]
    sources = [*(reached(PROJECT) - {PROJECT / templates.SETTER}), *data, *files(TEMPLATES / "assets")]

    packed = {path.relative_to(made.task).as_posix(): path.read_bytes() for path in made.ours()}

    assert packed == {path.relative_to(PROJECT).as_posix(): path.read_bytes() for path in sources}
    assert "chalicelib/office/enrolment/period.py" not in packed


def test_every_template_that_the_lambda_renders_is_in_the_zip_as_jinja_compiles_it(made: Made) -> None:
    from_source = {name: render_code(name) for name in environment().list_templates(["html", "txt"])}

    compiled = {file.name: file.read_text("utf-8") for file in (made.task / "compiled").glob("*.py")}

    assert compiled == {
        ModuleLoader.get_module_filename(name): code
        for name, code in from_source.items()
        if name not in templates.OF_COMMANDS
    }
    assert set(from_source) >= templates.OF_COMMANDS


def test_what_the_agency_types_and_needs_for_it_stays_out(made: Made) -> None:
    pinned = (PROJECT / "requirements-agency.txt").read_text("utf-8").splitlines()
    own = {line.partition("==")[0].replace("-", "_") for line in pinned if line not in requirements()}

    there = {name.partition("/")[0].partition(".")[0].lower() for name in made.names}

    assert {"openpyxl", "reportlab", "rich", "typer"} <= own
    assert there & ({"agency", "operations", "tools", "tests", "PIL"} | own) == set()


def requirements() -> list[str]:
    return (PROJECT / "requirements.txt").read_text("utf-8").splitlines()


def test_what_is_shipped_is_what_is_loaded(made: Made, seen: Seen) -> None:
    shipped = {name for name in made.names if not name.endswith(".pyc")}

    # To be mended by `python -m tools.trial.learn`, unless it is ours: then by taking it out.
    assert shipped - seen.loaded - set(KEPT) == set()
    assert set(KEPT) <= shipped


def test_the_exercise_calls_every_function(made: Made) -> None:
    assert {resource["Handler"] for resource in made.resources("Serverless::Function").values()} == HANDLERS


def test_the_package_runs_on_nothing_but_itself(seen: Seen) -> None:
    assert seen.strangers == set()


def test_nothing_is_compiled_at_a_cold_start(seen: Seen) -> None:
    assert seen.compiled == set()


def test_no_import_leads_to_what_was_left_out_without_a_reason(made: Made) -> None:
    brought = {path.name.partition(".")[0] for path in made.task.iterdir()} | {"cffi", "pycparser"}
    named = {name for name in imports(made.task) if name.partition(".")[0] in brought}

    left_out = {name for name in named if is_there(INSTALLED, name) and not is_there(made.task, name)}

    assert {name for name in left_out if not name.startswith(tuple(NEVER_IMPORTED))} == set()
    assert {why for why in NEVER_IMPORTED if not any(name.startswith(why) for name in left_out)} == set()


def test_the_package_is_small(made: Made) -> None:
    unzipped = sum((made.task / name).stat().st_size for name in made.names)

    assert (made.folder / ZIP).stat().st_size <= ZIP_BYTES
    assert unzipped <= UNZIPPED_BYTES


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "email", "s3"])
def test_a_service_has_the_same_address_as_before_the_trimming(made: Made, service: str) -> None:
    whole, trimmed = (endpoints(data) for data in (INSTALLED / "botocore/data", made.task / "botocore/data"))
    regions = ["eu-west-3", "eu-central-1", "us-east-1", "us-gov-west-1", "cn-north-1", "xx-nowhere-1"]

    assert [trimmed.construct_endpoint(service, region) for region in regions] == [
        whole.construct_endpoint(service, region) for region in regions
    ]


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "sesv2", "s3"])
def test_a_service_is_described_as_before_but_for_the_documentation(made: Made, service: str) -> None:
    whole, trimmed = (loader(data) for data in (INSTALLED / "botocore/data", made.task / "botocore/data"))

    model = trimmed.load_service_model(service, "service-2")

    assert model == without_documentation(whole.load_service_model(service, "service-2"))


def test_no_secret_is_in_the_zip(made: Made) -> None:
    key = r"A[KS]IA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY"
    variable = r"(CLEF|AWS)_[A-Z_]+[\"']?\s*[=:]\s*[\"']?\w{8}"  # what a file of settings says
    secret = re.compile(f"{key}|{variable}")

    assert not [path for path in made.ours() if secret.search(path.read_text("utf-8"))]


def bytecode_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.cpython-313.pyc".removeprefix("/")


def test_every_module_has_bytecode_of_lambda_s_python_that_needs_no_date(made: Made) -> None:
    modules = {name: made.task / name for name in made.names if name.endswith(".py")}

    bytecode = {name: (made.task / bytecode_of(name)).read_bytes() for name in modules}

    assert {bytecode_of(name) for name in modules} == {name for name in made.names if name.endswith(".pyc")}
    assert {compiled[:4] for compiled in bytecode.values()} == {MAGIC}
    for name, compiled in bytecode.items():
        assert int.from_bytes(compiled[4:8], "little") == UNCHECKED_HASH
        # `importlib.util.source_hash` would take the magic of the Python that runs this.
        assert compiled[8:16] == _imp.source_hash(int.from_bytes(MAGIC, "little"), modules[name].read_bytes())
        assert f"/var/task/{name}".encode() in compiled


def test_the_bytecode_s_magic_is_that_of_lambda_s_python() -> None:
    told = subprocess.run(
        [lambda_python(), "-c", "from importlib.util import MAGIC_NUMBER; print(MAGIC_NUMBER.hex())"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert bytes.fromhex(told.stdout) == MAGIC
    assert (sys.version_info[:2] == VERSION) is (MAGIC_NUMBER == MAGIC)


def test_the_same_tree_makes_the_same_bytes(made: Made, tmp_path: Path) -> None:
    package(tmp_path)

    for name in (ZIP, TEMPLATE):
        assert digest(tmp_path / name) == digest(made.folder / name)


def test_a_package_is_built_for_lambda_s_python_and_the_architecture_that_its_functions_run_on(
    made: Made, tmp_path: Path
) -> None:
    package(tmp_path, "arm64")
    with ZipFile(tmp_path / ZIP) as packed:
        packed.extractall(tmp_path / "task")
        names = frozenset(packed.namelist())
    on_arm = Made(tmp_path, names, tmp_path / "task", yaml.safe_load((tmp_path / TEMPLATE).read_text("utf-8")))

    for architecture, one in {"x86_64": made, "arm64": on_arm}.items():
        native = {name: (one.task / name).read_bytes() for name in one.names if name.endswith(".so")}
        assert {without_version(name) for name in native} == {name for name in listed() if name.endswith(".so")}
        assert {int.from_bytes(library[18:20], "little") for library in native.values()} == {ELF_MACHINES[architecture]}
        assert {tag for name in native if (tag := name.split(".")[1]) != "abi3"} == {
            f"cpython-313-{'x86_64' if architecture == 'x86_64' else 'aarch64'}-linux-gnu"
        }
        functions = one.resources("Serverless::Function").values()
        assert [function["Architectures"] for function in functions] == [[architecture]] * len(HANDLERS)
    assert {name for name in made.names ^ names if not name.endswith(".so")} == set()


def test_every_function_runs_on_the_python_of_the_product(made: Made) -> None:
    assert (
        {resource["Runtime"] for resource in made.resources("Serverless::Function").values()}
        == {RUNTIME}
        == {"python3.13"}
    )
    assert (PROJECT / ".python-version").read_text("utf-8") == "3.13\n"


def test_another_python_looks_for_lambda_s_on_this_machine() -> None:
    assert lambda_python(running=VERSION) == sys.executable

    found = lambda_python(running=(3, 12))

    told = subprocess.run([found, "-V"], capture_output=True, text=True, check=True).stdout
    assert told.startswith("Python 3.13.")


def test_without_lambda_s_python_one_is_told_what_to_install_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PythonMissing, match=r"none is on this machine.* apt-get install python3\.13-venv"):
        lambda_python(running=(3, 12), find=Path("/bin/false"))

    monkeypatch.setattr("operations.package.lambda_python", lambda: lambda_python((3, 12), Path("/bin/false")))
    monkeypatch.setattr(sys, "argv", ["package", str(tmp_path / "package")])
    with pytest.raises(SystemExit, match="nothing is packaged"):
        main()
    assert list(tmp_path.iterdir()) == []


def test_without_lambda_s_python_nothing_is_deployed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "lambda_python", lambda: lambda_python((3, 12), Path("/bin/false")))
    monkeypatch.setattr(sys, "argv", ["deploy", "prod"])

    assert deploy.main() == REFUSED
    (line,) = capsys.readouterr().out.splitlines()  # nothing else was looked at
    assert "apt-get install python3.13-venv" in line


@pytest.mark.parametrize("name", ["APIHandler", "Post"])
def test_a_function_gets_what_the_settings_read(made: Made, name: str) -> None:
    required = {field for field, about in Settings.model_fields.items() if about.is_required()} - {"network"}

    variables = made.function(name)["Environment"]["Variables"]

    assert set(variables) == {f"CLEF_{field.upper()}" for field in required} | {
        "CLEF_PUBLIC_URL",
        "CLEF_CONFIGURATION_SET",
    }


def test_the_post_takes_one_job_at_a_time_from_each_queue(made: Made) -> None:
    events = made.function("Post")["Events"].values()

    assert [event["Properties"]["Queue"] for event in events] == [
        {"Fn::Sub": "${MailQueue.Arn}"},
        {"Fn::GetAtt": ["SlowMailQueue", "Arn"]},
    ]
    assert {(event["Type"], event["Properties"]["BatchSize"]) for event in events} == {("SQS", 1)}


def test_a_job_that_keeps_failing_rests_with_the_dead_letters(made: Made) -> None:
    queues = made.resources("SQS::Queue")

    queue = queues["MailQueue"]

    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}
    assert queues["MailDeadLetters"]["MessageRetentionPeriod"] == timedelta(days=14).total_seconds()
    assert queue["VisibilityTimeout"] >= 6 * made.function("Post")["Timeout"]  # what AWS asks of a consumer's queue


def test_the_tables_are_keyed_by_site_and_identifier(made: Made) -> None:
    tables = made.resources("DynamoDB::Table")

    keys = {name: [key["AttributeName"] for key in table["KeySchema"]] for name, table in tables.items()}

    assert keys == {name: ["site", "identifier"] for name in TABLES}


def test_no_role_grants_more_than_it_names(made: Made) -> None:
    roles = made.resources("IAM::Role")

    assert set(roles) == {"ApiHandlerRole", "PostRole", "BouncesRole"}
    # Objects have no names to list; SES picks the identity, and whom a mail is from binds (tests/test_template.py).
    named = re.compile(r"\$\{Documents\.Arn\}/(documents/\*/upload_|documents/|invoices/)\*|:identity/\*")
    assert not [name for name, role in roles.items() if "*" in named.sub("", json.dumps(role["Policies"]))]


@pytest.mark.parametrize(("name", "log"), [("APIHandler", "APIHandlerLog"), ("Post", "PostLog")])
def test_a_record_is_kept_six_months(made: Made, name: str, log: str) -> None:
    assert made.function(name)["LoggingConfig"] == {"LogGroup": {"Ref": log}}
    assert made.resources("Logs::LogGroup")[log]["RetentionInDays"] == 180


def test_the_packaged_template_is_the_one_that_is_linted_and_read(made: Made) -> None:
    """`tests/test_template.py` holds all that is promised of it."""
    read = template_without_zip()
    for resource in read["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = RUNTIME

    assert made.template == read


def test_cloudformation_finds_no_alias_in_the_template(made: Made) -> None:
    text = (made.folder / TEMPLATE).read_text("utf-8")

    assert not [token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)]


def test_a_requirement_without_a_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    pinned = tmp_path / "requirements.txt"
    pinned.write_text("hautbois==1.0\n", "utf-8")

    with pytest.raises(SystemExit, match=r"wheel for Python 3\.13 on arm64"):
        install_wheels(pinned, tmp_path / "task", "arm64")


def imports(task: Path) -> set[str]:
    """List what the modules of the requirements import, at once or later, by full name."""
    found: set[str] = set()
    for file in task.rglob("*.py"):
        parts = file.relative_to(task).with_suffix("").parts
        package = parts[:-1]
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                base = ".".join([*above, *([node.module] if node.module else [])])
                found |= {base, *(f"{base}.{name.name}" for name in node.names)}
    return found


def is_there(folder: Path, module: str) -> bool:
    path = folder.joinpath(*module.split("."))
    return (
        path.with_suffix(".py").exists()
        or (path / "__init__.py").exists()
        or any(path.parent.glob(f"{path.name}.*.so"))
    )


def render_code(name: str) -> str:
    made = environment()
    assert made.loader
    source, file, _ = made.loader.get_source(made, name)
    return made.compile(source, name, file, raw=True, defer_init=True)


def loader(data: Path) -> Loader:
    return Loader(extra_search_paths=[str(data)], include_default_search_paths=False)


def endpoints(data: Path) -> EndpointResolver:
    return EndpointResolver(loader(data).load_data("endpoints"))


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
