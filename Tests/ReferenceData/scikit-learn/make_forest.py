"""Writes forest.json: scikit-learn's out-of-bag AUC of a random forest on the example sets, and the
R squared of regression forests on rows that any language can make.

Run from anywhere with pandas and scikit-learn installed:
    python make_forest.py
"""

import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[2] / "examples"
SETS = {
    "german-credit": {
        "file": "german-credit.csv", "target": "credit", "bad": "bad",
        "left_out": ["age", "status_sex", "sex", "foreign_worker"], "categorical": []},
    "taiwan-credit": {
        "file": "taiwan-credit.csv.gz", "target": "default.payment.next.month", "bad": "1",
        "left_out": ["ID", "SEX", "MARRIAGE", "AGE"], "categorical": ["EDUCATION"]},
}
SEEDS = {"german-credit": 10, "taiwan-credit": 2}


def encoder(x, categorical):
    names = [c for c in x.columns if c in categorical or not pandas.api.types.is_numeric_dtype(x[c])]
    numbers = [c for c in x.columns if c not in names]
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), names), sparse_threshold=0)


def out_of_bag_auc(name, seed):
    spec = SETS[name]
    table = pandas.read_csv(
        EXAMPLES / name / spec["file"], keep_default_na=False, na_values=[""])
    y = (table[spec["target"]].astype(str) == spec["bad"]).to_numpy().astype(int)
    x = table.drop(columns=[spec["target"], *spec["left_out"]])
    x = x.astype({c: str for c in spec["categorical"]})
    model = RandomForestClassifier(
        500, min_samples_leaf=5, max_features="sqrt", oob_score=True, random_state=seed, n_jobs=2)
    model.fit(encoder(x, spec["categorical"]).fit_transform(x), y)
    return roc_auc_score(y, model.oob_decision_function_[:, 1])


def friedman(first, count):
    """Friedman's first function (1991) on a Kronecker sequence of the square roots of primes."""
    roots = numpy.sqrt(numpy.array([2, 3, 5, 7, 11, 13, 17, 19], dtype=float))
    i = numpy.arange(first + 1, first + count + 1, dtype=float)[:, None]
    x = (i * roots) % 1
    noise = 4 * (x[:, 7] - 0.5)
    y = (10 * numpy.sin(numpy.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
         + 10 * x[:, 3] + 5 * x[:, 4] + noise)
    return x[:, :7], y


def r_squared(seed):
    x, y = friedman(0, 1000)
    fresh, truth = friedman(1000, 1000)
    model = RandomForestRegressor(
        200, min_samples_leaf=3, max_features=3, oob_score=True, random_state=seed, n_jobs=2)
    model.fit(x, y)
    return r2_score(truth, model.predict(fresh)), model.oob_score_


regressions = [r_squared(seed) for seed in range(10)]
values = {
    "software": f"scikit-learn {sklearn.__version__}",
    "outOfBagAUC": {
        name: float(numpy.mean([out_of_bag_auc(name, seed) for seed in range(SEEDS[name])]))
        for name in SETS},
    "rSquared": float(numpy.mean([r for r, _ in regressions])),
    "outOfBagRSquared": float(numpy.mean([o for _, o in regressions])),
}
(HERE / "forest.json").write_text(json.dumps(values, indent=2) + "\n")
