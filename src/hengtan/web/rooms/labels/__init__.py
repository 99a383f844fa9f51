"""Labels that can be checked: made and signed here, checked by whoever scanned one."""
