"""Reference values of SciPy and NumPy for CandorNumericsTests. Run from this folder.

Where SciPy's own error is above 1e-12 (beta and t with large parameters), the value is mpmath's at
40 digits, started from SciPy's; the script stops where the two differ by more than 1e-8.
"""

import json

import mpmath as mp

import numpy as np
import scipy
from scipy import stats, special

rng = np.random.default_rng(20240607)
versions = {"numpy": np.__version__, "scipy": scipy.__version__, "mpmath": mp.__version__}
mp.mp.dps = 40


def write(name, values):
    with open(name, "w") as file:
        json.dump({"versions": versions, **values}, file, allow_nan=False, separators=(",", ":"))
        file.write("\n")


def beta_tail(x, a, b, upper=False):
    """The regularised incomplete beta function, by the hypergeometric series on the short side."""
    x, a, b = mp.mpf(x), mp.mpf(a), mp.mpf(b)
    if upper:
        x, a, b = 1 - x, b, a
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_tail(1 - x, b, a)
    return x**a * (1 - x)**b / (a * mp.beta(a, b)) * mp.hyp2f1(a + b, 1, a + 1, x)


def t_tail(x, df):
    """P(T > x)."""
    x, df = mp.mpf(x), mp.mpf(df)
    tail = beta_tail(df / (df + x * x), df / 2, mp.mpf(1) / 2) / 2
    return tail if x >= 0 else 1 - tail


def root(function, start):
    start = mp.mpf(float(start))
    return mp.findroot(function, (start, start * (1 + mp.mpf("1e-9"))), tol=1e-50)


def exact(function, a, value):
    """mpmath's value of a function, or None where SciPy's is taken."""
    match function:
        case "studentT.cumulative": return t_tail(-a[0], a[1])
        case "studentT.survival": return t_tail(a[0], a[1])
        case "studentT.density":
            x, df = mp.mpf(a[0]), mp.mpf(a[1])
            return (1 + x * x / df)**(-(df + 1) / 2) / (mp.sqrt(df) * mp.beta(mp.mpf(1) / 2, df / 2))
        case "studentT.quantile": return root(lambda t: t_tail(-t, a[1]) / mp.mpf(a[0]) - 1, value)
        case "beta.cumulative": return beta_tail(*a)
        case "beta.survival": return beta_tail(*a, upper=True)
        case "beta.quantile":
            return root(lambda x: beta_tail(x, a[1], a[2]) / mp.mpf(a[0]) - 1, value)
        case "logBeta": return mp.log(mp.beta(mp.mpf(a[0]), mp.mpf(a[1])))
        case "clopperPearson.lower" if value > 0:
            tail = (1 - mp.mpf(a[2])) / 2
            return root(lambda x: beta_tail(x, a[0], a[1] - a[0] + 1) / tail - 1, value)
        case "clopperPearson.upper" if value < 1:
            tail = (1 - mp.mpf(a[2])) / 2
            return root(lambda x: beta_tail(x, a[0] + 1, a[1] - a[0], upper=True) / tail - 1, value)
    return None


def case(function, arguments, value):
    arguments, value = [float(a) for a in arguments], float(value)
    better = exact(function, arguments, value)
    if better is not None:
        assert abs(better - value) <= 1e-8 * max(abs(value), 1e-300), (function, arguments, value)
        value = float(better)
    return {"function": function, "arguments": arguments, "value": value}


cases = []
for x in [-37.0, -20.0, -8.3, -3.0, -1.96, -0.5, -1e-8, 0.0, 0.3, 1.0, 1.6448536, 4.0, 9.0, 30.0]:
    cases += [case("normal.cumulative", [x], stats.norm.cdf(x)),
              case("normal.survival", [x], stats.norm.sf(x)),
              case("normal.density", [x], stats.norm.pdf(x))]
for p in [1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.01, 0.07, 0.075, 0.2, 0.4999, 0.5, 0.7, 0.926, 0.95,
          0.975, 0.999999]:
    cases.append(case("normal.quantile", [p], special.ndtri(p)))
