"""How everything looks and is worded: colours, icons, figures, dates, and the words of states and kinds."""
