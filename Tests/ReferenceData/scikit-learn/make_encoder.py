"""Writes encoder.json: scikit-learn's usual preprocessing of a small mixed table."""

import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

rng = numpy.random.default_rng(20240101)
n, train = 90, 60
amount = numpy.round(numpy.exp(rng.normal(7.5, 0.8, n)), 2)
amount[rng.random(n) < 0.1] = numpy.nan
age = rng.integers(19, 75, n).astype(float)
housing = rng.choice(["rent", "own", "free"], n, p=[0.3, 0.6, 0.1])
purpose = rng.choice(["car", "education", "furniture", "repairs"], n)
weights = rng.integers(1, 4, n).astype(float)
table = pandas.DataFrame({"amount": amount, "age": age, "housing": housing, "purpose": purpose})


def columns(names, matrix):
    return {name: list(map(float, column)) for name, column in zip(names, matrix.T)}


fitted = table.iloc[:train]
numeric, names = ["amount", "age"], ["housing", "purpose"]
result = {
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "trainingRows": train,
    "amount": [None if numpy.isnan(v) else float(v) for v in amount],
    "age": age.tolist(),
    "housing": housing.tolist(),
    "purpose": purpose.tolist(),
    "weights": weights.tolist(),
}
for key, scaler in [
    ("standard", StandardScaler()),
    ("robust", RobustScaler()),
    ("minMax", MinMaxScaler()),
]:
    pipe = make_pipeline(SimpleImputer(strategy="median"), scaler).fit(fitted[numeric])
    result[key] = columns(numeric, pipe.transform(table[numeric]))
# Weighted fits: whole weights are repeats of a row.
repeated = fitted.loc[fitted.index.repeat(weights[:train].astype(int))]
pipe = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(repeated[numeric])
result["weighted"] = columns(numeric, pipe.transform(table[numeric]))
pipe = make_pipeline(SimpleImputer(strategy="mean"), StandardScaler()).fit(fitted[numeric])
result["meanImputed"] = columns(numeric, pipe.transform(table[numeric]))
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(fitted[names])
labels = [f"{name}={level}" for name, levels in zip(names, encoder.categories_) for level in levels]
result["oneHot"] = columns(labels, encoder.transform(table[names]))
pathlib.Path(__file__).with_name("encoder.json").write_text(json.dumps(result))
