"""Reads one Xero organisation: sign-in, tokens, transport and the decoding of Xero's answers. It never writes."""
