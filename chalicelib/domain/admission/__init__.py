"""New requests: families that have no account ask for a place, and are given one fairly."""
