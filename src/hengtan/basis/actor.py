"""Who acts, and on whose behalf: an argument of everything that writes."""

from __future__ import annotations

from dataclasses import dataclass

from hengtan.basis.errors import HengtanError


@dataclass(frozen=True)
class Actor:
    """A person or program that writes.

    ``name`` is the person (a sign-in name, on a laptop the machine's user), ``behalf`` the
    reporting body the person acts for (a place code, a department, an enterprise); None where the
    person acts for the office that runs the workspace.
    """

    name: str
    behalf: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise HengtanError(
                "没有写明经办人", "nobody is named", todo="请给出姓名", todo_en="name who acts"
            )

    @classmethod
    def of_machine(cls, name: str | None = None, behalf: str | None = None) -> Actor:
        """The person given, else the machine's user."""
        import getpass

        return cls(name or getpass.getuser(), behalf)

    def __str__(self) -> str:
        return self.name
