"""The contract of imports « wings » of `pyproject.toml`, a type of import-linter's contracts (decision 147)."""

from typing import Any, Final

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules

WINGS: Final = ("billing", "campaign", "teaching", "admission")


def _modules() -> Any:  # noqa: ANN401 - import-linter reads the value of a field from its attribute
    return fields.ListField(subfield=fields.ModuleExpressionField())


class WingsContract(Contract):
    """The core and the platform import no wing, and no wing imports another.

    A field for each wing lists its modules. `composition`: those that name every wing until they read a manifest, each
    of which does import one.
    """

    type_name = "wings"

    billing = _modules()
    campaign = _modules()
    teaching = _modules()
    admission = _modules()
    composition = _modules()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's own
        """Compare the imports of the Lambda's packages with the wings of both ends."""
        wings = {module: wing for wing in WINGS for module in _names(graph, getattr(self, wing))}
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


def _names(graph: ImportGraph, expressions: Any) -> set[str]:  # noqa: ANN401 - a field of import-linter
    modules = module_expressions_to_modules(graph, expressions, as_packages=True, raise_if_unmatched=True)
    return {module.name for module in modules}
