"""The situation that decisions are judged by, and how a use case refuses."""
