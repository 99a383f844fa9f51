"""Django's PostgreSQL with its pool of connections, one for each store of people."""
