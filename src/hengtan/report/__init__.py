"""Tables to Excel and HTML; charts; form templates."""
