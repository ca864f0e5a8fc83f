"""The static pages, rendered as the bucket holds them, and published."""
