"""The sheets that ask or tell before and after a deed: apply, result, tie-out, connection, questions."""
