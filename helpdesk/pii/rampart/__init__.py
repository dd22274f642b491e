"""Names of people by Rampart, a model that an operator may add: words with their places, windows, the network, spans."""
