"""What persons say of proposals: approve, reject, hold, put back, link."""
