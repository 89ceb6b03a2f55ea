"""docs/bench/README.md with its drawings, written from what was kept; nothing in it is typed by hand."""

from .kept import FOLDER, Kept, all_kept
from .plots import bars, curves

TITLES = {
    "pages": "Pages made by the portal alone",
    "edge": "Pages that nginx keeps",
    "growth": "As the county grows",
    "views": "Views counted while processes are killed",
    "breakage": "When things break",
    "signup": "Sign-ups under a storm",
    "admin": "The editors' list and saving",
    "photos": "Forty photos in one drop",
    "memory": "Memory of the workers",
    "lighthouse": "What Lighthouse says of each kind of page",
}
SHOWN_CURVES = ["article", "articles", "home", "institutions", "events", "search, a number", "admin: articles", "board"]


def write() -> list[str]:
    """Returns the names of the files written."""
    found = sorted(all_kept(), key=lambda kept: (list(TITLES).index(kept.what), kept.place))
    files = {}
    if rows := layers(found):
        files["throughput.svg"] = bars("Answers a second, by who gives them", rows)
    for kept in found:
        if kept.what == "growth":
            sizes, costs = kept.figures["sizes"], kept.figures["costs"]
            lines = {name: [cost / costs[name][0] for cost in costs[name]] for name in SHOWN_CURVES if name in costs}
            files[f"growth-{kept.place}.svg"] = curves(
                f"Cost of a page as the county grows ({kept.place})", sizes, lines
            )
    files["README.md"] = text(found, [name for name in files if name.endswith(".svg")])
    for name, content in files.items():
        (FOLDER / name).write_text(content)
    return list(files)


def layers(found: list[Kept]) -> list[tuple[str, float]]:
    rows = []
    for kept in found:
        if kept.what == "edge":
            rows += [("nginx, the page as a file", kept.figures["one article, the fold stopped"]["static"])]
            rows += [(f"nginx, {name}", pair["portal"]) for name, pair in kept.figures.items()]
        if kept.what == "pages" and kept.place == "sqlite3":
            rows += [("bare Django view, gunicorn", kept.figures["article"]["bare"])]
            rows += [(f"portal, {name}", pair["portal"]) for name, pair in kept.figures.items()]
    return sorted(rows, key=lambda row: -row[1])


def text(found: list[Kept], drawings: list[str]) -> str:
    parts = [
        "# What the portal costs, as measured",
        "",
        "Written by `python3 run.py bench report` from the files beside it, kept by `python3 run.py bench … --keep`.",
        "Ratios of one run can be compared; seconds depend on the machine, which is named at each.",
        "",
        *(f"![{name.removesuffix('.svg')}]({name})\n" for name in drawings),
    ]
    for what, title in TITLES.items():
        if parts_of := [kept for kept in found if kept.what == what]:
            parts += [f"## {title}", "", f"`python3 run.py bench {what}`", ""]
            for kept in parts_of:
                parts += [f"{kept.place}, {kept.day}: {kept.machine}", "", "```text", *kept.lines, "```", ""]
    return "\n".join(parts)
