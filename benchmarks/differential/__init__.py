"""The same cases put to our evaluator and to others, and every disagreement listed: development only."""
