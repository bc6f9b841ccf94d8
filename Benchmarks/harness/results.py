"""From raw measurements to RESULTS.md."""

import math
import statistics

from .catalogue import (
    GROWTH_PARTS, GROWTH_SORTS, MOST_AUC_BELOW, MOST_AUC_BELOW_OTHER_SPLIT, MOST_GRADIENT,
    MOST_DECISION_P99, MOST_OBJECTIVE_ABOVE, MOST_P99_MICROSECONDS, MOST_R_SQUARED_BELOW,
    ONCE_ABOVE_SECONDS)


class Entry:
    """All measurements of one tool on one row."""

    def __init__(self, label, measurements):
        self.label = label
        self.good = [m for m in measurements if m["reason"] is None]
        self.reasons = [m["reason"] for m in measurements if m["reason"] is not None]
        self.flags = []
        self.seconds = [m["seconds"] for m in self.good]

    @property
    def ran(self):
        return bool(self.good)

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def memory(self):
        return max(m["rss_mb"] for m in self.good)

    def quality(self, name):
        """The median over rounds; nil where no round has it."""
        values = [m["quality"][name] for m in self.good if m["quality"].get(name) is not None]
        return statistics.median(values) if values else None

    def qualities(self, name):
        return [m["quality"][name] for m in self.good if m["quality"].get(name) is not None]


def number(seconds):
    """A time with three figures and its unit."""
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            value = seconds / size
            break
    else:
        unit, value = "µs", seconds / 1e-6
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(cells) + " |" for cells in rows]


def flag_quality(row, candor, peers, optimum):
    """Marks every entry that misses the quality of the row; returns the peers that reach it."""
    entries = [e for e in [candor, *peers] if e.ran]
    if row.quality == "objective":
        for entry in entries:
            excess = entry.quality("objective") / optimum - 1
            entry.excess = excess
            if excess > MOST_OBJECTIVE_ABOVE:
                entry.flags.append(f"misses the objective: {excess:.1e} above the optimum")
    elif row.quality == "gradient":
        for entry in entries:
            if entry.quality("gradient") > MOST_GRADIENT:
                entry.flags.append(f"misses the gradient: {entry.quality('gradient'):.1e}")
    elif row.quality == "load" and entries:
        # Most tools agree on what the file holds; whoever does not has read something else.
        for name, tolerance in (("rows", 0), ("missing", 0), ("levels", 0), ("sum", 1e-9)):
            middle = statistics.median(e.quality(name) for e in entries if e.quality(name) is not None)
            for entry in entries:
                value = entry.quality(name)
                if value is None or abs(value - middle) > tolerance * abs(middle):
                    entry.flags.append(f"{name} is {value}, others have {middle:g}")
    eligible = [e for e in peers if e.ran and not e.flags]
    if candor.ran and eligible and row.quality in ("auc", "study"):
        best = max(e.quality("auc") for e in eligible)
        most = MOST_AUC_BELOW_OTHER_SPLIT if row.quality == "study" else MOST_AUC_BELOW
        if candor.quality("auc") < best - most:
            candor.flags.append(
                f"AUC is {best - candor.quality('auc'):.4f} below the best peer's")
    if candor.ran and eligible and row.quality == "net":
        flag_net(candor, eligible)
    if candor.ran and eligible and row.quality == "residual":
        least = min(e.quality("residual") for e in eligible)
        if candor.quality("residual") > least:
            candor.flags.append(
                f"residual {candor.quality('residual'):.1e}, the best peer's {least:.1e}")
    if candor.ran and eligible and row.quality == "surrogates":
        best = max(e.quality("r_squared") for e in eligible)
        if candor.quality("r_squared") < best - MOST_R_SQUARED_BELOW:
            candor.flags.append(
                f"R² is {best - candor.quality('r_squared'):.3f} below the best peer's")
    if row.quality == "counterfactuals" and candor.ran:
        if candor.quality("validity") < 1:
            candor.flags.append(f"{candor.quality('validity'):.1%} of its proposals are valid")
        if eligible and candor.quality("cost") >= min(e.quality("cost") for e in eligible):
            candor.flags.append("its changes are not the cheapest")
    if candor.ran and row.key == "decision-reasons":
        for name, most in MOST_DECISION_P99.items():
            if (found := candor.quality(name)) is not None and found >= most:
                candor.flags.append(f"{name} is {found:.1f}")
    if candor.ran and row.key.startswith("one-applicant"):
        p99 = candor.quality("p99_us")
        if p99 >= MOST_P99_MICROSECONDS:
            candor.flags.append(f"p99 is {p99:.0f} µs")
    return eligible


