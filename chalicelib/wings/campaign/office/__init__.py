"""The announcement to families, by mail and by post, its reminders, and the families' progress."""
