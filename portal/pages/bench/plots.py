"""Two drawings as SVG, on white so that they can be read wherever they are shown."""

import math
from html import escape

WIDTH, LEFT, ROW, TOP = 760, 290, 30, 46
INK, GRID = "#1b2733", "#d5dbe1"
COLOURS = ["#0b5cab", "#b3541e", "#2c7a3f", "#7a3fa0", "#a3173f", "#5b6770", "#0f7c83", "#8a6d00"]


def bars(title: str, rows: list[tuple[str, float]]) -> str:
    """One bar for each (name, number a second), on a scale where each line is ten times the one before."""
    height = TOP + ROW * len(rows) + 30
    decades = max(1, math.ceil(math.log10(max(value for _name, value in rows))))
    per_decade = (WIDTH - LEFT - 80) / decades
    parts = [f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>']
    for decade in range(decades + 1):
        x = LEFT + decade * per_decade
        parts.append(f'<path d="M{x:.1f} {TOP - 8}V{height - 24}" stroke="{GRID}"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 8}" font-size="12" text-anchor="middle">{10**decade:,}</text>')
    for number, (name, value) in enumerate(rows):
        y, length = TOP + number * ROW, max(2.0, math.log10(max(value, 1)) * per_decade)
        parts.append(f'<text x="{LEFT - 10}" y="{y + 15}" font-size="13" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="20" rx="2" fill="{COLOURS[0]}"/>')
        parts.append(f'<text x="{LEFT + length + 6:.1f}" y="{y + 15}" font-size="13">{value:,.0f}</text>')
    return drawing(title, height, parts)


def curves(title: str, sizes: list[int], lines: dict[str, list[float]]) -> str:
    """How many times the cost at the smallest size, at each size; the sizes stand apart by their logarithm."""
    height, bottom, right = 400, 350, WIDTH - 250
    top = max(2.0, *(max(values) for values in lines.values()))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        return 60 + (right - 60) * (math.log10(size) - first) / (last - first)

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * value / top

    parts = [f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>']
    for step in range(int(top) + 1):
        parts.append(f'<path d="M60 {y(step):.1f}H{right}" stroke="{GRID}"/>')
        parts.append(f'<text x="50" y="{y(step) + 4:.1f}" font-size="12" text-anchor="end">×{step}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{bottom + 22}" font-size="12" text-anchor="middle">{size:,}</text>')
    for number, (name, values) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts.append(f'<rect x="{right + 20}" y="{TOP + number * 24}" width="14" height="14" fill="{colour}"/>')
        label = f"{name} ×{values[-1]:.2f}"
        parts.append(f'<text x="{right + 42}" y="{TOP + number * 24 + 12}" font-size="13">{escape(label)}</text>')
    parts.append(
        f'<text x="{(60 + right) / 2:.0f}" y="{height - 6}" font-size="12" text-anchor="middle">articles</text>'
    )
    return drawing(title, height, parts)


def drawing(title: str, height: int, parts: list[str]) -> str:
    words = f'role="img" aria-label="{escape(title)}" font-family="system-ui, sans-serif" fill="{INK}"'
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {words}>'
    return "\n".join([frame, ground, *parts, "</svg>", ""])
