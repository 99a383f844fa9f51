"""Air and water: what stations, sections, users and works record, as classes, shares and loads."""
