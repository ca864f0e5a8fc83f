"""The domain layer of payments."""
