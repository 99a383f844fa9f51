"""What is not certain of a pathway: draws, odds of targets and budgets, and what they rest on."""
