"""A stateful local Xero and an invented firm, for the demo and the tests; it knows nothing of the program."""
