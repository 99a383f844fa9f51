"""For programs: ``/api/v1``, its description and the page of it."""
