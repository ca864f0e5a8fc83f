"""An opening hour replayed against the whole service on one machine: `make load`; only loopback is ever asked."""
