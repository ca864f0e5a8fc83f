"""Rules of the architecture beyond linters. The contracts of `pyproject.toml` cover imports (`make check`)."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import product
from pathlib import Path
from statistics import quantiles
from typing import Any

from operations.package.parts import in_layer

ROOT = Path(__file__).parents[1]
PAGE_OF_CODE = 350  # lines: a module is one thing, and is read in one go
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base", "words"}
# Rules that no line of the Lambda may silence: clocks and clients, imports, a module's docstring.
NEVER_SILENCED = re.compile(r"# ruff: noqa|# noqa(?!:)|# noqa:.*\b(TID25[123]|PLC0415|D100|D104|D400|T201|PTH123)\b")
TYPES = "TYPE_CHECKING"
BORROWED = re.compile(
    r"^\s*(?:from|import) (?:conftest|tests(?! import support\b|\.support\b|\.wings\.\w+\.examples\b)).*", re.MULTILINE
)
HOLDS_VALUES = re.compile(r"\b(dataclass|frozen)\b")  # a decorator
SECRETS = {
    *("password", "current", "new", "confirmation", "secret", "hash", "digest", "fingerprint"),
    *("text", "html", "form"),
}  # fmt: skip


@dataclass(frozen=True)
class Module:
    """A file of ours with its syntax tree."""

    path: Path

    @cached_property
    def source(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.source)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of its syntax tree."""
        return list(ast.walk(self.tree))

    @property
    def place(self) -> str:
        """Its path in the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def name(self) -> str:
        """Its name in contracts of imports."""
        return in_layer(".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    @property
    def layer(self) -> str:
        """The folder or the module of `chalicelib` that it is in, or `app`."""
        return self.name.split(".")[:2][-1]

    @cached_property
    def imports(self) -> set[str]:
        """The full names of its runtime imports (`from chalicelib import wiring`: `chalicelib.wiring`)."""
        nodes = list(running(self.tree.body))
        whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        return whole | {
            f"{in_layer(str(node.module))}.{alias.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    @property
    def packages(self) -> set[str]:
        """The libraries and packages of ours that it imports."""
        return {name.partition(".")[0] for name in self.imports} - sys.stdlib_module_names

    @cached_property
    def calls(self) -> set[str]:
        """The functions that it calls, as written."""
        return {ast.unparse(node.func) for node in self.nodes if isinstance(node, ast.Call)}

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Its functions and methods."""
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def running(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """List the statements of a body and of those within, without type-only blocks."""
    for statement in body:
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Name) and statement.test.id == TYPES:
            continue
        yield statement
        parts = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for part, name in product(parts, ("body", "orelse", "finalbody")):
            yield from running(getattr(part, name, []))


