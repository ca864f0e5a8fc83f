"""The pages of the desk of campaign."""
