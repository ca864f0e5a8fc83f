"""`make rollback STAGE=…`: go back to the deployment before."""

import sys

from operations.deploy.aws import Aws
from operations.deploy.commands import NotReady, arguments, ask, run, tell
from operations.deploy.deployment import Deployment
from operations.deploy.promote import find_difference, last_deployment
from operations.deploy.release import History, StoredRelease
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket


def main() -> int:
    """Read the command's arguments and go back."""
    parser = arguments("rollback", "Go back to the deployment before, which passed its smoke test.")
    parser.add_argument("--yes", action="store_true", help="do not ask before the change (make: ARGS=--yes)")
    options = parser.parse_args()

    def roll_back(aws: Aws, stage: Stage) -> int:
        source, before = release_before(aws, stage)
        return Deployment(aws, stage, tell, ask, source, says_yes=options.yes, before=before).run()

    return run(options, roll_back)


def release_before(aws: Aws, stage: Stage) -> tuple[StoredRelease, str]:
    """Find the release to go back to, and the record to go back to after it. Raises `NotReady` if there is none.

    After an interrupted deployment the last record has the version before.
    """
    store = DeploymentBucket(aws)
    present = last_deployment(aws, stage)
    former, difference = present, find_difference(aws, stage, present)
    if not difference:
        if not present.before:
            raise NotReady(
                f"{stage.name} runs {present.title} and has no deployment before it that passed its smoke test: check "
                "out the commit to go back to, and deploy it."
            )
        former = History(store, stage.name).read(present.before)
    heading = f"Going back to {former.title}. {difference or f'{stage.name} runs {present.title}'}"
    return StoredRelease(former.release, store, heading), former.before


if __name__ == "__main__":
    sys.exit(main())