def modules(*folders: str) -> list[Module]:
    return [Module(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


APP = Module(ROOT / "app.py")
LAMBDA = [APP, *modules("chalicelib")]
AGENCY = modules("agency")
OPERATIONS = modules("operations")
TESTS = modules("tests")
EVERYTHING = [*LAMBDA, *AGENCY, *OPERATIONS, *modules("tools"), *TESTS]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
PROTECTED = [contract for contract in CONTRACTS if contract["type"] == "protected"]


def stems(folder: str, *, of: str = "*.py") -> set[str]:
    return {path.stem for path in (ROOT / folder).glob(of)} - {"__init__"}


def places(folder: str) -> set[str]:
    """List the modules of a layer by their path in it, without `.py`. Their tests have the same path."""
    paths = {path.relative_to(ROOT / folder).with_suffix("") for path in (ROOT / folder).rglob("*.py")}
    return {str(path.with_name(path.name.removeprefix("test_"))) for path in paths} - {"__init__"}


def within(name: str, package: str) -> bool:
    return fnmatchcase(f"{name}.", f"{package}.*")


# Rules beyond the contracts.


def test_the_contracts_allow_nothing_that_is_not_used() -> None:
    code = [(module.name, module.imports) for module in (*LAMBDA, *AGENCY, *OPERATIONS, *modules("tools"))]

    stale = [
        f"{importer} -> {target}"
        for contract in PROTECTED
        for importer, target in product(contract["allowed_importers"], contract["protected_modules"])
        if not any(within(name, target) for module, names in code if within(module, importer) for name in names)
    ]

    assert stale == []


def test_every_library_of_the_lambda_and_of_the_agency_has_a_contract() -> None:
    names = {name for contract in PROTECTED for name in contract["protected_modules"]}

    gaps = {
        f"{module.place}: {package}"
        for module in (*LAMBDA, *AGENCY)
        for package in module.packages - names - {"chalicelib", "operations"}
    }

    assert gaps == set()


def test_app_is_a_table_of_contents() -> None:
    assert APP.functions == []
    assert {type(node) for node in APP.tree.body} == {
        *(ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.For, ast.If)
    }
    assert {name.rpartition(".")[0] for name in APP.imports - {"os", "sys"}} == {
        *(
            "chalicelib",
            "chalicelib.services.family",
            "chalicelib.settings",
            "chalicelib.web.edge",
            "chalicelib.web.family",
            "chalicelib.web.functions",
            "chalicelib.work",
        )
    }


def test_only_wiring_makes_aws_clients_and_the_rest_knows_of_botocore_its_errors_only() -> None:
    rest = [module for module in (*LAMBDA, *AGENCY) if module.place != "chalicelib/wiring.py"]

    names = {
        f"{module.place}: {name}"
        for module in rest
        for name in module.imports
        if within(name, "botocore") and not name.startswith("botocore.exceptions.")
    }

    assert names == set()
    assert [module.place for module in LAMBDA if "create_client" in module.source] == ["chalicelib/wiring.py"]


def test_neither_the_domain_nor_the_office_speaks_to_a_machine() -> None:
    names = {
        f"{module.place}: {call}"
        for module in LAMBDA
        if module.layer in {"domain", "office"}
        for call in module.calls & {"print", "open", "input", "sys.exit"}
    }

    assert names == set()


def test_the_domain_knows_no_status_of_http() -> None:
    statuses = {401, 403, 404, 405, 413, 415, 422, 429, 500, 503}

    names = {
        f"{module.place}:{node.lineno}: {node.value}"
        for module in LAMBDA
        if module.layer == "domain"
        for node in module.nodes
        if isinstance(node, ast.Constant) and node.value in statuses
    }

    assert names == set()


def shown_secrets(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if not isinstance(node, ast.ClassDef) or not HOLDS_VALUES.search(
            " ".join(map(ast.unparse, node.decorator_list))
        ):
            continue
        for line in node.body:
            if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
                continue
            holds_text = ast.unparse(line.annotation) in {"str", "Mapping[str, str]"}
            is_hidden = line.value is not None and "repr=False" in ast.unparse(line.value)
            if line.target.id in SECRETS and holds_text and not is_hidden:
                yield f"{module.place}: {node.name}.{line.target.id}"


def test_no_value_that_holds_a_secret_shows_it_where_it_is_printed() -> None:
    """Tracebacks and logs print a dataclass's fields: those with a secret need `field(repr=False)`."""
    secrets = [secret for module in LAMBDA if module.layer != "texts" for secret in shown_secrets(module)]

    assert secrets == []


def retries_without_end(module: Module) -> Iterator[str]:
    """List retries of a `WriteConflict` by recursion, or in a loop over neither data nor `RACES`."""
    for function in module.functions:
        for node in ast.walk(function):
            if not isinstance(node, ast.For | ast.While | ast.ExceptHandler):
                continue
            text, over = ast.unparse(node), ast.unparse(node.iter) if isinstance(node, ast.For) else "while"
            is_loop = isinstance(node, ast.While) or (isinstance(node, ast.For) and over.startswith(("range(", "(")))
            is_handler = isinstance(node, ast.ExceptHandler) and text.startswith("except WriteConflict")
            if (is_loop and "WriteConflict" in text and over != "range(RACES)") or (
                is_handler and f"{function.name}(" in text
            ):
                yield f"{module.place}: {function.name}"


def test_a_write_that_is_overtaken_is_tried_again_as_often_everywhere() -> None:
    assert [place for module in LAMBDA for place in retries_without_end(module)] == []


# Rules behind the linters.


LATE = {
    *("presentation", "services", "settings"),
    *(
        "chalicelib/web/office/proposed_authenticator.py",
        "chalicelib/domain/account/hasher.py",
        "chalicelib/mail/mailer.py",
    ),
    *("chalicelib/domain/identity/webauthn.py", "chalicelib/infra/identity_provider.py"),
    *("chalicelib/office/files/open_file.py", "chalicelib/domain/identity/seals.py"),
}


def test_what_the_linters_refuse_is_not_silenced_in_place() -> None:
    """Lazy imports are excepted where they help a measured cold start, or where the module is not packaged."""
    comments = [
        f"{module.place}:{number}"
        for module in LAMBDA
        for number, line in enumerate(module.source.splitlines(), 1)
        if NEVER_SILENCED.search(line) and not ({module.layer, module.place} & LATE and "PLC0415" in line)
    ]

    assert comments == []


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for() -> None:
    """Ruff checks that the docstring is a sentence."""
    assert [module.place for module in EVERYTHING if not module.source.startswith('"""')] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [module.place for module in EVERYTHING if set(module.path.stem.split("_")) & SAYS_NOTHING] == []


def test_no_two_classes_have_one_name() -> None:
    """A class is found by its name alone, in any layer. A private one is found in its module."""
    places: dict[str, list[str]] = {}
    for module in (*LAMBDA, *AGENCY, *OPERATIONS, *modules("tools")):
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module.place)

    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_a_module_is_read_in_one_go() -> None:
    lengths = {module.place: len(module.source.splitlines()) for module in (*LAMBDA, *AGENCY)}

    assert {place: length for place, length in lengths.items() if length > PAGE_OF_CODE} == {}


def test_functions_are_small() -> None:
    functions = [node for module in (*LAMBDA, *AGENCY) for node in module.functions]
    sizes = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]

    assert quantiles(sizes, n=10)[-1] < 25
    assert quantiles(sizes, n=2)[0] <= 11


# The stem rule: the same word names a flow, its route, its page and its tests.

PAGES = {"family": ROOT / "templates/family", "login_methods": ROOT / "templates/family/login_methods"}
ROUTES = {wing: stems(f"chalicelib/web/{wing}") - {"edge"} for wing in PAGES}
OF_SEVERAL_FLOWS = {"security_notices", "uploads", "ceremony", "changes", "entry"}  # the parts they share


def test_an_act_takes_one_visit_and_not_its_parts() -> None:
    """A `Visit` has the services, the client and the moment. A page's request is one, and `World.visit` makes one."""
    items = {
        f"{module.place}:{function.lineno}": {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
        for module in EVERYTHING
        for function in module.functions
    }

    assert [place for place, names in items.items() if {"services", "client"} <= names] == []


def test_every_flow_has_a_route_and_every_route_a_flow() -> None:
    """A flow without a page has a job of the same name instead of a route."""
    stems_of_several = stems("chalicelib/work") | OF_SEVERAL_FLOWS

    assert {wing: stems(f"chalicelib/flows/{wing}") - stems_of_several for wing in PAGES} == ROUTES


def test_a_route_has_a_page() -> None:
    assert {
        route for wing, pages in PAGES.items() for route in ROUTES[wing] - {path.stem for path in pages.iterdir()}
    } == set()


def test_the_tests_mirror_the_code() -> None:
    """A module without a test of its name has only names, or is shared, and tested through its users."""
    layers = {"domain", "infra", "stores", "mail", "flows", "office", "web", "work"}

    gaps = {
        f"{layer}/{place}"
        for layer in (*layers, "wings")
        for place in places(f"chalicelib/{layer}") - places(f"tests/{layer}")
        if not place.endswith("__init__") and (layer != "wings" or layers & {*place.split("/")[1:2]})
    }

    assert gaps == {
        "domain/refusals",
        "domain/family/dues",  # by bills and payments
        "infra/https",  # by identity providers and payments
        *(
            "wings/payment/mail",
            "wings/payment/office/mails",
            "wings/payment/office/rights",
            "wings/payment/stores",
        ),  # through all mails, all data
        "office/declarations",  # through `rights/attributes`
        "wings/billing/office/rights",  # the same
        "domain/account/argon2id",  # through the hasher
        "flows/mailed_codes",  # by families and applicants
        *("mail/account_jobs", "mail/enrolment_jobs", "wings/campaign/mail", "wings/teaching/mail"),  # by their posters
        *(f"wings/{name}" for name in ("admission/stores/application_summaries", "teaching/stores/rolls")),
        "wings/teaching/stores/teachers",  # these three by the summaries, and by one contract
        *("domain/staff/turns", "stores/turns"),  # through the office, and by the same contract
        *("office/audit_notes", "wings/admission/office/audit_notes", "office/refusals", "office/parts"),
        *("office/files/columns", "wings/billing/office/invoice_columns", "wings/admission/office/place_columns"),
        *(f"web/{name}" for name in ("responses", "upload_feedback", "office/parts")),  # through pages
        "web/office/list_decision",  # the same
        *(f"{visitor}/edge" for visitor in ("wings/admission/web", "web/family", "web/login_methods", "web/office")),
        "wings/teaching/web/teacher/edge",  # these five by one contract
        *("wings/admission/web/functions", "web/functions/desk", "web/functions/sign_in"),
    }


def test_no_test_imports_a_test() -> None:
    """Shared test code is in `tests/support`."""
    names = {module.place: BORROWED.findall(module.source) for module in TESTS if BORROWED.search(module.source)}

    assert names == {}
