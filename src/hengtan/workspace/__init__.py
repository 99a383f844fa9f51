"""One city's installation: open, new, demo, cache, backup; ties the floors together for cli and web."""
