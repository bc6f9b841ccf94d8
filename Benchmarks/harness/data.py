"""Makes the data once: `candor simulate loans`, then `peers.prepare`."""

import json
import shutil
import subprocess

from .catalogue import GROWTH_ROWS
from .environment import ROOT

# Rows, test rows, features, seed, epochs of the net, rows scored.
SIZES = {
    "s": (30_000, 10_000, 23, 20_260_101, 10, 1_000_000),
    "m": (1_000_000, 100_000, 28, 20_260_102, 2, 1_000_000),
}
GROWTH_SEED, GROWTH_FEATURES = 20_260_103, 28
QUICK = 20


def scaled(rows, quick):
    return max(rows // QUICK, 1_000) if quick else rows


def growth_rows(quick):
    return [rows // QUICK for rows in GROWTH_ROWS] if quick else list(GROWTH_ROWS)


def simulate(simulator, rows, features, seed, path):
    with open(path.with_suffix(".part"), "wb") as output:
        subprocess.run(
            [*simulator, "--rows", str(rows), "--seed", str(seed), "--features", str(features)],
            stdout=output, check=True)
    path.with_suffix(".part").rename(path)


def prepare(needs, environment, simulator, work, quick, say):
    """Writes what is not there yet; a folder with `shape.json` is whole."""
    work.mkdir(parents=True, exist_ok=True)
    for size in ("s", "m"):
        if size not in needs or (work / size / "shape.json").exists():
            continue
        rows, test, features, seed, epochs, scored = SIZES[size]
        rows, test, scored = (scaled(n, quick) for n in (rows, test, scored))
        say(f"simulating {rows + test:,} rows × {features}")
        (work / "raw").mkdir(exist_ok=True)
        raw = work / "raw" / f"{size}.csv"
        simulate(simulator, rows + test, features, seed, raw)
        say(f"encoding {size}")
        shutil.rmtree(work / size, ignore_errors=True)
        subprocess.run(
            [environment.python, "-m", "peers.prepare", "--csv", raw, "--rows", str(rows),
             "--folder", work / size, "--epochs", str(epochs), "--score-rows", str(scored)],
            cwd=ROOT, check=True)
        raw.unlink()
    if "m" in needs and not (work / "warm.csv").exists():
        with open(work / "m" / "train.csv", "rb") as source, open(work / "warm.csv", "wb") as warm:
            warm.writelines(next(source) for _ in range(1_001))
    if "growth" in needs:
        (work / "growth").mkdir(exist_ok=True)
        for rows in growth_rows(quick):
            path = work / "growth" / f"{rows}.csv"
            if not path.exists():
                say(f"simulating {rows:,} rows × {GROWTH_FEATURES}")
                simulate(simulator, rows, GROWTH_FEATURES, GROWTH_SEED, path)


def svm_optimum(environment, work, say):
    """The SVM's least objective on M, by a Newton method of our own in double precision."""
    path = work / "m" / "svm-optimum.json"
    if not path.exists():
        say("finding the optimum of the SVM")
        found = subprocess.run(
            [environment.python, "-m", "peers.judge", "svm-m", "--work", work, "--optimum"],
            cwd=ROOT, check=True, capture_output=True, text=True)
        path.write_text(found.stdout)
    return json.loads(path.read_text())["objective"]


def into_page_cache(path):
    """Reads a file once, so that no tool pays for the disk."""
    with open(path, "rb") as source:
        while source.read(1 << 24):
            pass
