"""The French of billing."""
