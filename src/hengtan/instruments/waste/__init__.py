"""Licences to deal in hazardous waste."""
