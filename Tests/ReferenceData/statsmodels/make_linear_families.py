"""Makes logistic.json, ../liblinear/linear-svm.json and ../scikit-learn/calibration.json.

Run from the package root with numpy, pandas, scipy, statsmodels, scikit-learn and
liblinear-official installed:
    python Tests/ReferenceData/statsmodels/make_linear_families.py [german.csv taiwan.csv.gz]
The two optional files are the example data sets; without them the values that were
made from them are kept as they stand.
"""
import json
import pathlib
import sys
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import statsmodels.api as sm
from liblinear.liblinearutil import parameter, problem, train
from scipy.optimize import minimize
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[1]
VERSIONS = {
    p: version(p)
    for p in ["numpy", "scipy", "statsmodels", "scikit-learn", "liblinear-official"]
}


def old(path):
    return json.loads(path.read_text()) if path.exists() else {}


def small():
    g = np.random.default_rng(20240101)
    n = 120
    x = np.column_stack([
        g.normal(size=n), g.normal(size=n) * 30 + 200, g.integers(0, 2, n), g.exponential(size=n),
        g.choice([0, 1], n, p=[0.8, 0.2])]).round(3)
    eta = 0.8 * x[:, 0] - 0.02 * (x[:, 1] - 200) + 0.9 * x[:, 2] - 0.5 * x[:, 3] - 0.4
    y = (g.uniform(size=n) < 1 / (1 + np.exp(-eta))).astype(float)
    w = g.choice([0.5, 1.0, 2.0, 3.0], n)
    return x, y, w


def encoded(frame, target, bad, left_out, categorical, drop_first):
    y = (frame[target] == bad).astype(float).values
    names, columns = [], []
    for c in frame.columns:
        if c == target or c in left_out:
            continue
        if c in categorical or frame[c].dtype.kind not in "if":
            levels = sorted(frame[c].astype(str).unique())
            for level in levels[1 if drop_first else 0:]:
                names.append(f"{c}={level}")
                columns.append((frame[c].astype(str) == level).astype(float).values)
        else:
            v = frame[c].astype(float).values
            names.append(c)
            columns.append((v - v.mean()) / v.std())
    return names, np.ascontiguousarray(np.array(columns).T), y


def glm(x, y, w=None):
    fit = sm.GLM(y, sm.add_constant(x, has_constant="add"), family=sm.families.Binomial(),
                 freq_weights=w).fit(tol=1e-14, maxiter=200)
    return {"coefficients": fit.params.tolist(), "standardErrors": fit.bse.tolist(),
            "pValues": fit.pvalues.tolist(), "logLikelihood": float(fit.llf),
            "deviance": float(fit.deviance), "nullDeviance": float(fit.null_deviance),
            "aic": float(fit.aic)}


def objective(w, b, x, y, cost, squared):
    slack = np.maximum(0, 1 - np.where(y == 1, 1, -1) * (x @ w + b))
    return 0.5 * (w @ w) + float((cost * (slack ** 2 if squared else slack)).sum())


def liblinear(x, y, solver, c, bias, bad_weight=1.0):
    s = np.where(y == 1, 1.0, -1.0)
    model = train(problem(s, x, bias=bias),
                  parameter(f"-s {solver} -c {c} -B {bias} -e 1e-9 -w1 {bad_weight} -q"))
    sign = 1 if model.get_labels()[0] == 1 else -1
    w, b = model.get_decfun(0)
    w, b = sign * np.array(w), sign * b
    full = 0.5 * (b / bias) ** 2 if bias > 0 else 0.0
    cost = np.where(y == 1, c * bad_weight, c)
    return {"coefficients": w.tolist(), "intercept": float(b), "c": c, "bias": bias,
            "badWeight": bad_weight, "loss": "hinge" if solver == 3 else "squared_hinge",
            "objective": objective(w, b, x, y, cost, solver != 3) + full}


def linear_svc(x, y, c, loss, weights=None):
    m = LinearSVC(C=c, loss=loss, dual=True, tol=1e-9, max_iter=2_000_000, random_state=0)
    m.fit(x, y, sample_weight=weights)
    cost = c * (np.ones(len(y)) if weights is None else weights)
    w, b = m.coef_[0], float(m.intercept_[0])
    return {"coefficients": w.tolist(), "intercept": b, "c": c, "bias": 1.0, "badWeight": 1.0,
            "loss": loss, "objective": objective(w, b, x, y, cost, loss != "hinge") + b * b / 2}


