"""Pure decisions about payments: no input or output, no clock, no thread, no toolkit."""
