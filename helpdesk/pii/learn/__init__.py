"""Trains the weights that `matters` uses, from templates here and the development corpus: `python -m helpdesk.pii.learn`."""
