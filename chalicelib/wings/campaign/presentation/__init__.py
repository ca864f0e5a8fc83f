"""The French of campaign."""
