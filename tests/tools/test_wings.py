"""The contract of imports « wings », on a small graph."""

from typing import Any

import grimp
import pytest

from chalicelib.wings.wing import Wing
from tools.wings import WingsContract

BILLS, LESSONS, PAGES, DESK = (f"chalicelib.{name}" for name in ("stores.bills", "stores.lessons", "pages", "desk"))
MANIFEST, CLUB = "chalicelib.wings.bills", "tools.club"


@pytest.fixture(autouse=True)
def of_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    wings = (Wing("billing", ("bills",)), Wing("teaching", ("lessons",)))
    monkeypatch.setattr("tools.wings.WINGS", wings)


def check(*arrows: tuple[str, str], composition: tuple[str, ...] = (DESK,)) -> Any:
    """Check the arrows of a small tree, whose desk knows all wings."""
    graph = grimp.ImportGraph()
    for module in (BILLS, LESSONS, PAGES, DESK, MANIFEST, CLUB):
        graph.add_module(module)
    for importer, target in ((DESK, BILLS), *arrows):
        graph.add_import(importer=importer, imported=target, line_number=1, line_contents="")
    contract = WingsContract("wings", {}, {"composition": list(composition)})
    return contract.check(graph, verbose=False).metadata["faults"]


@pytest.mark.parametrize(
    ("arrows", "faults"),
    [
        ([(BILLS, PAGES), (DESK, LESSONS), (CLUB, BILLS), (PAGES, MANIFEST)], []),
        ([(PAGES, BILLS)], [f"{PAGES} -> {BILLS}"]),
        ([(LESSONS, BILLS)], [f"{LESSONS} -> {BILLS}"]),
    ],
    ids=["inwards, by the composition and by tools", "the core to a wing", "a wing to another"],
)
def test_only_the_composition_imports_another_s_wing(arrows: list[tuple[str, str]], faults: list[str]) -> None:
    assert check(*arrows) == faults


def test_what_the_contract_names_in_vain_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(composition=(DESK, PAGES)) == [f"{PAGES} imports no wing: it is no composition"]
    monkeypatch.setattr("tools.wings.WINGS", (Wing("campaign", ("campaigns",)),))
    with pytest.raises(ValueError, match="did not match any modules"):
        check()
