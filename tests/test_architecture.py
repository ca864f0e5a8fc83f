"""The house stands as `docs` and design §1 say: who may import whom, who reads the clock, what is called how."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).parents[1]

# Layer to the layers it may import, itself included where its modules import each other. Nothing imports `app`.
MAY_IMPORT = {
    "app": {"routes", "jobs"},
    "routes": {
        *("routes", "flows", "services", "wiring", "record", "rendering", "announcement", "texts", "domain"),
        "network_parts",
    },
    "jobs": {"flows", "office", "wiring", "mail", "domain"},
    "office": {"office", "services", "stores", "mail", "record", "settings", "texts", "domain"},
    "flows": {"flows", "services", "stores", "mail", "record", "settings", "domain"},
    "wiring": {"services", "settings", "stores", "mail", "record", "domain"},
    "services": {"settings", "stores", "mail", "record", "domain"},
    "stores": {"stores", "domain"},
    "mail": {"mail", "rendering", "domain"},
    "settings": {"network_parts", "domain"},
    "network_parts": {"domain"},
    "record": {"domain"},
    "announcement": {"settings", "texts", "domain"},
    "rendering": {"texts"},
    "texts": {"sentences", "domain"},
    "sentences": set(),
    "domain": {"domain"},
}

# Layer to the packages it may use besides the standard library. None has boto3: botocore is enough, and starts faster.
MAY_USE = {
    "app": {"chalice"},
    "routes": {"chalice"},
    "jobs": {"chalice"},
    "flows": set(),
    "office": set(),
    "announcement": set(),
    "wiring": {"botocore"},
    "services": set(),
    "stores": {"botocore"},
    "mail": {"botocore", "pydantic"},
    "settings": {"pydantic"},
    "network_parts": {"pydantic"},
    "record": set(),
    "rendering": {"jinja2", "markupsafe"},
    "texts": set(),
    "sentences": set(),
    "domain": {"argon2"},
}
STANDARD_IN_DOMAIN = {
    *("base64", "collections", "dataclasses", "datetime", "hashlib", "hmac", "re", "secrets", "string", "typing"),
    *("unicodedata", "zoneinfo"),
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
SECRETS = {
    "password",
    "current",
    "new",
    "confirmation",
    "secret",
    "hash",
    "digest",
    "fingerprint",
    "text",
    "html",
    "form",
}


@dataclass(frozen=True)
class Module:
    """A file of ours, read as its tree."""

    path: Path

    @cached_property
    def source(self) -> str:
        """What is written in it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.source)

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def layer(self) -> str:
        """The folder or the module of `chalicelib` that it is in, or `app`."""
        return self.path.relative_to(ROOT).with_suffix("").parts[:2][-1]

    @cached_property
    def imports(self) -> set[str]:
        """Name all that it imports when it runs, wherever in the file."""
        typing_only = {
            id(node)
            for test in ast.walk(self.tree)
            if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
            for node in ast.walk(test)
        }
        return {
            name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in typing_only
            for name in _imported(node)
        }

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """List its functions and methods."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Name modules, and names of modules (`from chalicelib import texts` gives `chalicelib.texts`)."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.level:
        yield "." * node.level + (node.module or "")
    else:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules(*folders: str) -> list[Module]:
    return [Module(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


OURS = [Module(ROOT / "app.py"), *modules("chalicelib")]
LAYERED = [module for module in OURS if module.layer != "__init__"]
AGENCY = modules("agency")
EVERYTHING = [*OURS, *AGENCY, *modules("tools", "tests")]


def each(modules: list[Module]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", modules, ids=[module.name for module in modules])


def layers_imported(module: Module) -> set[str]:
    return {name.split(".")[1] for name in module.imports if name.startswith("chalicelib.")}


def packages(module: Module) -> set[str]:
    return {name.split(".")[0] for name in module.imports}


@each(LAYERED)
def test_imports_point_one_way(module: Module) -> None:
    assert layers_imported(module) - MAY_IMPORT[module.layer] == set()


def test_the_table_of_layers_allows_nothing_that_is_not_used() -> None:
    used: dict[str, set[str]] = {layer: set() for layer in MAY_IMPORT}
    for module in LAYERED:
        used[module.layer] |= layers_imported(module)

    assert used == MAY_IMPORT


def test_the_table_of_layers_has_no_circle() -> None:
    left = {layer: others - {layer} for layer, others in MAY_IMPORT.items()}
    while free := {layer for layer, others in left.items() if not others & left.keys()}:
        left = {layer: others for layer, others in left.items() if layer not in free}

    assert left == {}


def test_no_module_is_reached_again_from_what_it_imports() -> None:
    names = {".".join(module.path.relative_to(ROOT).with_suffix("").parts): module for module in LAYERED}
    left = {
        name: {known for known in names for imported in module.imports if f"{imported}.".startswith(f"{known}.")}
        for name, module in names.items()
    }
    while free := {name for name, imported in left.items() if not imported & left.keys()}:
        left = {name: imported for name, imported in left.items() if name not in free}

    assert left == {}


@each(LAYERED)
def test_a_layer_uses_the_packages_it_is_allowed_and_no_other(module: Module) -> None:
    foreign = packages(module) - sys.stdlib_module_names - {"chalicelib"}

    assert foreign - MAY_USE[module.layer] == set()


@each(LAYERED)
def test_imports_are_absolute(module: Module) -> None:
    assert [name for name in module.imports if name.startswith(".")] == []


@each([module for module in LAYERED if module.layer != "wiring"])
def test_only_wiring_makes_aws_clients(module: Module) -> None:
    assert [name for name in module.imports if name.startswith(("botocore.session", "botocore.config", "boto3"))] == []
    assert "create_client" not in module.source


@each([module for module in LAYERED if module.layer in {"stores", "mail"}])
def test_stores_and_mail_know_of_botocore_its_errors_only(module: Module) -> None:
    known = {name for name in module.imports if name.startswith("botocore")}

    assert {name.rpartition(".")[0] for name in known} <= {"botocore.exceptions"}


@each([module for module in LAYERED if module.layer == "domain"])
def test_the_domain_knows_no_aws_no_http_and_no_machine(module: Module) -> None:
    assert packages(module) - {"chalicelib", "argon2"} <= STANDARD_IN_DOMAIN
    calls = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    assert calls & {"print", "open", "input"} == set()


@each([module for module in LAYERED if module.layer != "wiring"])
def test_only_wiring_reads_the_clock(module: Module) -> None:
    """`now` is an argument, and the edge asks `services.clock` for it once."""
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    read = [
        ast.unparse(call)
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in CLOCKS
        and ast.unparse(call.value).rpartition(".")[2] in {"datetime", "date", "time"}
    ]

    assert read == []
    assert not module.imports & {f"time.{name}" for name in CLOCKS}


@each([module for module in LAYERED if module.layer == "domain"])
def test_the_domain_knows_no_status_of_http(module: Module) -> None:
    numbers = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)}

    assert numbers & {401, 403, 404, 405, 413, 415, 422, 429, 500, 503} == set()


@each(EVERYTHING)
def test_no_module_has_a_name_that_says_nothing(module: Module) -> None:
    assert not set(module.path.stem.split("_")) & {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "misc",
        "base",
    }


@each(OURS)
def test_imports_stand_on_top_but_for_a_measured_cold_start(module: Module) -> None:
    inside = [
        module.source.splitlines()[node.lineno - 1]
        for function in module.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert all("# noqa: PLC0415" in line for line in inside)
    assert not inside or module.layer == "rendering"


@each(EVERYTHING)
def test_every_module_opens_with_a_sentence_that_says_what_it_is_for(module: Module) -> None:
    said = ast.get_docstring(module.tree)

    assert said
    assert module.source.startswith('"""')
    assert said.splitlines()[0].endswith((".", "…"))