for df in [0.7, 1, 2, 3.5, 10, 30, 999, 1e6]:
    for x in [-40.0, -3.0, -1.0, -0.01, 0.0, 0.2, 1.5, 2.5, 12.0]:
        cases += [case("studentT.cumulative", [x, df], stats.t.cdf(x, df)),
                  case("studentT.survival", [x, df], stats.t.sf(x, df)),
                  case("studentT.density", [x, df], stats.t.pdf(x, df))]
    for p in [1e-6, 0.025, 0.2, 0.4, 0.51, 0.9, 0.975, 0.9999]:
        cases.append(case("studentT.quantile", [p, df], special.stdtrit(df, p)))
for df in [0.5, 1, 2, 5, 8, 40, 500, 20000]:
    for r in [0.01, 0.3, 0.8, 1.0, 1.1, 1.7, 4.0]:
        x = r * df
        cases += [case("chiSquared.cumulative", [x, df], stats.chi2.cdf(x, df)),
                  case("chiSquared.survival", [x, df], stats.chi2.sf(x, df))]
    for p in [1e-5, 0.025, 0.3, 0.5, 0.8, 0.99, 0.9999]:
        cases.append(case("chiSquared.quantile", [p, df], stats.chi2.ppf(p, df)))
for d1, d2 in [(1, 1), (2, 9), (5, 3), (30, 60), (7, 1000)]:
    for x in [0.01, 0.5, 1.0, 2.0, 9.0]:
        cases += [case("f.cumulative", [x, d1, d2], stats.f.cdf(x, d1, d2)),
                  case("f.survival", [x, d1, d2], stats.f.sf(x, d1, d2))]
    for p in [0.01, 0.4, 0.95]:
        cases.append(case("f.quantile", [p, d1, d2], stats.f.ppf(p, d1, d2)))
for a, b in [(0.3, 0.4), (0.5, 5), (1, 1), (2, 3), (20, 2), (55.5, 301.25), (1e4, 3e4), (3, 1e6)]:
    mean = a / (a + b)
    for x in [0.2 * mean, 0.9 * mean, mean, min(1.05 * mean, 0.999), min(2 * mean, 0.9999)]:
        cases += [case("beta.cumulative", [x, a, b], special.betainc(a, b, x)),
                  case("beta.survival", [x, a, b], special.betaincc(a, b, x))]
    for p in [1e-6, 0.025, 0.5, 0.975]:
        cases.append(case("beta.quantile", [p, a, b], special.betaincinv(a, b, p)))
    cases.append(case("logBeta", [a, b], special.betaln(a, b)))
for n, q in [(1, 0.3), (10, 0.07), (50, 0.5), (1000, 0.013), (100000, 0.2)]:
    for k in sorted({0, int(n * q / 2), int(n * q), min(n, int(n * q * 1.2) + 1), n}):
        cases += [case("binomial.mass", [k, n, q], stats.binom.pmf(k, n, q)),
                  case("binomial.cumulative", [k, n, q], stats.binom.cdf(k, n, q)),
                  case("binomial.survival", [k, n, q], stats.binom.sf(k, n, q))]
for k, n in [(0, 10), (3, 10), (10, 10), (17, 240), (999, 30000)]:
    for level in [0.9, 0.95, 0.999]:
        test = stats.binomtest(k, n)
        for method, name in [("wilson", "wilson"), ("exact", "clopperPearson")]:
            interval = test.proportion_ci(level, method=method)
            cases += [case(name + ".lower", [k, n, level], interval.low),
                      case(name + ".upper", [k, n, level], interval.high)]
for a in [0.1, 1, 4.5, 60, 2500]:
    for r in [0.05, 0.7, 1, 1.4, 3]:
        cases += [case("gamma.lower", [r * a, a], special.gammainc(a, r * a)),
                  case("gamma.upper", [r * a, a], special.gammaincc(a, r * a))]
for x in [1e-5, 0.5, 1.0, 1.5, 2.0, 7.7, 150.0, 1e6]:
    cases.append(case("logGamma", [x], special.gammaln(x)))
for x in [-800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0]:
    cases.append(case("logOnePlusExp", [x], np.logaddexp(0, x)))
    cases.append(case("logistic", [x], special.expit(x)))
