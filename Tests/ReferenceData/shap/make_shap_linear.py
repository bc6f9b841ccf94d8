"""Values of shap's LinearExplainer and KernelExplainer on small cases, and scikit-learn's Ledoit-Wolf.

Writes linear.json and kernel.json beside this file:

    python make_shap_linear.py
"""

import json
import pathlib

import numpy as np
import shap
import sklearn
from sklearn.covariance import ledoit_wolf

HERE = pathlib.Path(__file__).parent
VERSIONS = {"shap": shap.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__}


def write(name, content):
    text = json.dumps({"versions": VERSIONS} | content, indent=1)
    (HERE / name).write_text(text + "\n")


def linear():
    """Four correlated columns. shap draws orders of the correlated game: 20,000 of them."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=(120, 5))
    rows = np.column_stack(
        [z[:, 0], z[:, 0] + 0.6 * z[:, 1], 3 - z[:, 1] + z[:, 2], 2 * z[:, 3] - z[:, 0]])
    beta, intercept = np.array([0.7, -1.2, 0.4, 0.0]), 0.3
    applicants = rows[:5] + 0.5
    independent = shap.LinearExplainer(
        (beta, intercept), shap.maskers.Independent(rows, max_samples=len(rows)))
    # The population's covariance matrix, as Candor takes it.
    moments = (rows.mean(axis=0), np.cov(rows.T, bias=True))
    np.random.seed(0)
    dependent = shap.LinearExplainer(
        (beta, intercept), shap.maskers.Impute(moments), nsamples=20_000)
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    covariance, shrinkage = ledoit_wolf(standard, assume_centered=True)
    write("linear.json", {
        "rows": rows.tolist(), "coefficients": beta.tolist(), "intercept": intercept,
        "applicants": applicants.tolist(),
        "independent": independent.shap_values(applicants).tolist(),
        "independent_base": float(independent.expected_value),
        "dependent": dependent.shap_values(applicants).tolist(),
        "ledoit_wolf_shrinkage": float(shrinkage), "ledoit_wolf": covariance.tolist()})


def score(x):
    """An interaction of two, one of three, and a step: written again in the test."""
    return (x[:, 0] * x[:, 1] - 0.5 * x[:, 2] + x[:, 1] * x[:, 3] * x[:, 4]
            + np.where((x[:, 0] > 0) & (x[:, 4] < 0.5), 1.5, 0.0))


def kernel():
    """Five columns and all 30 coalitions, so that least squares are exact."""
    rng = np.random.default_rng(2)
    background, applicants = rng.normal(size=(8, 5)), rng.normal(size=(4, 5))
    explainer = shap.KernelExplainer(score, background)
    values = explainer.shap_values(applicants, nsamples=1000, l1_reg=0, silent=True)
    write("kernel.json", {
        "background": background.tolist(), "applicants": applicants.tolist(),
        "base": float(explainer.expected_value), "values": np.asarray(values).tolist()})


if __name__ == "__main__":
    linear()
    kernel()
