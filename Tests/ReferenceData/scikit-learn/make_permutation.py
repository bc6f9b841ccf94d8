"""Writes permutation.json: scikit-learn's permutation importance of a small forest on breast cancer
rows and of a ridge regression on diabetes rows, with the models and the held-out rows themselves.

    python make_permutation.py > permutation.json        (scikit-learn 1.5 or later)
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

REPEATS = 400


def summary(found):
    return {"means": found.importances_mean.tolist(),
            "errors": (found.importances.std(axis=1, ddof=1) / np.sqrt(REPEATS)).tolist()}


def forest():
    data = load_breast_cancer()
    rows = data.data.astype(np.float32)
    train, test, labels, truth = train_test_split(
        rows, 1 - data.target, test_size=0.3, random_state=0, stratify=data.target)
    model = RandomForestClassifier(
        n_estimators=20, max_depth=5, min_samples_leaf=3, random_state=0).fit(train, labels)
    measured = {
        "auc": permutation_importance(
            model, test, truth, scoring="roc_auc", n_repeats=REPEATS, random_state=1, n_jobs=2),
        "brier": permutation_importance(
            model, test, truth, scoring="neg_brier_score", n_repeats=REPEATS, random_state=2,
            n_jobs=2)}
    trees = []
    for one in model.estimators_:
        tree = one.tree_
        share = tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1)
        trees.append({
            "feature": np.maximum(tree.feature, 0).tolist(), "threshold": tree.threshold.tolist(),
            "left": tree.children_left.tolist(), "right": tree.children_right.tolist(),
            "value": share.tolist(), "cover": tree.weighted_n_node_samples.tolist()})
    return {"names": list(data.feature_names), "rows": test.astype(float).tolist(),
            "targets": truth.tolist(), "scores": model.predict_proba(test)[:, 1].tolist(),
            "accuracy": model.score(test, truth), "trees": trees,
            "importance": {name: summary(found) for name, found in measured.items()}}


def ridge():
    data = load_diabetes()
    train, test, labels, truth = train_test_split(data.data, data.target, random_state=0)
    model = Ridge(alpha=1e-2).fit(train, labels)
    found = permutation_importance(
        model, test, truth, scoring="neg_mean_squared_error", n_repeats=REPEATS, random_state=1)
    return {"names": list(data.feature_names), "rows": test.tolist(), "targets": truth.tolist(),
            "coefficients": model.coef_.tolist(), "intercept": float(model.intercept_),
            "r2": model.score(test, truth), "importance": {"mse": summary(found)}}


json.dump({"version": sklearn.__version__, "repeats": REPEATS, "forest": forest(),
           "ridge": ridge()}, sys.stdout)
