"""Tools for developers and operators, never in the Lambda."""
