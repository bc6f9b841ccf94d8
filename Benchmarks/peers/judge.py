"""Judges what a tool found, in double precision and alike for all tools.

Prints one JSON object: the AUC of test scores, the SVM's objective, or the logistic gradient.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from .protocol import Job


def auc(labels, scores):
    """The area under the ROC curve with mid-ranks for ties."""
    from scipy.stats import rankdata

    bads = labels == 1
    ranks = rankdata(scores)
    count = bads.sum()
    return float(
        (ranks[bads].sum() - count * (count + 1) / 2) / (count * (len(labels) - count)))


class Linear:
    """f(x) = w·x + b and Xᵀv on the shared encoding, by its numeric and category blocks."""

    def __init__(self, job, part=""):
        self.numeric, self.codes = job.blocks(part)
        self.layout = job.layout

    def values(self, weights, bias):
        result = self.numeric @ weights[: self.numeric.shape[1]] + bias
        for j, category in enumerate(self.layout["categorical"]):
            first, count = category["first"], len(category["levels"])
            table = np.append(weights[first : first + count], 0.0)
            result += table[np.minimum(self.codes[:, j], count)]
        return result

    def transposed(self, v):
        result = np.zeros(self.layout["width"])
        result[: self.numeric.shape[1]] = self.numeric.T @ v
        for j, category in enumerate(self.layout["categorical"]):
            first, count = category["first"], len(category["levels"])
            sums = np.bincount(np.minimum(self.codes[:, j], count), v, count + 1)
            result[first : first + count] = sums[:count]
        return result


def svm(job, coefficients):
    weights, bias = coefficients[:-1], coefficients[-1]
    sign = np.where(job.labels() == 1, 1.0, -1.0)
    slack = np.maximum(0, 1 - sign * Linear(job).values(weights, bias))
    test = Linear(job, "-test").values(weights, bias)
    return {
        "objective": float(0.5 * (weights @ weights + bias * bias) + slack @ slack),
        "auc": auc(job.labels("-test"), test)}


def logistic(job, coefficients, ridge, free):
    """The largest entry of the gradient of the mean loss plus ridge / 2n ‖w‖²."""
    weights, bias = coefficients[:-1], coefficients[-1]
    data, labels = Linear(job), job.labels().astype(np.float64)
    values = data.values(weights, bias)
    n = len(labels)
    excess = (1 / (1 + np.exp(-values)) - labels) / n
    gradient = data.transposed(excess) + ridge * weights / n
    if free is not None:
        gradient = gradient[free]
    loss = np.logaddexp(0, values) - labels * values
    test = Linear(job, "-test").values(weights, bias)
    return {
        "gradient": float(max(np.abs(gradient).max(), abs(excess.sum()))),
        "objective": float(loss.mean() + ridge * (weights @ weights) / (2 * n)),
        "auc": auc(job.labels("-test"), test)}


def svm_optimum(job):
    """The objective at the optimum: Newton steps on the rows with slack, halved where they fail."""
    data = Linear(job)
    sign = np.where(job.labels() == 1, 1.0, -1.0)
    width = job.layout["width"]
    dense = np.memmap(job.folder / "encoded" / "dense.f64", np.float64, mode="r").reshape(-1, width)
    w = np.zeros(width + 1)

    def objective(w):
        slack = np.maximum(0, 1 - sign * data.values(w[:-1], w[-1]))
        return 0.5 * w @ w + slack @ slack, slack

    value, slack = objective(w)
    for _ in range(50):
        active = np.flatnonzero(slack)
        pull = sign * slack
        gradient = w - 2 * np.append(data.transposed(pull), pull.sum())
        if np.abs(gradient).max() <= 1e-9 * max(value, 1):
            break
        hessian = np.eye(width + 1)
        for start in range(0, len(active), 100_000):
            rows = dense[active[start : start + 100_000]]
            rows = np.column_stack([rows, np.ones(len(rows))])
            hessian += 2 * rows.T @ rows
        step = np.linalg.solve(hessian, gradient)
        length = 1.0
        while True:
            trial = w - length * step
            tried, tried_slack = objective(trial)
            if tried < value or length < 1e-10:
                break
            length /= 2
        if tried >= value:
            break
        done = value - tried <= 1e-13 * value
        w, value, slack = trial, tried, tried_slack
        if done:
            break
    return value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("row")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--ridge", type=float, default=1)
    parser.add_argument("--free", type=json.loads)
    parser.add_argument("--optimum", action="store_true", help="print the SVM's least objective")
    chosen = parser.parse_args()
    job = Job(chosen.row, "judge", chosen.work, 2, 1)
    if chosen.optimum:
        print(json.dumps({"objective": svm_optimum(job)}))
        return
    found = np.fromfile(chosen.file, "<f8")
    expected = (
        job.layout["width"] + 1 if chosen.row in ("svm-m", "logistic-m")
        else min(2_000, job.shape["test_rows"]) if chosen.row.startswith("one-applicant")
        else job.shape["test_rows"])
    if len(found) != expected:
        raise SystemExit(f"{chosen.file.name} holds {len(found)} numbers; {expected} are due.")
    if not np.isfinite(found).all():
        raise SystemExit(f"{chosen.file.name} holds numbers that are not finite.")
    if chosen.row == "svm-m":
        print(json.dumps(svm(job, found)))
    elif chosen.row == "logistic-m":
        print(json.dumps(logistic(job, found, chosen.ridge, chosen.free)))
    else:
        print(json.dumps({"auc": auc(job.labels("-test")[: len(found)], found)}))


if __name__ == "__main__":
    main()
