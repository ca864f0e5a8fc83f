"""Deploy a stage to AWS, show its state and remove it: `make deploy`, `make status`, `make destroy`."""
