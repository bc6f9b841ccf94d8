"""Writes effects.json: scikit-learn's partial dependence and individual curves (method "brute") on a
small forest, with the forest itself, so that other programs can follow it; and PyALE's accumulated
local effects on the same forest.

Run from anywhere with scikit-learn and PyALE installed:
    python make_effects.py
"""

import json
import pathlib
import warnings

import numpy
import pandas
import PyALE
import sklearn
from importlib.metadata import version
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence

HERE = pathlib.Path(__file__).resolve().parent


def rows(count):
    """A Kronecker sequence of the square roots of primes, in steps of 1/1024: exact in binary."""
    roots = numpy.sqrt(numpy.array([2, 3, 5], dtype=float))
    i = numpy.arange(1, count + 1, dtype=float)[:, None]
    x = numpy.floor((i * roots) % 1 * 1024) / 1024
    x[:, 1] = numpy.floor((0.7 * x[:, 0] + 0.3 * x[:, 1]) * 1024) / 1024
    return x


x = rows(60)
y = 2 * x[:, 0] + numpy.sin(5 * x[:, 1]) + 3 * x[:, 0] * x[:, 2]
model = RandomForestRegressor(7, max_depth=5, min_samples_leaf=2, random_state=3).fit(x, y)

trees = []
for estimator in model.estimators_:
    tree = estimator.tree_
    trees.append({
        "feature": [int(f) for f in tree.feature], "threshold": tree.threshold.tolist(),
        "left": tree.children_left.tolist(), "right": tree.children_right.tolist(),
        "value": tree.value[:, 0, 0].tolist()})

effects = []
for feature in range(3):
    grid = numpy.quantile(x[:, feature], numpy.linspace(0, 1, 9), method="inverted_cdf")
    found = partial_dependence(
        model, x, [feature], method="brute", kind="both", custom_values={feature: grid})
    effects.append({
        "grid": grid.tolist(), "average": found["average"][0].tolist(),
        "individual": found["individual"][0].tolist()})

frame = pandas.DataFrame(x, columns=["x0", "x1", "x2"])
accumulated = []
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for feature in range(3):
        found = PyALE.ale(
            frame, model, [f"x{feature}"], feature_type="continuous", grid_size=8,
            include_CI=False, plot=False)
        accumulated.append({
            "points": found.index.tolist(), "effect": found["eff"].tolist(),
            "size": [int(s) for s in found["size"]]})

values = {
    "software": f"scikit-learn {sklearn.__version__}, PyALE {version('PyALE')}",
    "rows": x.tolist(), "trees": trees, "effects": effects, "accumulated": accumulated}
(HERE / "effects.json").write_text(json.dumps(values) + "\n")
