"""The office's French of admission."""
