"""Speaks with a Microsoft SQL Server through python-tds, with TLS, sign-in and ends to every wait of our own."""
