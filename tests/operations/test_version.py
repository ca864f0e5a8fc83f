"""The version of a checkout, read from the changelog."""

import pytest

from operations.version import read_version

ONE = "## [1.0.0] - 2027-01-04\n\n### Added\n- The first one.\n"


@pytest.mark.parametrize(
    ("changelog", "version"),
    [
        ("# Changelog\n\n## Unreleased\n\n### Added\n- The first one.\n", "next"),
        (f"# Changelog\n\n## Unreleased\n\n{ONE}", "1.0.0"),
        (f"# Changelog\n\n## [Unreleased]\n\n### Changed\n- More.\n\n{ONE}", "1.0.0+next"),
        (f"# Changelog\n\n## [1.1.0-rc.1] - 2027-02-01\n\n- More.\n\n{ONE}", "1.1.0-rc.1"),
        (f"# Changelog\n\n{ONE}", "1.0.0"),
    ],
)
def test_the_version_is_the_newest_heading_and_next_if_changes_follow_it(changelog: str, version: str) -> None:
    assert read_version(changelog) == version
