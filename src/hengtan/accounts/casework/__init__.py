"""What case files need added up from their records: permits, rights, projects, plants, loans."""
