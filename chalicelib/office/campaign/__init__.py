"""Telling families by mail and by post, reminding them, and seeing how far they have come."""
