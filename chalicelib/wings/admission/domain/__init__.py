"""Applications: families without an account ask for a place, and places are allocated fairly."""