def flag_net(candor, peers):
    """AUC and the loss of every epoch, within what peers and seeds differ by."""
    aucs = [value for peer in peers for value in peer.qualities("auc")]
    noise = max(max(aucs) - min(aucs), 0.002)
    if candor.quality("auc") < min(aucs) - noise:
        candor.flags.append(
            f"AUC {candor.quality('auc'):.4f} lies outside {min(aucs):.4f}–{max(aucs):.4f} by more "
            f"than {noise:.4f}")
    curves = [curve for peer in peers for curve in peer.qualities("losses")]
    own = candor.qualities("losses")
    for epoch in range(min(len(curve) for curve in curves)):
        losses = [curve[epoch] for curve in curves]
        width = max(max(losses) - min(losses), 0.02 * statistics.median(losses))
        mine = statistics.median(curve[epoch] for curve in own) if own else math.nan
        if not mine <= max(losses) + width:
            candor.flags.append(f"loss of epoch {epoch + 1} is {mine:.4f}, peers {max(losses):.4f}")
            break


def quality_text(row, entry):
    if row.quality == "objective":
        return f"{entry.quality('objective'):.3f} ({entry.excess:+.1e})"
    if row.quality == "gradient":
        return f"gradient {entry.quality('gradient'):.1e}, AUC {entry.quality('auc'):.4f}"
    if row.quality == "load":
        return f"{entry.quality('rows'):,.0f} rows, {entry.quality('missing'):,.0f} missing"
    if row.quality == "residual":
        return f"residual {entry.quality('residual'):.1e} of the margin's spread"
    if row.quality == "shapley":
        return (f"{entry.quality('evaluations'):,.0f} rows scored in "
                f"{entry.quality('plain_seconds'):.3f} s to an error of "
                f"{entry.quality('relative_error'):.2%}")
    if row.quality == "net":
        losses = entry.qualities("losses")
        last = statistics.median(c[-1] for c in losses) if losses else math.nan
        return f"AUC {entry.quality('auc'):.4f}, last loss {last:.4f}"
    if row.quality == "treeshap":
        names = ("rows_per_second", "p50_ms", "p99_ms", "reasons_p50_ms", "reasons_p99_ms",
                 "reasons_order_certain", "platt_reasons_p50_ms", "platt_reasons_p99_ms",
                 "memory_mb")
        return ", ".join(
            f"{name} {entry.quality(name):.3g}" for name in names
            if entry.quality(name) is not None) or "–"
    if row.key.startswith("one-applicant"):
        return (f"p50 {entry.quality('p50_us'):.1f} µs, p99 {entry.quality('p99_us'):.1f} µs, "
                f"AUC {entry.quality('auc'):.4f}")
    if row.quality == "surrogates":
        return f"mean R² {entry.quality('r_squared'):.3f}"
    if row.quality == "counterfactuals":
        return (f"{entry.quality('validity'):.0%} valid, price {entry.quality('cost'):.3f}, "
                f"{entry.quality('changes'):.1f} changes, {entry.quality('complete'):.0%} complete")
    if row.key == "score-forest":
        return (f"AUC {entry.quality('auc'):.4f}, {entry.quality('rows_per_second') / 1e3:,.0f} "
                "krows/s")
    return f"AUC {entry.quality('auc'):.4f}"


def verdict(row, candor, eligible, peers):
    """Whether the target is met, in a sentence, and as true or false (None: not known)."""
    if not candor.ran:
        return None, "Candor was not measured: " + (candor.reasons or ["not run"])[0]
    if not row.peers:
        # Nobody else does this: the figures are stated, and there is nothing to reach.
        return None, f"{quality_text(row, candor)}; peak memory {candor.memory:,.0f} MB"
    if not eligible:
        return None, "no peer reached the quality, so that there is nothing to compare with"
    best = min(eligible, key=lambda e: e.median)
    met, words = True, []
    ratio = best.median / candor.median
    met &= ratio >= row.best
    words.append(f"{ratio:.2f}× the best peer ({best.label})")
    if row.sklearn is not None:
        same = [e for e in eligible if e.label.startswith("scikit-learn")]
        if same:
            ratio = min(e.median for e in same) / candor.median
            met &= ratio >= row.sklearn
            words.append(f"{ratio:.2f}× scikit-learn")
        else:
            words.append("scikit-learn not measured")
    if row.key.startswith("one-applicant"):
        words.append(f"p99 {candor.quality('p99_us'):.1f} µs")
    if candor.flags:
        met = False
        words += candor.flags
    return met, "; ".join(words)


