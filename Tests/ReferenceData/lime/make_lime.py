"""Writes iris.json: what the lime package draws, weighs and fits for one row of iris.

Run from anywhere with lime and scikit-learn installed:
    python make_lime.py
"""

import importlib.metadata
import json
import pathlib

import numpy
from lime.lime_tabular import LimeTabularExplainer
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression, Ridge

HERE = pathlib.Path(__file__).resolve().parent
ROW, SAMPLES = 70, 400

iris = load_iris()
rows = numpy.round(iris.data, 1)
names = [name.replace(" (cm)", "") for name in iris.feature_names]
model = LogisticRegression(C=1, max_iter=2_000, tol=1e-10).fit(rows, iris.target)
explainer = LimeTabularExplainer(
    rows, feature_names=names, class_names=list(iris.target_names), discretize_continuous=True,
    discretizer="quartile", random_state=1)
label = 1

# What explain_instance does, step by step, so that its inner values can be kept.
kept = {}
plain = explainer.base.explain_instance_with_data


def keep(data, labels, distances, label, *arguments, **named):
    kept.update(data=data, labels=labels, distances=distances)
    return plain(data, labels, distances, label, *arguments, **named)


explainer.base.explain_instance_with_data = keep
inner = explainer._LimeTabularExplainer__data_inverse


def keep_inverse(*arguments):
    data, inverse = inner(*arguments)
    kept["inverse"] = inverse
    return data, inverse


explainer._LimeTabularExplainer__data_inverse = keep_inverse
explanation = explainer.explain_instance(
    rows[ROW], model.predict_proba, labels=(label,), num_features=4, num_samples=SAMPLES,
    model_regressor=Ridge(alpha=1, fit_intercept=True))
drawn = dict(kept)
weights = explainer.base.kernel_fn(drawn["distances"])
fit = Ridge(alpha=1, fit_intercept=True).fit(
    drawn["data"], drawn["labels"][:, label], sample_weight=weights)
found = dict(explanation.as_map()[label])
assert numpy.allclose([found[j] for j in range(4)], fit.coef_)

# How often the two features of the petals lead, over many rows, by lime itself.
many = []
for row in range(0, 150, 10):
    answer = explainer.explain_instance(
        rows[row], model.predict_proba, labels=(label,), num_features=4, num_samples=2_000,
        model_regressor=Ridge(alpha=1, fit_intercept=True)).as_map()[label]
    many.append([int(j) for j, _ in sorted(answer, key=lambda pair: -abs(pair[1]))[:2]])

(HERE / "iris.json").write_text(json.dumps({
    "versions": {name: importlib.metadata.version(name) for name in ("lime", "scikit-learn")},
    "names": names,
    "training": rows.tolist(),
    "coefficients": model.coef_.tolist(),
    "intercepts": model.intercept_.tolist(),
    "label": label,
    "row": ROW,
    "inverse": drawn["inverse"].tolist(),
    "same": drawn["data"].astype(int).tolist(),
    "weights": weights.tolist(),
    "values": drawn["labels"][:, label].tolist(),
    "surrogate": fit.coef_.tolist(),
    "intercept": float(fit.intercept_),
    "score": float(fit.score(
        drawn["data"], drawn["labels"][:, label], sample_weight=weights)),
    "top_two": many,
}, separators=(",", ":")) + "\n")
