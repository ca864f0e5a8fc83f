"""The packaged template, made without the zip. `tests/test_packaging.py` compares it with the packaged one."""

import json
from pathlib import Path
from typing import Any

import pytest
from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BaseDeployStep, BuildStage, InjectDefaults, PolicyGenerator, SwaggerBuilder
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import ResourceBuilder, SAMTemplateGenerator, TemplateDeepMerger
from chalice.policy import AppPolicyGenerator
from chalice.utils import OSUtils

from operations.package import PROJECT, STAGE
from operations.package.files import adapt_api, adapt_functions
from operations.package.template_files import read_policy, read_template
from tools.local.aws import REGION


class _NoZip(BaseDeployStep):
    def handle_deploymentpackage(self, _config: Any, resource: Any) -> None:
        resource.filename = "./deployment.zip"


class _Policies(PolicyGenerator):
    def _read_document_from_file(self, filename: str) -> Any:
        return read_policy(Path(filename).stem.removeprefix("policy-"))


def template_without_zip() -> dict[str, Any]:
    """Do the same as `chalice package --merge-template`, without the zips."""
    os_utils = OSUtils()
    policies = _Policies(AppPolicyGenerator(os_utils), os_utils)
    steps = [InjectDefaults(), _NoZip(), policies, SwaggerBuilder(CFNSwaggerGenerator())]
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps))
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("AWS_DEFAULT_REGION", REGION)
        factory = CLIFactory(str(PROJECT))
        config = factory.create_config_obj(STAGE)
        generator = SAMTemplateGenerator(config, factory.create_package_options())
        parts = generator.generate(builder.construct_resources(config, STAGE))
    whole = TemplateDeepMerger().merge(read_template(), parts)
    result: dict[str, Any] = json.loads(json.dumps(whole))
    adapt_functions(result)
    adapt_api(result)
    return result
