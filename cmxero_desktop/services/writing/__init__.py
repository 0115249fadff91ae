"""From an approved proposal to a row in Case Manager and back: re-check, write, settle, undo."""
