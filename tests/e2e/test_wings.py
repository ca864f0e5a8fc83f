"""A stage goes to another network without wings, where the core works whole, and back, without losing an item."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import NETWORK_FILE, load_network
from chalicelib.settings.look import Look
from chalicelib.wings import ALL_WINGS
from operations.deploy.stack import find_stack, named_resources
from operations.restore.tables import SecondTables
from tests.support.desk_walk import fresh_code
from tests.support.stack_operator import Operator
from tests.support.stack_visitor import HOME, Visitor
from tools.local.families import FAMILIES, store_families
from tools.local.staff import STAFF, store_staff
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

CORE = {"APIHandler", "Bounces", "Desk", "DeskJobs", "Post", "SignIn"}
DESK = "/extranet/bureau"
OF_WINGS = ("/extranet/pre-inscription", "/extranet/enseignant", f"{HOME}/facturation", f"{HOME}/agenda/x")
KEPT, LOST = (family for family in FAMILIES if family.identifier in {"MAG2003", "MES4001"})
OTHER_NAME, ACCENT = "Conservatoires de Saclay", "#5b2d8e"
LOOK = f'[look]\naccent = "{ACCENT}"\n\n[publisher]'
REHEARSAL = ("--seconds", "1", "--apply", "--force", "--json", "--edge")
SECRETARY = next(staff for staff in STAFF if staff.role == "secretary")
TABLES = {table for wing in ALL_WINGS for table in (*wing.tables, *wing.passing_tables)}


def digests(stack: Stack) -> dict[str, str]:
    """Read the SHA-256 of each function's zip from Lambda."""
    functions, code = resources(stack, "AWS::Lambda::Function"), stack.aws.client("lambda")
    return {
        function: code.get_function_configuration(FunctionName=name)["CodeSha256"]
        for function, name in functions.items()
    }


def resources(stack: Stack, kind: str) -> dict[str, str]:
    return named_resources(stack.aws, f"clef-{stack.stage}", ResourceType=kind)


