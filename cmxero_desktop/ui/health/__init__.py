"""The page that says whether everything works, and the sheet that makes a diagnostics bundle."""
