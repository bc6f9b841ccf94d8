"""Seconds by rows on logarithmic axes, as SVG; a dashed line a part is what linear cost would be."""

import math

COLOURS = {"load": "#0072b2", "forest": "#009e73", "svm": "#d55e00", "network": "#cc79a7"}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 420, 70, 20, 110, 50


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def svg(found):
    """`found`: seconds by part and rows, as `growth_table` gives them."""
    rows = [n for by_rows in found.values() for n in by_rows]
    seconds = [s for by_rows in found.values() for s, _ in by_rows.values()]
    (x0, x1), (y0, y1) = decades(rows), decades(seconds)

    def x(value):
        share = (math.log10(value) - x0) / max(x1 - x0, 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value):
        share = (math.log10(value) - y0) / max(y1 - y0, 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for power in range(x0, x1 + 1):
        place = x(10**power)
        lines.append(f'<path d="M{place:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"10<tspan dy='-5' font-size='9'>{power}</tspan></text>")
    for power in range(y0, y1 + 1):
        place = y(10.0**power)
        lines.append(f'<path d="M{LEFT} {place:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{LEFT - 8}" y="{place + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    lines.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
        "rows</text>")
    for part, by_rows in found.items():
        colour = COLOURS[part]
        points = [(n, s) for n, (s, _) in by_rows.items()]
        (n0, s0), (n1, s1) = points[0], points[-1]
        path = "M" + "L".join(f"{x(n):.1f} {y(s):.1f}" for n, s in points)
        lines.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        end = min(s0 * n1 / n0, 10.0**y1)
        lines.append(
            f'<path d="M{x(n0):.1f} {y(s0):.1f}L{x(n0 * end / s0):.1f} {y(end):.1f}" fill="none" '
            f'stroke="{colour}" stroke-dasharray="3 4"/>')
        lines += [f'<circle cx="{x(n):.1f}" cy="{y(s):.1f}" r="3" fill="{colour}"/>'
                  for n, s in points]
        lines.append(
            f'<text x="{x(n1) + 8:.1f}" y="{y(s1) + 4:.1f}" fill="{colour}">{part}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"
