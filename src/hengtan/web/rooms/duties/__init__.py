"""The reporting calendar: who owes what by when, what is complete, reminders."""
