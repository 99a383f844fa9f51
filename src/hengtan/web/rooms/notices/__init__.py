"""Notices to people: in the application, and by mail where a mail server is set."""
