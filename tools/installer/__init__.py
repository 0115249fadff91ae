"""Makes what people install: a folder with the program and all that it needs, and the setup program around it."""
