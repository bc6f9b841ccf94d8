"""What every peer shares: arguments, inputs, the clock, and the line of JSON at the end."""

import argparse
import importlib.metadata
import json
import resource
import sys
import time
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass
class Job:
    """One measurement: which work, on which data, with which seed."""

    row: str
    tool: str
    work: Path
    threads: int
    seed: int

    @property
    def folder(self):
        """The data set of the row: `m` where the row's name ends so, else `s`."""
        return self.work / ("m" if self.row.endswith("-m") else "s")

    @cached_property
    def shape(self):
        return json.loads((self.folder / "shape.json").read_text())

    @cached_property
    def layout(self):
        return json.loads((self.folder / "encoded" / "layout.json").read_text())

    def labels(self, part=""):
        import numpy as np

        return np.fromfile(self.folder / f"labels{part}.u8", np.uint8)

    def trees(self, part="", impute=False):
        """The matrix of the tree tools; with `impute`, medians and own codes for missing cells."""
        import numpy as np

        columns = len(self.shape["numeric"]) + len(self.shape["categorical"])
        matrix = np.fromfile(self.folder / f"trees{part}.f32", np.float32).reshape(-1, columns)
        if impute:
            train = matrix if not part else self.trees()
            fill = np.nanmedian(train, axis=0)
            first = len(self.shape["numeric"])
            fill[first:] = np.nanmax(train[:, first:], axis=0) + 1
            for column in range(columns):
                cells = matrix[:, column]
                cells[np.isnan(cells)] = fill[column]
        return matrix

    def dense(self, part="", dtype="float64"):
        """The shared encoding in full."""
        import numpy as np

        matrix = np.fromfile(self.folder / "encoded" / f"dense{part}.f64", np.float64)
        return matrix.reshape(-1, self.layout["width"]).astype(dtype, copy=False)

    def blocks(self, part=""):
        """The shared encoding as numeric columns and category codes."""
        import numpy as np

        folder = self.folder / "encoded"
        numeric = np.fromfile(folder / f"numeric{part}.f64", np.float64)
        codes = np.fromfile(folder / f"codes{part}.u8", np.uint8)
        return (
            numeric.reshape(-1, len(self.layout["numeric"])),
            codes.reshape(-1, len(self.layout["categorical"])),
        )

    def sparse(self, part="", dtype="float64"):
        """The shared encoding as sparse rows."""
        import numpy as np
        from scipy.sparse import csr_matrix

        numeric, codes = self.blocks(part)
        rows, q = numeric.shape
        firsts = np.array([c["first"] for c in self.layout["categorical"]], np.int64)
        known = codes != 255
        present = np.hstack([np.ones((rows, q), bool), known])
        values = np.hstack([numeric, np.ones(codes.shape)])[present].astype(dtype, copy=False)
        indices = np.hstack(
            [np.broadcast_to(np.arange(q, dtype=np.int32), (rows, q)),
             (codes + firsts).astype(np.int32)])[present]
        starts = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
        return csr_matrix((values, indices, starts), shape=(rows, self.layout["width"]))


@dataclass
class Result:
    """What a tool found and how long the work itself took."""

    seconds: float
    settings: str
    version: str
    output: object = None
    quality: dict = field(default_factory=dict)


class Stopwatch:
    """Wall seconds of a `with` block."""

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start


def version_of(*packages):
    return ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)


def main(tools):
    """Runs one tool of a module from the command line and prints its line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("row")
    parser.add_argument("tool", choices=sorted(tools))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore", category=FutureWarning)
    began = time.perf_counter()
    result = tools[chosen.tool](
        Job(chosen.row, chosen.tool, chosen.work, chosen.threads, chosen.seed))
    if chosen.output is not None and result.output is not None:
        import numpy as np

        np.asarray(result.output, dtype="<f8").tofile(chosen.output)
    print(json.dumps({
        "row": chosen.row, "tool": chosen.tool, "seconds": result.seconds,
        "quality": result.quality, "version": result.version, "settings": result.settings,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "process_seconds": time.perf_counter() - began,
    }))
    sys.stdout.flush()
