"""The contract of imports « wings », on a small graph."""

from typing import Any

import grimp
import pytest

from tools.wings import WingsContract, move_to_layers

BILLS, LESSONS = "chalicelib.wings.billing.stores.bills", "chalicelib.wings.teaching.stores"
PAGES, DESK, MANIFEST, CLUB = "chalicelib.web.pages", "chalicelib.web.desk", "chalicelib.wings.billing", "tools.club"


def small_tree(*arrows: tuple[str, str]) -> grimp.ImportGraph:
    """Build a tree whose desk imports a wing."""
    graph = grimp.ImportGraph()
    for module in (BILLS, LESSONS, PAGES, DESK, MANIFEST, CLUB):
        graph.add_module(module)
    for importer, target in ((DESK, BILLS), *arrows):
        graph.add_import(importer=importer, imported=target, line_number=1, line_contents="")
    return graph


def check(*arrows: tuple[str, str], composition: tuple[str, ...] = (DESK,)) -> Any:
    """Check the arrows of a small tree, whose desk knows all wings."""
    contract = WingsContract("wings", {}, {"composition": list(composition)})
    return contract.check(small_tree(*arrows), verbose=False).metadata["faults"]


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


def test_what_the_contract_names_in_vain_is_refused() -> None:
    assert check(composition=(DESK, PAGES)) == [f"{PAGES} imports no wing: it is no composition"]
    with pytest.raises(ValueError, match="does not exist"):
        check(composition=("tools.choir",))


def test_a_module_of_a_wing_is_one_of_its_layer() -> None:
    graph = small_tree((BILLS, LESSONS), (PAGES, MANIFEST))

    move_to_layers(graph)

    layer_modules = {"chalicelib.stores", "chalicelib.stores.bills", "chalicelib.stores.bills.billing"}
    assert graph.modules == {PAGES, DESK, MANIFEST, CLUB, *layer_modules, "chalicelib.stores.teaching"}
    assert graph.count_imports() == 3
    assert graph.direct_import_exists(importer="chalicelib.stores.bills.billing", imported="chalicelib.stores.teaching")
