"""What an operator runs, shipped with `clef`: the package, the pages, the deployment. Never in the Lambda."""
