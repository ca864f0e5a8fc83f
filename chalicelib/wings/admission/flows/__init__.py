"""Applications: one file for each act of a family without an account that asks for a place."""
