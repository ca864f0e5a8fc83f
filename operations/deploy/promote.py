"""`make promote FROM=… TO=…`: bring a stage to the bytes that another stage runs."""

import base64
import sys

from operations.deploy.aws import Aws
from operations.deploy.commands import NotReady, arguments, ask, command, run, tell
from operations.deploy.deployment import Deployment
from operations.deploy.release import DeploymentRecord, History, Release, StoredRelease
from operations.deploy.stack import find_stack, named_resources
from operations.deploy.stages import Stage, StageRefused, load_stage
from operations.deploy.store import DeploymentBucket
from operations.package.parts import ZIPS


def main() -> int:
    """Read the command's arguments and promote."""
    parser = arguments("promote", "Bring a stage to the very bytes that another stage runs.")
    parser.add_argument(
        "--from", dest="origin", required=True, metavar="STAGE", help="the stage to take (make: FROM=…)"
    )
    parser.add_argument("--from-profile", metavar="PROFILE", help="an AWS profile for FROM's account, if it is another")
    parser.add_argument("--commit", default="", metavar="SHA", help="the commit that was approved: refuse another one")
    parser.add_argument("--yes", action="store_true", help="do not ask before the change (make: ARGS=--yes)")
    options = parser.parse_args()

    def promote(aws: Aws, stage: Stage) -> int:
        if options.origin == stage.name:
            raise NotReady(f"{stage.name} cannot be promoted to itself: name the stage to copy by FROM=…")
        try:
            origin = load_stage(options.origin)
        except StageRefused as error:
            raise NotReady("\n".join(f"Missing: {sentence}" for sentence in error.sentences)) from None
        origin_aws = Aws(origin.settings.region, options.endpoint_url, options.edge, options.from_profile)
        source = release_of(origin_aws, origin, options.commit)
        check_network(source.release, aws, stage)
        return Deployment(aws, stage, tell, ask, source, says_yes=options.yes, goes_back=True).run()

    return run(options, promote)


def release_of(aws: Aws, stage: Stage, commit: str = "") -> StoredRelease:
    """Find the release that a stage runs and has tested. Raises `NotReady`, also for another than a whole `commit`."""
    record = running_deployment(aws, stage)
    if commit and not commit.startswith(record.release.commit):
        raise NotReady(
            f"{stage.name} runs {record.title}, and commit {commit} was approved: approve that one, or deploy "
            f"{commit} to {stage.name} again. Nothing was changed."
        )
    if not record.is_tested:
        raise NotReady(
            f"{stage.name} runs {record.title}, which has not passed its smoke test there: "
            f"{command('deploy', stage.name, aws)} tries it again."
        )
    heading = f"Taking the packages and the template that {stage.name} runs: {record.title}"
    return StoredRelease(record.release, DeploymentBucket(aws), heading)


def check_network(release: Release, aws: Aws, stage: Stage) -> None:
    """Check that a release has the network of a stage: its layer and pages. Raises `NotReady`."""
    if release.network != stage.settings.network:
        raise NotReady(
            f"{release.title} was packaged with {release.network or 'network.toml'}, and {stage.name} has "
            f"{stage.settings.network_name}: check {release.commit} out, and {command('deploy', stage.name, aws)}. It "
            "takes the same zips, with the layer and pages of that network."
        )


def running_deployment(aws: Aws, stage: Stage) -> DeploymentRecord:
    """Read the record of the deployment that a stage runs whole. Raises `NotReady`."""
    record = last_deployment(aws, stage)
    if difference := find_difference(aws, stage, record):
        raise NotReady(f"{difference}. {command('deploy', stage.name, aws)}, or {command('rollback', stage.name, aws)}")
    return record


def last_deployment(aws: Aws, stage: Stage) -> DeploymentRecord:
    """Read the record of a stage's last deployment. Raises `NotReady`."""
    state, record = find_stack(aws, stage.stack), History(DeploymentBucket(aws), stage.name).current()
    if state is None or not state.inputs or record is None:
        raise NotReady(f"{stage.name} is not deployed: {command('deploy', stage.name, aws)}")
    if state.is_moving:
        raise NotReady(f"{state.name} is being changed ({state.status}): wait until `make status` says it rests.")
    return record


def find_difference(aws: Aws, stage: Stage, record: DeploymentRecord) -> str:
    """Compare the functions of a stage with the record of its last deployment. Empty if they run its packages."""
    functions = named_resources(aws, stage.stack, ResourceType="AWS::Lambda::Function")
    for function in sorted(functions.keys() & ZIPS):
        code = aws.client("lambda").get_function_configuration(FunctionName=functions[function])
        if base64.b64decode(code["CodeSha256"]).hex() != record.release.packages[ZIPS[function]]:
            return (
                f"{function} of {stage.name} does not run the package of its last deployment ({record.title}): a "
                "deployment was interrupted, or the function was changed by hand"
            )
    return ""


if __name__ == "__main__":
    sys.exit(main())
