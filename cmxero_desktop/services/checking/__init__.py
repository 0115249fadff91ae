"""One check of Xero from the first request to the run that is stored."""
