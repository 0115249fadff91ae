"""Everything outside, one thing each: Xero, Case Manager, our store, secrets, settings, exports."""
