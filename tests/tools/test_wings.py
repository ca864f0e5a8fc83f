"""The contract of imports « wings », on a small graph."""

from typing import Any

import grimp
import pytest

from tools.wings import WINGS, WingsContract

BILLS, LESSONS, PAGES, DESK = (f"chalicelib.{name}" for name in ("stores.bills", "lessons", "pages", "desk"))
CLUB = "tools.club"


def check(*arrows: tuple[str, str], **options: Any) -> Any:
    """Check the arrows of a small tree, whose desk knows all wings."""
    graph = grimp.ImportGraph()
    for module in (BILLS, LESSONS, PAGES, DESK, CLUB):
        graph.add_module(module)
    for importer, imported in ((DESK, BILLS), *arrows):
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    named = {"billing": ["chalicelib.**.bills"], "teaching": [LESSONS], "composition": [DESK]}
    contract = WingsContract("wings", {}, {wing: [] for wing in WINGS} | named | options)
    return contract.check(graph, verbose=False).metadata["faults"]


@pytest.mark.parametrize(
    ("arrows", "faults"),
    [
        ([(BILLS, PAGES), (DESK, LESSONS), (CLUB, BILLS)], []),
        ([(PAGES, BILLS)], [f"{PAGES} -> {BILLS}"]),
        ([(LESSONS, BILLS)], [f"{LESSONS} -> {BILLS}"]),
    ],
    ids=["inwards, by the composition and by tools", "the core to a wing", "a wing to another"],
)
def test_only_the_composition_imports_another_s_wing(arrows: list[tuple[str, str]], faults: list[str]) -> None:
    assert check(*arrows) == faults


def test_what_the_contract_names_in_vain_is_refused() -> None:
    assert check(composition=[DESK, PAGES]) == [f"{PAGES} imports no wing: it is no composition"]
    with pytest.raises(ValueError, match="did not match any modules"):
        check(campaign=["chalicelib.**.campaigns"])
