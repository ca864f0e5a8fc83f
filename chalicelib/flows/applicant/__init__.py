"""Applications: one file for each thing that a family without an account does to get a place."""
