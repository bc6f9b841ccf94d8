"""Writes evaluation.json beside this file. Needs numpy, scipy, scikit-learn, statsmodels, MLstatkit."""

import json
import pathlib

import MLstatkit
import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from importlib.metadata import version
from scipy import stats
from sklearn import metrics
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def delong_by_pairs(y, s):
    """The definition: all pairs of a bad and a good."""
    bad, good = s[y == 1], s[y == 0]
    psi = (bad[:, None] > good[None, :]) + 0.5 * (bad[:, None] == good[None, :])
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    return psi.mean(), v10, v01


def equal_mass(p, w, bins):
    """Ties together; a run belongs to the bin in which the middle of its weight falls."""
    values = np.unique(p)
    mass = np.array([w[p == v].sum() for v in values])
    after = np.cumsum(mass)
    place = np.floor(bins * (2 * after - mass) / (2 * after[-1])).astype(int)
    return np.clip(place, 0, bins - 1)[np.searchsorted(values, p)]


def fit(y, x, w, robust):
    out = {}
    for name, design, offset in (
        ("free", np.column_stack([np.ones_like(x), x]), None),
        ("large", np.ones((len(x), 1)), x),
    ):
        model = sm.GLM(
            y, design, family=sm.families.Binomial(), offset=offset, var_weights=w
        ).fit(tol=1e-14, maxiter=200)
        error = model.bse
        if robust:
            eta = design @ model.params + (0 if offset is None else offset)
            mu = 1 / (1 + np.exp(-eta))
            bread = np.linalg.inv((design * (w * mu * (1 - mu))[:, None]).T @ design)
            meat = (design * (w * (y - mu))[:, None]).T @ (design * (w * (y - mu))[:, None])
            error = np.sqrt(np.diag(bread @ meat @ bread))
        out[name] = {"value": list(map(float, model.params)), "error": list(map(float, error))}
    return out


def case(seed, n, weighted):
    r = np.random.default_rng(seed)
    x = r.normal(size=n)
    y = (r.random(n) < 1 / (1 + np.exp(1.2 - 1.1 * x))).astype(float)
    p = np.clip(np.round(1 / (1 + np.exp(1.0 - 0.9 * x - 0.4 * r.normal(size=n))), 2), 0.01, 0.99)
    q = np.clip(np.round(1 / (1 + np.exp(1.3 - 0.6 * x - 0.6 * r.normal(size=n))), 2), 0.01, 0.99)
    w = np.round(r.gamma(2.0, 1.0, size=n) + 0.05, 3) if weighted else np.ones(n)
    area, v10, v01 = delong_by_pairs(y, p)
    area2, u10, u01 = delong_by_pairs(y, q)
    n1, n0 = y.sum(), (1 - y).sum()
    cov = np.cov(v10, u10) / n1 + np.cov(v01, u01) / n0
    fpr, tpr, _ = metrics.roc_curve(y, p, sample_weight=w)
    wb, wg = w * y, w * (1 - y)
    grid = np.unique(p)
    distance = [abs(wb[p <= t].sum() / wb.sum() - wg[p <= t].sum() / wg.sum()) for t in grid]
    bins = equal_mass(p, w, 10)
    groups = np.unique(bins)
    table = [
        {
            "rows": int((bins == g).sum()),
            "mean": float((w * p)[bins == g].sum() / w[bins == g].sum()),
            "observed": float(wb[bins == g].sum() / w[bins == g].sum()),
            "weight": float(w[bins == g].sum()),
        }
        for g in groups
    ]
    hl = sum(
        t["weight"] * (t["observed"] - t["mean"]) ** 2 / (t["mean"] * (1 - t["mean"])) for t in table
    )
    ece = sum(t["weight"] * abs(t["observed"] - t["mean"]) for t in table) / w.sum()
    cut = 0.3
    refused = p >= cut
    mlz, mlp = (None, None)
    if not weighted:
        mlz, mlp = MLstatkit.Delong_test(y.astype(int), p, q, verbose=0)[:2]
    loss = lambda prob: -(y * np.log(prob) + (1 - y) * np.log(1 - prob))
    brier = (p - y) ** 2
    result = {
        "labels": y.tolist(), "first": p.tolist(), "second": q.tolist(),
        "weights": w.tolist() if weighted else None,
        "auc": metrics.roc_auc_score(y, p, sample_weight=w),
        "rocArea": float(np.trapezoid(tpr, fpr)),
        "averagePrecision": metrics.average_precision_score(y, p, sample_weight=w),
        "brier": metrics.brier_score_loss(y, p, sample_weight=w),
        "logLoss": metrics.log_loss(y, p, sample_weight=w),
        "ks": float(max(distance)), "ksAt": float(grid[int(np.argmax(distance))]),
        "logistic": fit(y, np.log(p / (1 - p)), w, weighted),
        "table": table, "hl": float(hl),
        "hlP": float(stats.chi2.sf(hl, len(table))), "ece": float(ece),
        "cutOff": cut,
        "accuracy": metrics.accuracy_score(y, refused, sample_weight=w),
        "precision": metrics.precision_score(y, refused, sample_weight=w),
        "recall": metrics.recall_score(y, refused, sample_weight=w),
        "f1": metrics.f1_score(y, refused, sample_weight=w),
        "observedOverExpected": float(wb.sum() / (w * p).sum()),
    }
    if not weighted:
        k = int(n1)
        expected = float(p.sum())
        result |= {
            "delongError": float(np.sqrt(cov[0, 0])),
            "delongSecondError": float(np.sqrt(cov[1, 1])),
            "pairedError": float(np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])),
            "pairedZ": float(mlz), "pairedP": float(mlp),
            "ksScipy": stats.ks_2samp(p[y == 1], p[y == 0]).statistic,
            "poisson": [
                float(stats.chi2.ppf(0.025, 2 * k) / 2 / expected),
                float(stats.chi2.ppf(0.975, 2 * k + 2) / 2 / expected),
            ],
            "brierError": float(stats.sem(brier)),
            "lossDifference": [float((loss(p) - loss(q)).mean()), float(stats.sem(loss(p) - loss(q)))],
        }
    return result


alpha = [proportion_confint(k, n, method="wilson") for k, n in ((0, 20), (7, 20), (20, 20), (3, 400))]
newcombe = confint_proportions_2indep(60, 120, 210, 300, method="newcomb", compare="diff")
ratio = confint_proportions_2indep(60, 120, 210, 300, method="log", compare="ratio")
pvalues = [0.01, 0.04, 0.03, 0.005, 0.2, 0.03]
document = {
    "made_by": "make_evaluation.py",
    "versions": {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__, "MLstatkit": version("MLstatkit"),
    },
    "unweighted": case(11, 400, False),
    "weighted": case(12, 300, True),
    "wilson": [list(map(float, pair)) for pair in alpha],
    "newcombe": list(map(float, newcombe)),
    "ratio": list(map(float, ratio)),
    "pValues": pvalues,
    "holm": multipletests(pvalues, method="holm")[1].tolist(),
}
path = pathlib.Path(__file__).with_name("evaluation.json")
path.write_text(json.dumps(document) + "\n")
