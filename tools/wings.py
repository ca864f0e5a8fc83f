"""Types of contracts of `pyproject.toml`, for import-linter: of wings, and of layers with theirs (decision 147)."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression

from operations.package.parts import in_layer

_WING: Final = re.compile(r"chalicelib\.wings\.(\w+)\.")


def move_to_layers(graph: ImportGraph) -> None:
    """Rename each module of a wing to one of its layer, with its imports."""
    names = {module: in_layer(module) for module in graph.modules}
    for importer, new in names.items():
        for target in graph.find_modules_directly_imported_by(importer):
            if (importer, target) != (new, names[target]):
                for details in graph.get_import_details(importer=importer, imported=target):
                    graph.add_import(**details | {"importer": new, "imported": names[target]})
    for module in names.keys() - names.values():
        graph.remove_module(module)
        parts = names[module].split(".")
        for end in range(2, len(parts)):  # the core may have no such folder
            graph.add_module(".".join(parts[:end]))


Check = TypeVar("Check", bound=Callable[..., ContractCheck])


def _by_layer(check: Check) -> Check:
    """Move the modules of wings to their layers before a check."""

    def check_layers(contract: Contract, graph: ImportGraph, *, verbose: bool) -> ContractCheck:
        move_to_layers(graph)
        return check(contract, graph, verbose=verbose)

    return cast("Check", check_layers)


class Layers(LayersContract):
    """« layers » of the core and of wings."""

    check = _by_layer(LayersContract.check)


class Protected(ProtectedContract):
    """« protected » in the core and in wings."""

    check = _by_layer(ProtectedContract.check)


class Forbidden(ForbiddenContract):
    """« forbidden » in the core and in wings."""

    check = _by_layer(ForbiddenContract.check)


class Independence(IndependenceContract):
    """« independence » in the core and in wings."""

    check = _by_layer(IndependenceContract.check)


class AcyclicSiblings(AcyclicSiblingsContract):
    """« acyclic_siblings » in the core and in wings."""

    check = _by_layer(AcyclicSiblingsContract.check)


class WingsContract(Contract):
    """The core and the platform import no wing, and no wing imports another.

    The folder of a wing has its modules. `composition`: those that name every wing until they read the manifests,
    each of which does import one.
    """

    type_name = "wings"

    composition: Any = fields.ListField(subfield=fields.ModuleExpressionField())  # the instance has its values

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's own
        """Compare the imports of the Lambda's packages with the wings of both ends."""
        wings = {module: name[1] for module in graph.modules if (name := _WING.match(module))}
        composition = _names(graph, self.composition)
        arrows = {
            (importer, module)
            for module, wing in wings.items()
            for importer in graph.find_modules_that_directly_import(module)
            if importer.startswith("chalicelib.") and wings.get(importer) != wing
        }
        faults = [f"{importer} -> {imported}" for importer, imported in arrows if importer not in composition]
        idle = composition - {importer for importer, _ in arrows}
        faults += [f"{module} imports no wing: it is no composition" for module in idle]
        return ContractCheck(kept=not faults, metadata={"faults": sorted(faults)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each arrow, and each composition without one."""
        for fault in check.metadata["faults"]:
            output.print_error(f"- {fault}", bold=False)


def _names(graph: ImportGraph, expressions: Iterable[ModuleExpression]) -> set[str]:
    modules = module_expressions_to_modules(graph, expressions, as_packages=True, raise_if_unmatched=True)
    return {module.name for module in modules}
