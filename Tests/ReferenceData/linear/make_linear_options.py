"""Makes options.json: references for the options of the linear families.

Run from the package root with numpy, scipy, statsmodels, scikit-learn and liblinear-official
installed:
    python Tests/ReferenceData/linear/make_linear_options.py
"""
import json
import pathlib
import warnings
from importlib.metadata import version

import numpy as np
import scipy.sparse as sp
import statsmodels.api as sm
from liblinear.liblinearutil import parameter, problem, train
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
g = np.random.default_rng(20241124)
n = 150
x = np.column_stack([
    g.normal(size=n), g.normal(size=n), g.integers(0, 2, n), g.exponential(size=n) - 1,
    g.choice([0, 1], n, p=[0.8, 0.2]), g.normal(size=n)]).round(3)
x[:, 5] = (x[:, 0] + 0.3 * x[:, 5]).round(3)
eta = 0.8 * x[:, 0] - 0.6 * x[:, 1] + 0.9 * x[:, 2] - 0.5 * x[:, 3] - 1
y = (g.uniform(size=n) < 1 / (1 + np.exp(-eta))).astype(float)
w = g.choice([1.0, 2.0, 3.0], n)
design = sm.add_constant(x)


def robust(kind, weights):
    repeats = np.repeat(np.arange(n), weights.astype(int))
    fit = sm.Logit(y[repeats], design[repeats]).fit(
        disp=0, cov_type=kind, method="newton", tol=1e-14, maxiter=100)
    return fit.bse.tolist()


def elastic(lam, share):
    fit = LogisticRegression(
        C=1 / lam, penalty="elasticnet", l1_ratio=share, solver="saga", tol=1e-13,
        max_iter=2_000_000).fit(x, y)
    b, c = fit.coef_[0], fit.intercept_[0]
    f = x @ b + c
    value = np.logaddexp(0, f).sum() - y @ f + lam * (
        share * abs(b).sum() + (1 - share) / 2 * b @ b)
    return dict(lam=lam, share=share, coefficients=b.tolist(), intercept=c, objective=value)


def firth(design, y, w):
    def parts(b):
        f = design @ b
        p = 1 / (1 + np.exp(-f))
        info = (design * (w * p * (1 - p))[:, None]).T @ design
        sign, logdet = np.linalg.slogdet(info)
        return f, p, info, logdet

    def value(b):
        f, _, _, logdet = parts(b)
        return (w * (np.logaddexp(0, f) - y * f)).sum() - logdet / 2

    b = minimize(value, np.zeros(design.shape[1]), method="BFGS", options=dict(gtol=1e-9)).x
    # Polished by the score equations of Heinze and Schemper.
    for _ in range(200):
        f, p, info, _ = parts(b)
        inverse = np.linalg.inv(info)
        h = p * (1 - p) * np.einsum("ij,jk,ik->i", design, inverse, design)
        b = b + inverse @ (design.T @ (w * (y - p + h * (0.5 - p))))
    _, _, info, _ = parts(b)
    return dict(
        coefficients=b.tolist(), standardErrors=np.sqrt(np.diag(np.linalg.inv(info))).tolist(),
        value=value(b))


def svm(rows, labels, bias):
    out = []
    for solver, loss, penalty in [
            (2, "squared_hinge", "l2"), (1, "squared_hinge", "l2"), (3, "hinge", "l2"),
            (5, "squared_hinge", "l1")]:
        for c in [0.1, 1.0]:
            model = train(
                problem(labels, rows, bias=bias),
                parameter(f"-s {solver} -c {c} -e 1e-10 -B {bias} -q"))
            total = rows.shape[1] + 1
            v = np.array([model.w[i] for i in range(total)])
            if model.get_labels()[0] == -1:
                v = -v
            m = labels * (rows @ v[:-1] + v[-1] * bias)
            s = np.maximum(0, 1 - m)
            value = (0.5 * v @ v if penalty == "l2" else abs(v).sum()) + c * (
                s.sum() if loss == "hinge" else (s * s).sum())
            out.append(dict(
                solver=solver, loss=loss, penalty=penalty, c=c, bias=bias, objective=value,
                weights=v.tolist()))
    return out


separated = np.column_stack([np.ones(40), np.linspace(-2, 2, 40), g.normal(size=40).round(3)])
separatedTarget = (separated[:, 1] > 0.1).astype(float)

rows, columns = 200, 60
sparse = sp.random(rows, columns, density=0.08, random_state=7, format="csr")
sparse.data = (sparse.data * 2 - 0.7).round(3)
truth = np.zeros(columns)
truth[:8] = [2, -2, 1.5, -1.5, 1, -1, 1, 2]
labels = np.where(sparse @ truth + 0.3 * g.normal(size=rows) > 0.05, 1.0, -1.0)

result = dict(
    made_by="Tests/ReferenceData/linear/make_linear_options.py",
    versions={p: version(p) for p in [
        "numpy", "scipy", "statsmodels", "scikit-learn", "liblinear-official"]},
    rows=x.tolist(), targets=y.tolist(), weights=w.tolist(),
    hc0=robust("HC0", np.ones(n)), hc0Weighted=robust("HC0", w),
    elastic=[elastic(1.0, 1.0), elastic(5.0, 1.0), elastic(3.0, 0.5), elastic(10.0, 0.2)],
    firth=firth(design, y, np.ones(n)), firthWeighted=firth(design, y, w),
    separatedRows=separated[:, 1:].tolist(), separatedTargets=separatedTarget.tolist(),
    firthSeparated=firth(separated, separatedTarget, np.ones(40)),
    sparseText="".join(
        f"{'+1' if labels[r] > 0 else '-1'} "
        + " ".join(
            f"{sparse.indices[k] + 1}:{sparse.data[k]}"
            for k in sorted(range(sparse.indptr[r], sparse.indptr[r + 1]),
                            key=lambda k: sparse.indices[k])) + "\n"
        for r in range(rows)),
    svm=svm(sparse.tocsr(), labels, 1.0),
)
path = pathlib.Path(__file__).with_name("options.json")
path.write_text(json.dumps(result, indent=1) + "\n")
