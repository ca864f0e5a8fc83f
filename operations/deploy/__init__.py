"""Puts a stage on AWS, shows how it does, and takes it away: `make deploy`, `make status`, `make destroy`."""
