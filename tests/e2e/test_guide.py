"""The guide again, in Chromium, through the CDN: the same walk as before `make run`, on the deployed stack."""

import pytest

from tests.browser.test_guide import *  # noqa: F403 - every page of it, and those to come

pytestmark = pytest.mark.e2e
