"""Put the program together: the only place that constructs adapters, and the order of start-up and shutdown."""
