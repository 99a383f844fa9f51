"""Systems that the plans name and the list of the facts does not."""

NAMED_SINCE = (
    *("reclaimed-water", "idle-land", "industry-retrofits", "green-finance-zone"),
    *("green-markets", "ecology-corridors", "transport-energy", "sme-digital"),
    *("energy-saving-week", "capacity-closure", "aquaculture-zones", "exhibition-standards"),
    *("hygiene-town", "green-insurance"),
)
