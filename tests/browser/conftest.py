"""Fixtures: Chromium, with JavaScript and without, before the service as `make run` starts it (or `--stack`)."""

from tests.support.chromium import chromium, javascript, page, small

__all__ = ["chromium", "javascript", "page", "small"]
