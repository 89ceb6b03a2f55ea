"""The table of the results: each page, the bare view that returns the same bytes, and how they compare."""

from dataclasses import dataclass

from .load import Result

HEADINGS = [
    "page",
    "req/s",
    "p50 ms",
    "p99 ms",
    "CPU ms",
    "SQL",
    "kB",
    "bare req/s",
    "bare CPU ms",
    "req/s ratio",
    "CPU ratio",
    "p99 at half",
]


@dataclass(frozen=True)
class Row:
    name: str
    portal: Result
    bare: Result
    queries: int
    size: int
    p99_at_half: float  # milliseconds to the first byte with half as many requests a second as it can answer

    def cells(self) -> list[str]:
        return [
            self.name,
            f"{self.portal.per_second:.0f}",
            f"{self.portal.p50:.1f}",
            f"{self.portal.p99:.1f}",
            number(self.portal.cpu),
            str(self.queries),
            f"{self.size / 1024:.1f}",
            f"{self.bare.per_second:.0f}",
            number(self.bare.cpu),
            f"{self.portal.per_second / self.bare.per_second:.3f}",
            number(self.portal.cpu and self.bare.cpu and self.portal.cpu / self.bare.cpu, 1),
            f"{self.p99_at_half:.0f}",
        ]


def number(value: float | None, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if value else "–"


def table(rows: list[Row]) -> str:
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
