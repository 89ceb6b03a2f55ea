"""What a case has seen, what of it is wrong, and the table of all."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Row:
    case: str
    database: str
    seen: str
    faults: list[str]

    @property
    def ok(self) -> bool:
        return not self.faults

    def __str__(self):
        words = [f"{self.case}  {self.database}  {'ok' if self.ok else 'WRONG'}", f"    {self.seen}"]
        return "\n".join([*words, *(f"    wrong: {fault}" for fault in self.faults)])


class Finding:
    """Collected while a case goes on."""

    def __init__(self, case: str):
        self.case, self.figures, self.faults = case, [], []

    def saw(self, figure: str):
        if figure not in self.figures:
            self.figures.append(figure)

    def expect(self, what: str, found, wanted):
        """Tell the figure, and that it is wrong where it is."""
        self.saw(f"{what}: {found}")
        self.require(found == wanted, f"{what}: {found} instead of {wanted}")

    def require(self, is_right: bool, fault: str):
        if not is_right:
            self.faults.append(fault)

    def row(self) -> Row:
        return Row(self.case, connection.display_name, ", ".join(self.figures), self.faults)
