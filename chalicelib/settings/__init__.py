"""Settings: `network.toml`, edited by an agency and validated, and the environment."""
