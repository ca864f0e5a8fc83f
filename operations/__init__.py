"""Operator tools shipped with `clef`: package, pages, deployment. Never in the Lambda."""
