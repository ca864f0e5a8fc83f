"""The parts of the template and of the policies that wings bring in their folders."""

import json
from pathlib import Path

import pytest

from chalicelib.wings import ALL_WINGS
from operations.deploy import preflight
from operations.package import template_files
from operations.package.interpreter import PackageRefused

COPIES = "Resources: {Copies: {Tables: [A]}}"
PART = """
Statements: {family: [{Resource: !GetAtt Extra.Arn}]}
Resources:
  Extra: {Type: T, Names: !Sub ["${A}", {A: !Ref Other}]}
  Copies: {Tables: [!Ref Extra]}
"""


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a tree whose first wing has a part of the template. Returns the part's file."""
    monkeypatch.setattr(template_files, "_PROJECT", tmp_path)
    monkeypatch.setattr(template_files, "CHALICE", tmp_path / ".chalice")
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice/resources.yaml").write_text(COPIES)
    (tmp_path / ".chalice/policy-family.json").write_text('{"Statement": [{"Resource": "A"}]}')
    file = tmp_path / f"chalicelib/wings/{ALL_WINGS[0].name}/resources.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(PART)
    return file


def test_a_part_adds_to_mappings_lists_and_policies(part: Path) -> None:
    chalice = part.parents[3] / ".chalice"

    template_files.add_parts(chalice)

    extra = {"Type": "T", "Names": {"Fn::Sub": ["${A}", {"A": {"Ref": "Other"}}]}}
    assert json.loads((chalice / "resources.yaml").read_text()) == {
        "Resources": {"Copies": {"Tables": ["A", {"Ref": "Extra"}]}, "Extra": extra}
    }
    statements = [{"Resource": "A"}, {"Resource": {"Fn::GetAtt": ["Extra", "Arn"]}}]
    assert json.loads((chalice / "policy-family.json").read_text()) == {"Statement": statements}


def test_a_part_changes_nothing_that_is_there_and_a_slip_is_told_with_its_line(part: Path) -> None:
    part.write_text("Resources: {Copies: {Tables: B}}")
    with pytest.raises(PackageRefused, match=r"would change \['A'\] of the template to B"):
        template_files.read_template()

    part.write_text("Resources:\n  A: {Type: x\n  B: 1\n")
    (finding,) = preflight.check_template(part.parents[3] / ".chalice")
    assert finding.line().startswith(f"Missing: chalicelib/wings/{ALL_WINGS[0].name}/resources.yaml, line 3: ")
