"""Buildings, green space, drainage, villages, savings by contract, cases between agencies."""
