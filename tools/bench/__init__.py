"""Rulers, each a page that one runs by hand (docs/performance.md): no test measures the clock."""
