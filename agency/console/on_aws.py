"""A stage deployed on AWS, for `connect`. No command on a `make run` loads this: its models of stages take 0.05 s."""

import os

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.wings import WINGS
from operations.deploy.aws import Aws
from operations.deploy.commands import Stopped, use_network, use_profile
from operations.deploy.environment import office_environment
from operations.deploy.keys import KeyStore
from operations.deploy.stack import deployed_outputs, find_stack
from operations.deploy.stages import StageRefused, load_stage
from operations.version import STAGES_FILE


def find_deployment(name: str) -> tuple[Aws, dict[str, str], str | None, str]:
    """Find a stage: AWS, its functions' environment, its distribution, and its stack's name. Raises `OfficeRefusal`."""
    try:
        stage = load_stage(name)
    except StageRefused:
        raise OfficeRefusal("stage_refused" if STAGES_FILE.exists() else "stages_absent", stage=name) from None
    use_network(stage)
    use_profile(stage)
    region, endpoint = stage.settings.region, os.environ.get("AWS_ENDPOINT_URL")
    os.environ["AWS_DEFAULT_REGION"] = region  # overrides the profile
    aws = Aws(region, endpoint)
    if stage.settings.account not in {"", aws.account}:
        raise OfficeRefusal("stage_of_another_account", stage=name, account=aws.account, its=stage.settings.account)
    state = find_stack(aws, stage.stack)
    try:
        outputs = deployed_outputs(state)
    except Stopped:
        raise OfficeRefusal("stage_outdated", stage=name) from None
    if outputs is None:
        raise OfficeRefusal("stage_absent", stage=name, region=region)
    tables = (outputs.tables[name] for wing in WINGS for name in wing.all_tables)
    if not all((outputs.office_table, outputs.documents_bucket, outputs.mailboxes_table, *tables)):
        raise OfficeRefusal("stage_outdated", stage=name)
    store = KeyStore(aws.client("ssm"), name, state)
    keys = store.find()
    if keys is None:
        raise OfficeRefusal("keys_lost" if store.live else "stage_outdated", stage=name)
    return aws, office_environment(aws, stage, outputs, keys), outputs.distribution_id, stage.stack