write("distributions.json", {"cases": [c for c in cases if c["value"] == 0 or abs(c["value"]) > 1e-306]})

x = np.round(rng.normal(size=60), 1)
y = np.round(0.5 * x + rng.normal(size=60), 1)
w = rng.integers(0, 4, size=60).astype(float)
write("statistics.json", {
    "x": x.tolist(), "y": y.tolist(), "weights": w.tolist(),
    "ranks": stats.rankdata(x).tolist(),
    "levels": [0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1],
    "quantiles": [float(np.quantile(x, p)) for p in [0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1]],
    "weightedQuantiles": [float(np.quantile(x, p, weights=w, method="inverted_cdf"))
                          for p in [0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1]],
    "pearson": stats.pearsonr(x, y).statistic, "spearman": stats.spearmanr(x, y).statistic,
    "kendall": stats.kendalltau(x, y).statistic,
    "mean": float(x.mean()), "variance": float(x.var(ddof=1)),
    "weightedMean": float(np.average(x, weights=w)),
    "weightedVariance": float(np.cov(x, fweights=w.astype(int))),
})


def least_squares(name, design, response, weights, ridge, unpenalised):
    root = np.sqrt(weights)
    rows = [j for j in range(design.shape[1]) if j not in unpenalised] if ridge > 0 else []
    penalty = np.sqrt(ridge) * np.eye(design.shape[1])[rows]
    augmented = np.vstack([design * root[:, None], penalty])
    right = np.concatenate([response * root, np.zeros(len(rows))])
    coefficients, _, rank, singular = np.linalg.lstsq(augmented, right, rcond=None)
    residual = float((weights * (response - design @ coefficients) ** 2).sum())
    gram = design.T @ (weights[:, None] * design)
    inverse = np.linalg.pinv(gram + penalty.T @ penalty, rcond=1e-10, hermitian=True)
    free = (weights > 0).sum() - np.trace(inverse @ gram)
    mean = np.average(response, weights=weights)
    total = float((weights * (response - mean) ** 2).sum())
    return {
        "name": name, "rows": design.shape[0], "columns": design.shape[1],
        "design": design.ravel().tolist(), "response": response.tolist(),
        "weights": weights.tolist(), "ridge": ridge, "unpenalised": unpenalised,
        "coefficients": coefficients.tolist(), "rank": int(rank), "singular": singular.tolist(),
        "residual": residual, "rSquared": 1 - residual / total,
        "covariance": (residual / free * inverse @ gram @ inverse).ravel().tolist(),
    }


def dense(rows, columns):
    return np.round(rng.normal(size=(rows, columns)), 3)


plain = dense(30, 4)
plain[:, 0] = 1
target = np.round(plain @ np.array([0.5, 1, -2, 0.3]) + rng.normal(size=30), 3)
weights = np.round(rng.uniform(0, 3, size=30), 2)
groups = rng.integers(0, 3, size=40)
one_hot = np.column_stack([np.ones(40), np.eye(3)[groups], np.full(40, 7.0), dense(40, 1)])
hot_target = np.round(groups + rng.normal(size=40), 3)
a, b = dense(5, 7), dense(7, 3)
half = dense(9, 5)
spd = half.T @ half
write("linear_algebra.json", {
    "leastSquares": [
        least_squares("plain", plain, target, np.ones(30), 0.0, []),
        least_squares("weighted", plain, target, weights, 0.0, []),
        least_squares("ridge", plain, target, weights, 2.5, [0]),
        least_squares("one-hot", one_hot, hot_target, np.ones(40), 0.0, []),
        least_squares("one-hot ridge", one_hot, hot_target, np.linspace(0.1, 2, 40), 0.5, [0]),
    ],
    "a": a.ravel().tolist(), "b": b.ravel().tolist(), "product": (a @ b).ravel().tolist(),
    "symmetric": spd.ravel().tolist(), "factor": np.linalg.cholesky(spd).ravel().tolist(),
    "inverse": np.linalg.inv(spd).ravel().tolist(),
    "eigenvalues": np.linalg.eigvalsh(spd).tolist(),
    "singularValues": np.linalg.svd(a, compute_uv=False).tolist(),
})
