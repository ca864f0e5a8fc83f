"""The French of admission."""