def row_lines(row, measurements, missing, optimum, verdicts):
    """The section of one row."""
    mine = [m for m in measurements if m["row"] == row.key]
    candor = Entry("**Candor**", [m for m in mine if m["tool"] == "candor"])
    peers = []
    for peer in row.peers:
        entry = Entry(peer.label, [m for m in mine if m["tool"] == peer.tool])
        if not entry.ran and peer.package in missing:
            entry.reasons = [f"not installed: {missing[peer.package]}"]
        peers.append(entry)
    eligible = flag_quality(row, candor, peers, optimum)
    met, words = verdict(row, candor, eligible, peers)
    verdicts.append((row, met, words))
    ranked = sorted((e for e in [candor, *peers] if e.ran), key=lambda e: e.median)
    cells = []
    for entry in ranked:
        first = entry.good[0]
        notes = list(entry.flags)
        if len(entry.good) == 1 and entry.seconds[0] > ONCE_ABOVE_SECONDS and entry is not candor:
            notes.append("run once, since it takes over a minute")
        if row.key == "study-taiwan" and entry is not candor:
            notes.append(f"whole command {number(first['wall_seconds'])}")
        notes += dict.fromkeys(entry.reasons)
        notes.append(f"{first['settings']}; {first['version']}")
        cells.append([
            entry.label, number(entry.median),
            f"{number(min(entry.seconds))}–{number(max(entry.seconds))}", str(len(entry.good)),
            f"{entry.median / candor.median:.2f}" if candor.ran else "–",
            quality_text(row, entry), f"{entry.memory:,.0f}", "; ".join(notes)])
    for entry in [candor, *peers]:
        if not entry.ran:
            reason = (list(dict.fromkeys(entry.reasons)) or ["not run"])[0]
            cells.append([entry.label, "–", "–", "0", "–", "–", "–", reason.replace("|", "/")])
    state = {True: "met", False: "**not met**", None: "**not known**"}[met]
    if met is None and not row.peers:
        state = "Stated"
    lines = [f"## `{row.key}`: {row.title}", "",
             f"Target: {row.target}. {state.capitalize() if met else state}: {words}.", ""]
    if row.quality == "objective" and optimum is not None:
        lines[2] += f" Optimum {optimum:.6f}."
    return lines + table(
        ["tool", "median", "min–max", "rounds", "time ÷ Candor's", "quality", "peak RSS MB",
         "note"], cells) + [""]


def growth_table(measurements):
    """Seconds by part and rows, and how far they are from linear; the worst pair a part."""
    medians = {}
    for part in GROWTH_PARTS:
        for m in measurements:
            if m["row"] == "growth" and m.get("part") == part and m["reason"] is None:
                medians.setdefault(part, {}).setdefault(m["rows"], []).append(m)
    return {
        part: {rows: (statistics.median(m["seconds"] for m in found),
                      max(m["rss_mb"] for m in found))
               for rows, found in sorted(by_rows.items())}
        for part, by_rows in medians.items()}


def growth_lines(row, measurements, verdicts):
    found = growth_table(measurements)
    reasons = dict.fromkeys(
        f"{m.get('part')} on {m.get('rows'):,} rows: {m['reason']}" for m in measurements
        if m["row"] == "growth" and m["reason"] is not None)
    cells, worst = [], []
    for part, by_rows in found.items():
        first_rows, (first_seconds, _) = next(iter(by_rows.items()))
        for rows, (seconds, memory) in by_rows.items():
            linear = seconds / first_seconds / (rows / first_rows)
            sorting = linear * math.log(first_rows) / math.log(rows)
            judged = sorting if part in GROWTH_SORTS else linear
            worst.append((judged, part, rows))
            cells.append([part, f"{rows:,}", number(seconds), f"{seconds / rows * 1e9:,.0f}",
                          f"{linear:.2f}", f"{sorting:.2f}", f"{memory:,.0f}"])
    met, words = None, "; ".join(reasons) or "not run"
    if worst:
        judged, part, rows = max(worst)
        met = judged <= 1.3 and not reasons and len(found) == len(GROWTH_PARTS)
        words = f"at most {judged:.2f} ({part}, {rows:,} rows)"
        if reasons:
            words += "; " + "; ".join(reasons)
    verdicts.append((row, met, words))
    state = {True: "met", False: "**not met**", None: "**not known**"}[met]
    lines = [f"## `growth`: {row.title}", "", f"Target: {row.target}. {state}: {words}.", ""]
    if cells:
        lines += ["![seconds by rows](growth.svg)", ""]
        lines += table(
            ["part", "rows", "median", "ns a row", "÷ linear", "÷ n log n", "peak RSS MB"], cells)
    return lines + [""]


def markdown(rows, state, optimum):
    """The whole of RESULTS.md."""
    verdicts, sections = [], []
    for row in rows:
        if row.key == "growth":
            sections += growth_lines(row, state["measurements"], verdicts)
        else:
            sections += row_lines(row, state["measurements"], state["missing"], optimum, verdicts)
    lines = ["# Results", "",
             f"Written by `Benchmarks/compare` on {state['date']}; the rounds of each tool stand in its line"
             + (", **quick run on a twentieth of the rows: not a result**" if state["quick"] else "")
             + ". What is measured and how: README.md beside this page. All measurements: "
             "results.json.", ""]
    lines += table(["machine", ""], [[k, v] for k, v in state["machine"].items()]) + [""]
    versions = [f"{name} {version}" for name, version in sorted(state["versions"].items()) if version]
    lines += ["Versions: " + ", ".join(versions) + ".", ""]
    if state["missing"]:
        lines += [f"Not installed: {name} ({reason})." for name, reason in state["missing"].items()]
        lines.append("")
    words = {True: "met", False: "**not met**", None: "not known"}
    lines += table(["row", "target", "", "measured"], [
        [f"`{row.key}`", row.target,
         "stated" if met is None and not row.peers else words[met], text.replace("|", "/")]
        for row, met, text in verdicts]) + [""]
    return "\n".join(lines + sections).rstrip() + "\n"
