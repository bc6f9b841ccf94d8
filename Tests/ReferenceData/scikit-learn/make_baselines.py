"""Writes baselines.json: scikit-learn's mean AUC on the example sets' given folds.

Run from anywhere with pandas and scikit-learn installed:
    python make_baselines.py [set/family ...]
Families named on the command line (`taiwan-credit/network`) are made anew; the others keep the
values that stand. Without names all are made; taiwan-credit/network takes most of the time.
"""

import json
import pathlib
import sys
import warnings

import numpy
import pandas
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
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
FAMILIES = {
    "logistic": lambda seed: LogisticRegression(C=1, max_iter=5000),
    "linear-svm": lambda seed: LinearSVC(C=1, dual=False, max_iter=100000),
    "forest": lambda seed: RandomForestClassifier(
        200, min_samples_leaf=5, max_features="sqrt", random_state=seed, n_jobs=2),
    "network": lambda seed: MLPClassifier(
        (128, 64), activation="relu", solver="adam", early_stopping=True, random_state=seed),
}
SEEDS = {
    "german-credit": {"logistic": 1, "linear-svm": 1, "forest": 5, "network": 10},
    "taiwan-credit": {"logistic": 1, "linear-svm": 1, "forest": 2, "network": 3},
}


def encoder(x, categorical):
    names = [c for c in x.columns if c in categorical or not pandas.api.types.is_numeric_dtype(x[c])]
    numbers = [c for c in x.columns if c not in names]
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), names), sparse_threshold=0)


def scores(model, x):
    if hasattr(model, "decision_function"):
        return model.decision_function(x)
    return model.predict_proba(x)[:, 1]


def mean_auc(name, family):
    spec = SETS[name]
    table = pandas.read_csv(
        EXAMPLES / name / spec["file"], keep_default_na=False, na_values=[""])
    folds = pandas.read_csv(EXAMPLES / name / "folds.csv").set_index("row")["fold"]
    fold = folds.loc[numpy.arange(1, len(table) + 1)].to_numpy()
    y = (table[spec["target"]].astype(str) == spec["bad"]).to_numpy().astype(int)
    x = table.drop(columns=[spec["target"], *spec["left_out"]])
    x = x.astype({c: str for c in spec["categorical"]})
    by_seed = []
    for seed in range(SEEDS[name][family]):
        parts = []
        for k in sorted(set(fold)):
            train, held = fold != k, fold == k
            model = make_pipeline(encoder(x, spec["categorical"]), FAMILIES[family](seed))
            model.fit(x[train], y[train])
            parts.append(roc_auc_score(y[held], scores(model, x[held])))
        by_seed.append(float(numpy.mean(parts)))
    print(name, family, numpy.mean(by_seed), by_seed, flush=True)
    return {"auc": float(numpy.mean(by_seed)), "seeds": len(by_seed), "bySeed": by_seed}


path = HERE / "baselines.json"
result = json.loads(path.read_text()) if path.exists() else {"meanAUC": {}}
result["versions"] = {
    "scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "pandas": pandas.__version__}
result["how"] = (
    "AUC of the raw score on each of the five given folds, mean over folds and then over seeds 0, "
    "1, ...; encoder fitted on the training folds: median and standard score for numbers, one-hot "
    "with all levels for names. Estimators and columns: make_baselines.py. No tuning.")
for name in SETS:
    for family in FAMILIES:
        if len(sys.argv) == 1 or f"{name}/{family}" in sys.argv[1:]:
            result["meanAUC"].setdefault(name, {})[family] = mean_auc(name, family)
path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
