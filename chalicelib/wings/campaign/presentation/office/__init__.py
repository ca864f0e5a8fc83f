"""The office's French of campaign."""
