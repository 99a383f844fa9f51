"""Air and water: days, classes, shares and loads from what stations, sections and works record."""