@each([*OURS, *AGENCY])
def test_a_module_is_read_in_one_go(module: Module) -> None:
    assert len(module.source.splitlines()) < 200


def test_functions_are_small() -> None:
    functions = [node for module in (*OURS, *AGENCY) for node in module.functions]
    sizes = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]

    assert quantiles(sizes, n=10)[-1] < 25
    assert quantiles(sizes, n=2)[0] <= 11


@each([module for module in LAYERED if module.layer != "texts"])
def test_no_value_that_holds_a_secret_shows_it_where_it_is_printed(module: Module) -> None:
    """A dataclass prints its fields, in a traceback or a log: those that hold a secret say `field(repr=False)`."""
    shown = [
        f"{node.name}.{line.target.id}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(mark) for mark in node.decorator_list)
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        if line.target.id in SECRETS and ast.unparse(line.annotation) in {"str", "Mapping[str, str]"}
        if "repr=False" not in (ast.unparse(line.value) if line.value else "")
    ]

    assert shown == []


# The stem rule: the same word names a flow, its route, its page and its tests.

OF_ALL_ROUTES = {"edge", "incoming", "answers", "proof", "refused", "resuming", "typed"}
STEMS = sorted({path.stem for path in (ROOT / "chalicelib/routes").glob("*.py")} - OF_ALL_ROUTES - {"__init__"})
RENDERS_NOTHING = {"logout"}


