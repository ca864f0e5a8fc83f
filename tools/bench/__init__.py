"""Benchmarks, each run by hand (docs/performance.md): no test measures the clock."""
