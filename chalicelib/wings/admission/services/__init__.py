"""The services of admission."""
