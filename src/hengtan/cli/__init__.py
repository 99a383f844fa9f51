"""The hengtan command."""
