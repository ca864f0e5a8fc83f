"""What a season costs and needs: a journey counted call by call, and a model that multiplies it: `make scale`."""
