"""The pages of the desk of admission."""
