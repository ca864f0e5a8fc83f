"""Tools of developers and operators, never in the Lambda."""