def main():
    x, y, w = small()
    z = (x - x.mean(0)) / x.std(0)
    logistic_path = ROOT / "statsmodels" / "logistic.json"
    svm_path = ROOT / "liblinear" / "linear-svm.json"
    logistic, svm = old(logistic_path), old(svm_path)
    ridge = LogisticRegression(C=1 / 0.7, tol=1e-12, max_iter=10_000).fit(z, y)
    logistic.update({
        "versions": VERSIONS, "rows": x.tolist(), "targets": y.tolist(), "weights": w.tolist(),
        "plain": glm(x, y), "weighted": glm(x, y, w),
        "ridge": {"lambda": 0.7, "coefficients": ridge.coef_[0].tolist(),
                  "intercept": float(ridge.intercept_[0])}})
    svm.update({
        "versions": VERSIONS, "rows": z.round(6).tolist(), "targets": y.tolist(),
        "weights": w.tolist(),
        "fits": [liblinear(z.round(6), y, s, c, b, bw) for s, c, b, bw in [
            (2, 1.0, 1.0, 1.0), (2, 0.1, 1.0, 3.0), (2, 10.0, -1.0, 1.0), (2, 1.0, 5.0, 1.0),
            (1, 1.0, 1.0, 1.0), (3, 0.1, 1.0, 3.0), (3, 0.05, -1.0, 1.0), (3, 0.02, 5.0, 1.0)]],
        "weighted": [linear_svc(z.round(6), y, 0.5, loss, w) for loss in
                     ["hinge", "squared_hinge"]]})
    if len(sys.argv) > 2:
        german = pd.read_csv(sys.argv[1])
        left = ["age", "status_sex", "sex", "foreign_worker"]
        names, g, gy = encoded(german, "credit", "bad", left, [], True)
        fit = glm(g, gy)
        numeric = [i for i, name in enumerate(names) if "=" not in name]
        logistic["german"] = {
            "logLikelihood": fit["logLikelihood"], "aic": fit["aic"], "columns": len(names),
            "numeric": {names[i]: [fit[k][i + 1] for k in
                                   ["coefficients", "standardErrors", "pValues"]]
                        for i in numeric}}
        _, g, gy = encoded(german, "credit", "bad", left, [], False)
        taiwan = pd.read_csv(sys.argv[2])
        target = [c for c in taiwan if c.lower().startswith("default")][0]
        _, t, ty = encoded(taiwan, target, 1, ["ID", "SEX", "MARRIAGE", "AGE"], ["EDUCATION"],
                           False)
        svm["german"] = {"columns": g.shape[1],
                         "squaredHinge": liblinear(g, gy, 2, 1.0, 1.0)["objective"],
                         "hinge": linear_svc(g, gy, 1.0, "hinge")["objective"]}
        svm["taiwan"] = {"columns": t.shape[1],
                         "squaredHinge": liblinear(t, ty, 2, 1.0, 1.0)["objective"]}
        m = LinearSVC(C=1, loss="hinge", dual=True, tol=1e-3, max_iter=20_000,
                      random_state=0).fit(t, ty)
        b = float(m.intercept_[0])
        svm["taiwan"]["hinge"] = objective(m.coef_[0], b, t, ty, 1.0, False) + b * b / 2
    logistic_path.write_text(json.dumps(logistic))
    svm_path.write_text(json.dumps(svm))

    g = np.random.default_rng(7)
    margins = g.normal(size=150).round(1)
    labels = (g.uniform(size=150) < 1 / (1 + np.exp(-(1.7 * margins - 0.6)))).astype(float)
    weights = g.choice([0.5, 1.0, 2.0], 150)
    out = {"versions": VERSIONS, "margins": margins.tolist(), "labels": labels.tolist(),
           "weights": weights.tolist()}
    for name, sw in [("plain", None), ("weighted", weights)]:
        a, b = _sigmoid_calibration(margins, labels, sample_weight=sw)
        ww = np.ones(150) if sw is None else sw
        bad, good = ww[labels == 1].sum(), ww[labels == 0].sum()
        t = np.where(labels == 1, (bad + 1) / (bad + 2), 1 / (good + 2))

        def loss(v):
            eta = v[0] * margins + v[1]
            return float((ww * (np.logaddexp(0, eta) - t * eta)).sum())

        tight = minimize(loss, [-a, -b], method="Nelder-Mead",
                         options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 10_000})
        iso = IsotonicRegression(out_of_bounds="clip").fit(margins, labels, sample_weight=sw)
        out[name] = {"scikitLearnSlope": -float(a), "scikitLearnOffset": -float(b),
                     "slope": float(tight.x[0]), "offset": float(tight.x[1]),
                     "isotonic": iso.predict(margins).tolist()}
    (ROOT / "scikit-learn" / "calibration.json").write_text(json.dumps(out))


main()
