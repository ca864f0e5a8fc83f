"""A ruler for the package: cold start, logins and memory under AWS's own runtime (docs/performance.md)."""
