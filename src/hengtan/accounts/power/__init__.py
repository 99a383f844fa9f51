"""Records of the power system: demand response, flexible resources, storage sites, roofs, lines."""
