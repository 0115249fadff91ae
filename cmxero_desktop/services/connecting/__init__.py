"""Setting up, signing in to Xero, and keeping a sign-in alive."""
