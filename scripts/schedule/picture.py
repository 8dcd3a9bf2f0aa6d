"""A schedule as a picture (SVG): what is left, what is due, and what it costs. For phones and for paper."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contracts.schedule import date_of
from contracts.schedule.plan import Resolved
from scripts.audit.recounted import money
from scripts.schedule.plot import BALANCE, ROWS, WIDTH, Frame, balance_path, bars, date_ticks, rules, top_of_rows
from scripts.schedule.sheet import Words, percent

HEIGHT, MARGIN = 690, 24
INK, SOFT, LINE, PAPER, TILE = "#1b2422", "#57615d", "#e4dfd3", "#ffffff", "#f4f1ea"
COLOURS = {"principal": "#0f5f56", "interest": "#e0a445", "fees": "#a8241b"}
AREA = "#d5e6e1"
FONT = "system-ui, 'Segoe UI', Roboto, 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
TILE_HEIGHT, TILE_GAP = 50, 8
TILES_TOP = 94
LEGEND_SLOT = 82
FIGURE_SIZE, FIGURE_ROOM = 17.0, 0.62
"""Type size of a tile, and how wide a digit is in it."""


def draw(resolved: Resolved, words: Words, language: str) -> str:
    """The picture as well-formed XML."""
    sheet = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    sheet.set("width", str(WIDTH))
    sheet.set("height", str(HEIGHT))
    sheet.set("font-family", FONT)
    sheet.set("xml:lang", language)
    SubElement(sheet, "title").text = _title(resolved, words)
    SubElement(sheet, "desc").text = _description(resolved, words)
    SubElement(sheet, "rect", width=str(WIDTH), height=str(HEIGHT), fill=PAPER)
    _head(sheet, resolved, words)
    _tiles(sheet, resolved, words)
    _balance(sheet, resolved, words, language)
    _rows(sheet, resolved, words, language)
    _foot(sheet, resolved, words)
    indent(sheet, " ")
    return tostring(sheet, encoding="unicode")


def _title(resolved: Resolved, words: Words) -> str:
    return f"{words['title']}: {words[resolved.plan.method.name.lower()]}"


def _description(resolved: Resolved, words: Words) -> str:
    rates = (("apr", resolved.apr_ppm), ("all_in", resolved.all_in_ppm))
    told = [f"{words[name]} {percent(ppm, words)}" for name, ppm in rates]
    return "; ".join([*_subtitles(resolved, words), f"{words['cost']} {money(resolved.cost_minor)}", *told])


def _subtitles(resolved: Resolved, words: Words) -> list[str]:
    plan, rows = resolved.plan, resolved.rows
    rate = f"{plan.rate_ppm / 10_000:.4f}".rstrip("0").rstrip(".") + " %"
    method = words[plan.method.name.lower()]
    terms = words["terms"].format(method=method, principal=money(plan.lent_minor), rate=rate, rows=len(rows))
    days = [date_of(day) for day in (plan.disbursement_day, rows[0].due_day, rows[-1].due_day)]
    return [terms, words["dates"].format(start=days[0], first=days[1], last=days[2])]


def _head(sheet: Element, resolved: Resolved, words: Words) -> None:
    _text(sheet, MARGIN, 42, words["title"], size=20, weight="700")
    for number, line in enumerate(_subtitles(resolved, words)):
        _text(sheet, MARGIN, 61 + 17 * number, line, size=12.5, fill=SOFT)


def _tiles(sheet: Element, resolved: Resolved, words: Words) -> None:
    """Three amounts and below them two rates."""
    sums = resolved.totals
    amounts = {
        "received": money(resolved.plan.received_minor),
        "total": money(sums.principal_minor + sums.interest_minor),
        "cost": money(resolved.cost_minor),
    }
    rates = {"apr": percent(resolved.apr_ppm, words), "all_in": percent(resolved.all_in_ppm, words)}
    for line, figures in enumerate((amounts, rates)):
        width = (WIDTH - 2 * MARGIN + TILE_GAP) / len(figures) - TILE_GAP
        for column, (name, figure) in enumerate(figures.items()):
            left = MARGIN + column * (width + TILE_GAP)
            _tile(sheet, left, TILES_TOP + line * (TILE_HEIGHT + TILE_GAP), width, (words[name], figure))


def _tile(sheet: Element, left: float, top: float, width: float, words: tuple[str, str]) -> None:
    SubElement(sheet, "rect", _box(left, top, width, TILE_HEIGHT), rx="8", fill=TILE)
    _text(sheet, left + 12, top + 19, words[0], size=11.5, fill=SOFT)
    size = min(FIGURE_SIZE, (width - 16) / FIGURE_ROOM / len(words[1]))
    _text(sheet, left + 12, top + 40, words[1], size=round(size, 1), weight="700")


def _balance(sheet: Element, resolved: Resolved, words: Words, language: str) -> None:
    frame = Frame.of(resolved, BALANCE, resolved.plan.lent_minor)
    _text(sheet, MARGIN, frame.top - 12, words["balance_panel"], size=13, weight="600")
    line, area = balance_path(frame, resolved)
    SubElement(sheet, "path", d=area, fill=AREA)
    _rules(sheet, frame, language)
    SubElement(sheet, "path", d=line, fill="none", stroke=COLOURS["principal"]).set("stroke-width", "2")


def _rows(sheet: Element, resolved: Resolved, words: Words, language: str) -> None:
    frame = Frame.of(resolved, ROWS, top_of_rows(resolved))
    _text(sheet, MARGIN, frame.top - 12, words["rows_panel"], size=13, weight="600")
    _legend(sheet, frame, words, [name for name in COLOURS if getattr(resolved.totals, f"{name}_minor")])
    _rules(sheet, frame, language)
    group = SubElement(sheet, "g", {"shape-rendering": "crispEdges"})
    for bar in bars(frame, resolved):
        for part in bar.parts:
            SubElement(group, "rect", _box(bar.left, part.top, bar.width, part.height), fill=COLOURS[part.name])
        if bar.cut is not None:
            _cut(sheet, bar.left, bar.cut, bar.width)
            anchor = "end" if bar.left > WIDTH / 2 else "start"
            beside = bar.left - 4 if anchor == "end" else bar.left + bar.width + 4
            _text(sheet, beside, frame.top + 10, money(bar.due_minor), size=11, anchor=anchor, weight="600")
    for place, text in date_ticks(frame, resolved):
        _text(sheet, place, frame.top + frame.height + 17, text, size=11, fill=SOFT, anchor="middle")


def _legend(sheet: Element, frame: Frame, words: Words, names: list[str]) -> None:
    left = WIDTH - MARGIN - LEGEND_SLOT * len(names)
    for number, name in enumerate(names, 1):
        place = left + LEGEND_SLOT * number - 60
        SubElement(sheet, "rect", _box(place - 16, frame.top - 22, 11, 11), rx="2", fill=COLOURS[name])
        _text(sheet, place, frame.top - 12, words[name], size=12, fill=SOFT)


def _rules(sheet: Element, frame: Frame, language: str) -> None:
    for place, text in rules(frame, language):
        ends = {"x1": f"{frame.left:g}", "x2": f"{frame.right:g}", "y1": f"{place:.1f}", "y2": f"{place:.1f}"}
        SubElement(sheet, "line", ends, stroke=LINE)
        _text(sheet, frame.left - 6, place + 4, text, size=11, fill=SOFT, anchor="end")


def _cut(sheet: Element, left: float, top: float, width: float) -> None:
    """The sign that a bar is longer than shown."""
    points = f"{left - 2:.1f},{top + 6:.1f} {left + width + 2:.1f},{top - 2:.1f} "
    points += f"{left + width + 2:.1f},{top + 3:.1f} {left - 2:.1f},{top + 11:.1f}"
    SubElement(sheet, "polygon", points=points, fill=PAPER)


def _foot(sheet: Element, resolved: Resolved, words: Words) -> None:
    kind = words["table" if resolved.table else "formula"]
    root = resolved.root.hex()
    lines = [words["apr_note"], words["all_in_note"], f"{words['root']} ({kind}): 0x{root[:16]}…{root[-16:]}"]
    for number, line in enumerate(lines):
        _text(sheet, MARGIN, HEIGHT - 52 + 16 * number, line, size=10, fill=SOFT)


def _box(left: float, top: float, width: float, height: float) -> dict[str, str]:
    return {"x": f"{left:.2f}", "y": f"{top:.2f}", "width": f"{width:.2f}", "height": f"{height:.2f}"}


def _text(
    sheet: Element,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    fill: str = INK,
    weight: str = "400",
    anchor: str = "start",
) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": f"{size:g}", "fill": fill}
    SubElement(sheet, "text", place | {"font-weight": weight, "text-anchor": anchor}).text = text