def test_every_flow_has_a_door_and_every_door_a_flow() -> None:
    """What nobody clicks has a job of the same name in the place of a route."""
    flows, jobs = ({path.stem for path in (ROOT / "chalicelib" / each).glob("*.py")} for each in ("flows", "jobs"))

    assert flows - jobs == set(STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_a_use_case_is_read_by_opening_files_of_the_same_name(stem: str) -> None:
    places = [
        f"chalicelib/flows/{stem}.py",
        f"chalicelib/routes/{stem}.py",
        f"tests/flows/test_{stem}.py",
        f"tests/routes/test_{stem}.py",
    ]

    assert [place for place in places if not (ROOT / place).is_file()] == []


@pytest.mark.parametrize("stem", STEMS)
def test_a_door_has_a_page_unless_it_shows_none(stem: str) -> None:
    pages = ROOT / "templates/pages"

    has_page = (pages / f"{stem}.html").is_file() or (pages / stem).is_dir()

    assert has_page is (stem not in RENDERS_NOTHING)


@pytest.mark.parametrize("folder", ["domain", "stores", "mail", "flows", "routes", "jobs"])
def test_the_tests_mirror_the_code(folder: str) -> None:
    """`refusals` has names only; what all routes share is seen at the edge and through each route."""
    code = {path.stem for path in (ROOT / "chalicelib" / folder).glob("*.py")} - {"__init__", "refusals"}
    code -= OF_ALL_ROUTES - {"edge"}

    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / folder).glob("test_*.py")}

    assert code - tests == set()


# The agency's side: commands call the office's flows, which a desk on the web will call too.

# What a command may use of what an operator runs: finding a stage, and publishing pages.
TOOLS_OF_THE_AGENCY = {
    "tools.build_pages",
    *(f"tools.deploy.{name}" for name in ("addresses", "aws", "commands", "keys", "pages", "stack", "stages")),
}
LIBRARIES_OF_THE_AGENCY = {"typer", "rich", "openpyxl", "reportlab", "jinja2", "markupsafe", "pydantic"}
# Words and steps that several use cases of the office share; each is seen through them.
OF_ALL_OFFICE: set[str] = {"refused", "sentences", "sites"}


@each(AGENCY)
def test_the_agency_speaks_to_aws_through_the_services_and_knows_its_errors_in_one_place(module: Module) -> None:
    foreign = packages(module) - sys.stdlib_module_names - {"agency", "chalicelib", "tools"}
    known = {"botocore"} if module.name == "agency/aws_said.py" else set()

    assert foreign - known - LIBRARIES_OF_THE_AGENCY == set()
    assert {name for name in module.imports if name.startswith("botocore.") and ".exceptions." not in name} == set()
    assert {
        name
        for name in module.imports
        if name.startswith("tools.") and name.rpartition(".")[0] not in TOOLS_OF_THE_AGENCY
    } == set()


def test_the_agency_uses_every_library_and_every_tool_that_it_may() -> None:
    imported = {name for module in AGENCY for name in module.imports}

    assert LIBRARIES_OF_THE_AGENCY - {name.partition(".")[0] for name in imported} == set()
    assert TOOLS_OF_THE_AGENCY - {name.rpartition(".")[0] for name in imported} == set()


@each([*OURS, *modules("tools")])
def test_nothing_leans_on_the_agency_s_command_line(module: Module) -> None:
    assert "agency" not in packages(module)


@each([module for module in LAYERED if module.layer == "office"])
def test_the_office_s_flows_know_no_command_line(module: Module) -> None:
    assert packages(module) - sys.stdlib_module_names == {"chalicelib"} & packages(module)
    calls = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    assert calls & {"print", "open", "input", "sys.exit"} == set()


def test_every_use_case_of_the_office_has_a_test_of_its_name() -> None:
    flows = {path.stem for path in (ROOT / "chalicelib/office").glob("*.py")} - {"__init__"}

    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests/office").glob("test_*.py")}

    assert flows - tests == OF_ALL_OFFICE


def test_every_word_that_follows_clef_has_a_test_of_its_name() -> None:
    commands = {path.stem for path in (ROOT / "agency/commands").glob("*.py")} - {"__init__"}

    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests/agency").glob("test_*.py")}

    assert commands - tests == set()


def test_app_is_a_table_of_contents() -> None:
    app = Module(ROOT / "app.py")

    assert app.functions == []
    assert {type(node) for node in app.tree.body} == {ast.Expr, ast.ImportFrom, ast.Assign}