def items(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    """Read the tables of wings, by their logical names."""
    scan, names = stack.aws.client("dynamodb").scan, resources(stack, "AWS::DynamoDB::Table")
    return {table: scan(TableName=names[table], ConsistentRead=True)["Items"] for table in sorted(TABLES)}


@pytest.fixture(scope="module")
def core(second: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Give the second stage families, staff and an item in each table, and another network, without wings."""
    store_families(second.services)
    if second.services.staff.members.find(SECRETARY.email) is None:  # test_way_out.py imports the first stage's
        store_staff(second.services)
    second.services.periods.write(second.services.periods.read(), Periods())
    for table, name in second.outputs.tables.items():
        if table in TABLES:
            key = {"site": {"S": "e2e"}, "identifier": {"S": table}}
            second.aws.client("dynamodb").put_item(TableName=name, Item=key)
    before, network = items(second), tmp_path_factory.mktemp("network") / "network.toml"
    text = NETWORK_FILE.read_text("utf-8").replace(load_network().name, OTHER_NAME).replace("[publisher]", LOOK, 1)
    network.write_text(re.sub(r"(?m)^wings = .*$", "wings = []", text), "utf-8")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("CLEF_NETWORK_FILE", str(network))
        process = second.command("operations.deploy", "--yes")
        assert process.returncode == 0, process.stdout + process.stderr
        for wing in ALL_WINGS:
            assert f"  Switched off: {wing.name}" in process.stdout
        yield second
    process = second.command("operations.deploy.rollback", "--yes")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "  Switched on: billing, with the tables from before: Billing (about " in process.stdout
    assert items(second) == before
    assert set(resources(second, "AWS::Lambda::Function")) > CORE
    visitor = Visitor(second)
    assert visitor.log_in(LOST.site, LOST.identifier, LOST.password or "").status == 303
    assert [visitor.get(path).status for path in (OF_WINGS[0], f"{HOME}/facturation")] == [200, 200]


@pytest.fixture
def keeper(core: Stack) -> Iterator[Operator]:
    state = find_stack(core.aws, f"clef-{core.stage}")
    assert state
    result = Operator(core, "keeper", state.inputs["OperatorPolicy"], state.inputs["ExportPolicy"])
    yield result
    result.leave()


def lose_and_restore(stack: Stack) -> str:
    """Delete a family's account, and have it restored from second tables of the present."""
    at, dynamodb, outputs = datetime.now(UTC).replace(microsecond=0), stack.aws.client("dynamodb"), stack.outputs
    for table, name in SecondTables(stack.aws, stack.stage, outputs.tables, at).names.items():
        dynamodb.restore_table_to_point_in_time(SourceTableName=outputs.tables[table], TargetTableName=name)
    key = {"site": {"S": LOST.site}, "identifier": {"S": LOST.ref.identifier}}
    dynamodb.delete_item(TableName=outputs.accounts_table, Key=key)
    command = ("operations.restore", "--at", f"{at:%Y-%m-%dT%H:%M:%SZ}")
    process = stack.command(*command, "--family", LOST.site, LOST.identifier, answers="y\n")
    end = stack.command(*command, "--done", answers="y\n")
    assert (process.returncode, end.returncode) == (0, 0), process.stdout + process.stderr + end.stderr
    return process.stdout


def test_two_stages_of_two_networks_run_one_zip_each_with_its_name_look_and_sessions(stack: Stack, core: Stack) -> None:
    assert digests(core).items() <= digests(stack).items()
    visitors = [Visitor(stack), Visitor(core)]
    for visitor, name, accent in zip(visitors, (load_network().name, OTHER_NAME), (Look().accent, ACCENT), strict=True):
        page = visitor.get("/extranet/usager").text
        sheets = [visitor.get(sheet).text for sheet in re.findall(r'href="(/[^"]+\.css)"', page)]
        assert visitor.log_in(KEPT.site, KEPT.identifier, KEPT.password or "").status == 303
        assert [name in text for text in (page, visitor.get(HOME).text)] == [True, True]
        assert [f"--accent:{accent};" in sheet for sheet in sheets] == [True]

    visitors[1].cookies = dict(visitors[0].cookies)
    assert [visitor.get(HOME).status for visitor in visitors] == [200, 303]


def test_a_stage_without_wings_is_whole_and_gets_them_back(core: Stack, keeper: Operator, tmp_path: Path) -> None:
    outputs, edge = core.outputs, ":".join(map(str, core.public.at or ()))
    assert set(resources(core, "AWS::Lambda::Function")) == CORE
    assert [table for table, name in outputs.tables.items() if not name] == []  # a copy of data reads those of wings

    def clef(*words: str) -> str:
        process = keeper.clef(*words, "--stage", core.stage)
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    accounts = core.aws.client("dynamodb").scan(TableName=outputs.accounts_table, Select="COUNT")["Count"]
    with ThreadPoolExecutor() as pool:
        copy = pool.submit(clef, "families", "export", KEPT.identifier, "--why", "demande", "--to", str(tmp_path / "1"))
        rehearsal = pool.submit(clef, "rehearse", "--families", "2", *REHEARSAL, edge)
        missing = [Visitor(core).get(path) for path in OF_WINGS]
        staff = Visitor(core)
        staff.post(f"{DESK}/connexion", {"courriel": SECRETARY.email, "mot_de_passe": SECRETARY.password})
        assert staff.post(f"{DESK}/code", {"code": fresh_code(SECRETARY.totp)}).status == 303
        today = staff.get(DESK)
        report = json.loads(rehearsal.result())  # two families re-enrol, and are erased
        restore = lose_and_restore(core)
    clef("export", "all", str(tmp_path / "all"))
    status = core.command("operations.deploy.status").stdout

    assert [answer.status for answer in missing] == [404] * len(OF_WINGS)
    assert all("Page introuvable" in answer.text for answer in missing)
    assert today.status == 200
    assert "Aujourd'hui" in today.text
    assert report["let_down"] == {}
    assert [page["requests"] for page in report["pages"] if page["page"] == "Reçu"] == [2]
    assert f"{LOST.site} {LOST.ref.identifier}: Accounts missing now" in restore
    assert Visitor(core).log_in(LOST.site, LOST.identifier, LOST.password or "").status == 303
    assert core.aws.client("dynamodb").scan(TableName=outputs.accounts_table, Select="COUNT")["Count"] == accounts
    assert KEPT.identifier in copy.result() + "".join(path.name for path in (tmp_path / "1").iterdir())
    assert not TABLES & {path.stem for path in (tmp_path / "all/tables").iterdir()}
    assert "Data of wings that are switched off, which only erasures, purges and copies of data reach: " in status
