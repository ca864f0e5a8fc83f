"""The contract of imports « wings » of `pyproject.toml`, a type of import-linter's contracts (decision 147)."""

from collections.abc import Iterable
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression

from chalicelib.wings import WINGS


class WingsContract(Contract):
    """The core and the platform import no wing, and no wing imports another.

    The manifest of a wing has its modules. `composition`: those that name every wing until they read the manifests,
    each of which does import one.
    """

    type_name = "wings"

    composition: Any = fields.ListField(subfield=fields.ModuleExpressionField())  # the instance has its values

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's own
        """Compare the imports of the Lambda's packages with the wings of both ends."""
        wings = {
            module: wing.name
            for wing in WINGS
            for module in _names(graph, map(ModuleExpression, wing.patterns))
            if not module.startswith("chalicelib.wings.")  # the manifests
        }
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
