"""Writes trees.json: forests of scikit-learn and what shap's TreeExplainer says of them.

Run from anywhere with scikit-learn and shap installed:
    python make_trees.py

The file has, for each forest, the trees in lists by node (`left` and `right` are -1 at a leaf; a row
goes left where its value, rounded to single precision, is at most the threshold; `value` is in margin
units and `cover` the weighted number of training rows), a factor a tree, a base margin, rows, a
background, and shap's values: `interventional` against the background, `pathDependent` by cover, and
the path-dependent `interactions` of the first rows. The margin is the probability of class 1 for
forests and the log-odds for boosted trees.

shap adds up boosted trees with thresholds in double precision and rows in single precision, as
scikit-learn does; the rows here are numbers of single precision, so that no rounding is left open.
"""

import json
import pathlib

import numpy
import shap
import sklearn
from sklearn.ensemble import (
    ExtraTreesRegressor, GradientBoostingClassifier, RandomForestClassifier)

HERE = pathlib.Path(__file__).resolve().parent
TRAINING, BACKGROUND, ROWS, PAIRS = 600, 40, 12, 4


def loans(generator, count):
    """Numbers, small counts and a one-hot block, with interactions: a bank's table in small."""
    amount = generator.lognormal(8, 0.7, count)
    months = generator.integers(1, 13, count) * 6.0
    age = generator.integers(19, 75, count) * 1.0
    late = generator.poisson(0.6, count) * 1.0
    housing = numpy.eye(3)[generator.integers(0, 3, count)]
    rows = numpy.column_stack([amount, months, age, late, housing]).astype(numpy.float32)
    score = (
        0.8 * numpy.log(amount / 3000) + 0.03 * months + 0.9 * late - 0.02 * age
        + housing @ [0.6, -0.4, 0] + 0.5 * (late > 1) * (age < 30) - 1.2)
    bad = generator.random(count) < 1 / (1 + numpy.exp(-score))
    return rows, bad.astype(int), score


def nodes(tree, weight, value):
    return {
        "weight": weight, "feature": numpy.maximum(tree.feature, 0).tolist(),
        "threshold": tree.threshold.tolist(), "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(), "value": value(tree).tolist(),
        "cover": tree.weighted_n_node_samples.tolist()}


def share(tree):
    counts = tree.value[:, 0, :]
    return counts[:, 1] / counts.sum(axis=1)


def plain(tree):
    return tree.value[:, 0, 0]


def described(name, model, trees, base, generator, columns):
    rows, _, _ = loans(generator, ROWS)
    background, _, _ = loans(generator, BACKGROUND)
    two = isinstance(model, RandomForestClassifier)

    def one(values):
        return values[..., 1] if two else values

    def values(explainer):
        expected = numpy.atleast_1d(explainer.expected_value)
        return {
            "base": float(expected[-1]),
            "values": one(explainer.shap_values(rows, check_additivity=True)).tolist()}

    marginal = shap.TreeExplainer(
        model, data=background, feature_perturbation="interventional")
    path = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    return {
        "name": name, "columns": columns, "base_margin": base, "trees": trees,
        "rows": rows.tolist(), "background": background.tolist(),
        "interventional": values(marginal), "path_dependent": values(path),
        "interactions": one(path.shap_interaction_values(rows[:PAIRS])).tolist()}


def main():
    generator = numpy.random.default_rng(20261124)
    rows, bad, score = loans(generator, TRAINING)
    weights = generator.integers(1, 4, TRAINING).astype(float)
    forest = RandomForestClassifier(6, max_depth=6, min_samples_leaf=3, random_state=1)
    forest.fit(rows, bad)
    extra = ExtraTreesRegressor(4, max_depth=7, min_samples_leaf=2, random_state=2)
    extra.fit(rows, score, weights)
    boosted = GradientBoostingClassifier(n_estimators=10, max_depth=4, random_state=3)
    boosted.fit(rows, bad)
    columns = rows.shape[1]
    found = [
        described(
            "RandomForestClassifier", forest,
            [nodes(t.tree_, 1 / 6, share) for t in forest.estimators_], 0.0, generator, columns),
        described(
            "ExtraTreesRegressor", extra,
            [nodes(t.tree_, 1 / 4, plain) for t in extra.estimators_], 0.0, generator, columns),
        described(
            "GradientBoostingClassifier", boosted,
            [nodes(t[0].tree_, boosted.learning_rate, plain) for t in boosted.estimators_],
            float(boosted._raw_predict_init(rows[:1])[0, 0]), generator, columns),
    ]
    (HERE / "trees.json").write_text(json.dumps(
        {"versions": {"scikit-learn": sklearn.__version__, "shap": shap.__version__},
         "forests": found}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
