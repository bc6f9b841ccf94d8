"""Row `study-taiwan`: the work of `candor report examples/taiwan-credit/study.yaml` in Python.

The same families, folds, calibration, evaluation, explanations and figures, in the same amounts as
`Sources/CandorStudy/Runs` has them, each done in the way that is fastest here: folds beside each
other, all repeats of a permutation in one prediction, exact Shapley values over the groups in one
batch, shap's tree explainer for single features of the forest. Candor writes two languages, this
script one.
"""

import html
import itertools
import json
import math
import os
import tempfile
import time
from pathlib import Path

from .protocol import Result, main, version_of

ROOT = Path(__file__).resolve().parents[2]
SEED, FOLDS, TEST_SHARE = 20240101, 5, 0.3
PROTECTED = {"SEX": None, "MARRIAGE": None, "AGE": [25, 40, 60]}
FALSE_GOOD, FALSE_BAD = 5, 1
IMPORTANCE_ROWS, REPEATS = 2_000, 10
EXPLAINED_ROWS, GLOBAL_BACKGROUND, SMALL_BACKGROUND, REFERENCE_ROWS = 24, 200, 50, 200
AUDITED, DESIGNS, DESIGN_ROWS, PATH_NODES = 30, 10, 500, 64
BOOTSTRAP, TRAINING_BOOTSTRAP = 500, 20
GROUPS = {
    "repayment record": ["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"],
    "account balances": [f"BILL_AMT{i}" for i in range(1, 7)],
    "recent payments": [f"PAY_AMT{i}" for i in range(1, 7)],
}


def run(job, patched):
    if patched:
        from sklearnex import patch_sklearn

        patch_sklearn(verbose=False)
    # Imports of the libraries are not timed.
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot  # noqa: F401
    import pandas  # noqa: F401
    import shap  # noqa: F401
    import sklearn.calibration  # noqa: F401
    import sklearn.ensemble  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import sklearn.model_selection  # noqa: F401
    import sklearn.neural_network  # noqa: F401
    import sklearn.svm  # noqa: F401

    warm_up()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        study = Study(job.threads, patched)
        quality = study.run(Path(folder))
    seconds = time.perf_counter() - began
    packages = ["scikit-learn", "shap"] + ["scikit-learn-intelex"] * patched
    name = "sklearnex and shap" if patched else "scikit-learn and shap"
    return Result(seconds, f"{name}, imports and compilation not counted", version_of(*packages), quality=quality)


def warm_up():
    """shap compiles its masks when they are first used; that is not timed either."""
    import numpy as np
    import shap

    rows = np.random.default_rng(1).random((8, 4))
    masker = shap.maskers.Independent(rows, max_samples=8)
    shap.PermutationExplainer(lambda r: r.sum(axis=1), masker, seed=1)(
        rows[:1], max_evals=18, silent=True)


class Encoder:
    """Median, standardising and one-hot columns, on a matrix whose last column is a code."""

    def fit(self, rows):
        import numpy as np

        numbers = rows[:, :-1]
        self.median = np.nanmedian(numbers, axis=0)
        filled = np.where(np.isnan(numbers), self.median, numbers)
        self.mean, self.scale = filled.mean(axis=0), filled.std(axis=0)
        self.scale[self.scale == 0] = 1
        self.levels = np.unique(rows[:, -1])
        return self

    def encode(self, rows):
        import numpy as np

        numbers = np.where(np.isnan(rows[:, :-1]), self.median, rows[:, :-1])
        return np.hstack(
            [(numbers - self.mean) / self.scale, rows[:, -1:] == self.levels])


class Model:
    """An encoder, an estimator and a calibrator."""

    def __init__(self, key, encoder, estimator):
        self.key, self.encoder, self.estimator = key, encoder, estimator

    def margins(self, rows):
        import numpy as np

        encoded = self.encoder.encode(rows)
        if self.key == "forest":
            return self.estimator.predict_proba(encoded)[:, 1]
        if self.key == "network":
            chance = np.clip(self.estimator.predict_proba(encoded)[:, 1], 1e-12, 1 - 1e-12)
            return np.log(chance / (1 - chance))
        return self.estimator.decision_function(encoded)

    def log_odds(self, rows):
        return self.intercept + self.slope * self.margins(rows)

    def probability(self, rows):
        return expit(self.log_odds(rows))


def expit(values):
    import numpy as np

    return 1 / (1 + np.exp(-values))


def estimator(key, seed, threads):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import LinearSVC

    if key == "logistic":
        return LogisticRegression(C=math.inf, solver="lbfgs", max_iter=1_000)
    if key == "svm":
        return LinearSVC(C=1, dual=False, random_state=seed)
    if key == "forest":
        return RandomForestClassifier(
            n_estimators=300, min_samples_leaf=5, max_features="sqrt", n_jobs=threads,
            random_state=seed)
    return MLPClassifier(
        (128, 64), batch_size=200, alpha=1e-3, max_iter=200, early_stopping=True,
        validation_fraction=0.1, n_iter_no_change=10, random_state=seed)


def fit(key, rows, labels, seed, threads):
    import numpy as np

    encoder = Encoder().fit(rows)
    encoded = encoder.encode(rows)
    if key in ("network", "forest"):
        encoded = encoded.astype(np.float32)
    return Model(key, encoder, estimator(key, seed, threads).fit(encoded, labels))


def fold_margins(key, rows, labels, train, test, seed, threads):
    model = fit(key, rows[train], labels[train], seed, threads)
    return model.margins(rows[test])


class Study:
    def __init__(self, threads, patched):
        self.threads, self.patched = threads, patched
        self.stages = {}
        self.clock = time.perf_counter()

    def stage(self, name):
        now = time.perf_counter()
        self.stages[name] = now - self.clock
        self.clock = now

    def run(self, folder):
        import numpy as np

        self.load()
        self.inspect()
        self.stage("data checks")
        self.models, self.out_of_fold = {}, {}
        for key in ("logistic", "svm", "forest", "network"):
            self.train(key)
            self.stage(f"training {key}")
        self.choose()
        self.evaluate()
        self.stage("evaluation")
        self.random = np.random.default_rng(SEED)
        self.explained = {key: self.explain_globally(model) for key, model in self.models.items()}
        self.stage("global explanations")
        self.explain_decisions()
        self.stage("decisions")
        self.write(folder)
        self.stage("report")
        champion = self.tests[self.champion]
        return {
            "auc": champion["auc"], "champion": self.champion,
            "aucs": {key: test["auc"] for key, test in self.tests.items()},
            "stages": self.stages}

    # Data

    def load(self):
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import StratifiedKFold, train_test_split

        frame = pd.read_csv(ROOT / "examples" / "taiwan-credit" / "taiwan-credit.csv.gz")
        self.frame = frame
        self.labels = frame["default.payment.next.month"].to_numpy()
        numeric = [c for c in frame.columns
                   if c not in ("ID", "EDUCATION", "default.payment.next.month", *PROTECTED)]
        self.features = [*numeric, "EDUCATION"]
        self.rows = frame[self.features].to_numpy(np.float64)
        self.train_rows, self.test_rows = train_test_split(
            np.arange(len(frame)), test_size=TEST_SHARE, stratify=self.labels, random_state=SEED)
        splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        self.folds = list(splits.split(self.train_rows, self.labels[self.train_rows]))
        grouped = {name for members in GROUPS.values() for name in members}
        places = {name: i for i, name in enumerate(self.features)}
        self.players = [[i] for i in range(len(self.features))]
        self.groups = [[places[m] for m in members] for members in GROUPS.values()]
        self.groups += [[places[f]] for f in self.features if f not in grouped]
        self.group_names = [*GROUPS, *(f for f in self.features if f not in grouped)]

    def inspect(self):
        import numpy as np
        import pandas as pd

        columns = [*self.features, *PROTECTED]
        self.profile = self.frame[columns].describe().to_dict()
        self.duplicates = int(self.frame[columns].duplicated().sum())
        self.missing = self.frame.isna().sum().to_dict()
        labels = self.labels[self.train_rows]
        self.information = {}
        for name in self.features:
            values = self.frame[name].iloc[self.train_rows]
            bins = pd.qcut(values, 10, duplicates="drop") if values.nunique() > 10 else values
            counts = pd.crosstab(bins, labels).to_numpy() + 0.5
            shares = counts / counts.sum(axis=0)
            self.information[name] = float(
                ((shares[:, 0] - shares[:, 1]) * np.log(shares[:, 0] / shares[:, 1])).sum())

    # Training

    def train(self, key):
        import numpy as np
        from joblib import Parallel, delayed
        from sklearn.linear_model import LogisticRegression

        rows, labels = self.rows[self.train_rows], self.labels[self.train_rows]
        tasks = [(train, test) for train, test in self.folds]
        margins = np.empty(len(rows))
        if key == "forest":
            # The forest fills both cores by itself.
            found = [fold_margins(key, rows, labels, train, test, SEED, self.threads)
                     for train, test in tasks]
            model = fit(key, rows, labels, SEED, self.threads)
        else:
            from threadpoolctl import threadpool_limits

            # Folds and the final fit side by side, with one BLAS thread each.
            everything = np.arange(len(rows))
            with threadpool_limits(1):
                *found, model = Parallel(n_jobs=self.threads, prefer="threads")(
                    [delayed(fold_margins)(key, rows, labels, train, test, SEED, 1)
                     for train, test in tasks]
                    + [delayed(fit)(key, rows[everything], labels, SEED, 1)])
        for (_, test), part in zip(tasks, found):
            margins[test] = part
        platt = LogisticRegression(C=math.inf).fit(margins[:, None], labels)
        model.intercept, model.slope = platt.intercept_[0], platt.coef_[0, 0]
        chance = expit(model.intercept + model.slope * margins)
        order = np.argsort(-chance, kind="stable")
        bads = np.cumsum(labels[order])
        cost = (labels.sum() - bads) * FALSE_GOOD + (np.arange(1, len(rows) + 1) - bads) * FALSE_BAD
        model.cut_off = chance[order][np.argmin(cost)]
        self.models[key], self.out_of_fold[key] = model, chance

    def choose(self):
        from sklearn.metrics import log_loss

        labels = self.labels[self.train_rows]
        self.champion = min(self.models, key=lambda k: log_loss(labels, self.out_of_fold[k]))

    # Evaluation

    def evaluate(self):
        self.tests, self.training = {}, {}
        for key, model in self.models.items():
            chance = model.probability(self.rows[self.test_rows])
            self.tests[key] = self.measures(
                self.labels[self.test_rows], chance, model.cut_off, BOOTSTRAP)
            fitted = model.probability(self.rows[self.train_rows])
            self.training[key] = self.measures(
                self.labels[self.train_rows], fitted, model.cut_off, TRAINING_BOOTSTRAP)
            self.tests[key]["psi"] = stability(self.out_of_fold[key], chance)
        best = self.tests[self.champion]
        for key, test in self.tests.items():
            if key != self.champion:
                test["difference"] = delong_difference(
                    self.labels[self.test_rows], test["chance"], best["chance"])
        self.fairness = self.outcomes_by_group(best)

    def measures(self, labels, chance, cut_off, replicates):
        import numpy as np
        from sklearn.calibration import calibration_curve
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss, roc_curve

        auc, error = delong(labels, chance)
        logit = np.log(chance / (1 - chance))
        slope = LogisticRegression(C=math.inf).fit(logit[:, None], labels)
        order = np.argsort(-chance, kind="stable")
        gains = [float(labels[order][: len(labels) * k // 10].sum() / labels.sum())
                 for k in range(1, 11)]
        return {
            "chance": chance, "auc": auc, "auc_error": error,
            "brier": brier_score_loss(labels, chance), "log_loss": log_loss(labels, chance),
            "roc": roc_curve(labels, chance)[:2],
            "reliability": calibration_curve(labels, chance, n_bins=10, strategy="quantile"),
            "slope": float(slope.coef_[0, 0]), "intercept": float(slope.intercept_[0]),
            "confusion": confusion_matrix(labels, chance >= cut_off).tolist(), "gains": gains,
            "intervals": bootstrap(labels, chance, replicates)}

    def outcomes_by_group(self, test):
        import numpy as np

        labels, refused = self.labels[self.test_rows], test["chance"] >= self.cut_off
        found = {}
        for name, edges in PROTECTED.items():
            values = self.frame[name].to_numpy()[self.test_rows]
            groups = np.digitize(values, edges) if edges else values
            for group in np.unique(groups):
                inside = groups == group
                found[f"{name} {group}"] = {
                    "rows": int(inside.sum()), "approved": float(1 - refused[inside].mean()),
                    "bads": float(labels[inside].mean()),
                    "true positive rate": float(refused[inside & (labels == 1)].mean())
                    if (inside & (labels == 1)).any() else None}
        return found

    @property
    def cut_off(self):
        return self.models[self.champion].cut_off

    # Explanations

    def explain_globally(self, model):
        import numpy as np
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import train_test_split

        test = self.test_rows
        chosen, _ = train_test_split(
            test, train_size=IMPORTANCE_ROWS, stratify=self.labels[test], random_state=SEED)
        rows, labels = self.rows[chosen], self.labels[chosen]
        values = model.log_odds(rows)
        single = self.importance(model, rows, labels, values, self.players)
        grouped = self.importance(model, rows, labels, values, self.groups)
        few = rows[self.random.choice(len(rows), EXPLAINED_ROWS, replace=False)]
        background = self.rows[self.random.choice(self.train_rows, GLOBAL_BACKGROUND, replace=False)]
        shapley = self.shapley(model, few, background)
        encoded = model.encoder.encode(rows)
        line = LinearRegression().fit(encoded, values)
        halves = [LinearRegression().fit(encoded[a::2], values[a::2]).score(
            encoded[1 - a :: 2], values[1 - a :: 2]) for a in (0, 1)]
        found = {
            "importance": single, "groups": grouped, "shapley": np.abs(shapley).mean(axis=0),
            "line": (line.score(encoded, values), halves)}
        if model.key == "network":
            found["gradients"] = integrated_gradients(model, few, background)
        return found

    def importance(self, model, rows, labels, values, players):
        """AUC lost when a player's columns are dealt anew; all repeats in one prediction."""
        import numpy as np

        base = auc_of(labels, values)
        orders = [self.random.permutation(len(rows)) for _ in range(REPEATS)]
        found = []
        for columns in players:
            stacked = np.tile(rows, (REPEATS, 1))
            for repeat, order in enumerate(orders):
                part = slice(repeat * len(rows), (repeat + 1) * len(rows))
                stacked[part, columns] = rows[order][:, columns]
            scores = model.log_odds(stacked).reshape(REPEATS, -1)
            drops = [base - auc_of(labels, score) for score in scores]
            found.append((float(np.mean(drops)), float(np.std(drops, ddof=1) / REPEATS**0.5)))
        return found

    def shapley(self, model, rows, background):
        """Shapley values of single features by the explainer that suits the family."""
        import numpy as np
        import shap

        if model.key in ("logistic", "svm"):
            explainer = shap.LinearExplainer(model.estimator, model.encoder.encode(background))
            return self.by_feature(explainer.shap_values(model.encoder.encode(rows)))
        small = background[self.random.choice(len(background), SMALL_BACKGROUND, replace=False)]
        if model.key == "forest":
            explainer = shap.TreeExplainer(
                model.estimator, model.encoder.encode(small), model_output="probability")
            values = np.asarray(explainer.shap_values(
                model.encoder.encode(rows), check_additivity=False))
            return self.by_feature(values[..., 1])
        explainer = shap.PermutationExplainer(
            model.log_odds, shap.maskers.Independent(small, max_samples=len(small)), seed=SEED)
        # Two orders forth and back over all background rows.
        count = 2 * (2 * rows.shape[1] + 1)
        return explainer(rows, max_evals=count, batch_size=count, silent=True).values

    def by_feature(self, values):
        """Adds up the one-hot columns of the last feature."""
        import numpy as np

        last = len(self.features) - 1
        return np.column_stack([values[:, :last], values[:, last:].sum(axis=1)])

    def explain_decisions(self):
        import numpy as np

        model, chance = self.models[self.champion], self.tests[self.champion]["chance"]
        out_of_fold = self.out_of_fold[self.champion]
        approved = np.flatnonzero(out_of_fold < self.cut_off)
        nearest = approved[np.argsort(-out_of_fold[approved], kind="stable")]
        reference = self.rows[self.train_rows[nearest[:REFERENCE_ROWS]]]
        background = self.rows[self.random.choice(self.train_rows, GLOBAL_BACKGROUND, replace=False)]
        order = np.argsort(chance, kind="stable")
        refused = order[chance[order] >= self.cut_off]
        accepted = order[chance[order] < self.cut_off]
        shown = [refused[len(refused) // 2], refused[0], accepted[len(accepted) // 2]]
        audited = np.sort(refused)[np.arange(AUDITED) * len(refused) // AUDITED]
        self.decisions = []
        for place in shown:
            row = self.rows[self.test_rows[place]]
            values = self.exact_groups(model, row, reference)
            self.decisions.append({
                "chance": float(chance[place]), "values": values,
                "surrogate": self.surrogate(model, row, background),
                "sufficient": self.sufficiency(model, row, reference, values),
                "deletion": self.deletion(model, row, reference, values)})
        counts, flips = dict.fromkeys(self.group_names, 0), 0
        for place in audited:
            row = self.rows[self.test_rows[place]]
            values = self.exact_groups(model, row, reference)
            for j in reasons(values):
                counts[self.group_names[j]] += 1
            flips += self.sufficiency(model, row, reference, values)
        self.audit = {"counts": counts, "flip rate": flips / AUDITED}

    def exact_groups(self, model, row, reference):
        """Exact Shapley values of the groups: all coalitions in one prediction."""
        import numpy as np

        count = len(self.groups)
        coalitions = list(itertools.product([False, True], repeat=count))
        stacked = np.tile(reference, (len(coalitions), 1))
        for c, coalition in enumerate(coalitions):
            part = stacked[c * len(reference) : (c + 1) * len(reference)]
            for group, inside in zip(self.groups, coalition):
                if inside:
                    part[:, group] = row[group]
        means = model.log_odds(stacked).reshape(len(coalitions), -1).mean(axis=1)
        worth = dict(zip(coalitions, means))
        values = np.zeros(count)
        for coalition in coalitions:
            size = sum(coalition)
            for j in range(count):
                if not coalition[j]:
                    joined = coalition[:j] + (True,) + coalition[j + 1 :]
                    weight = (math.factorial(size) * math.factorial(count - size - 1)
                              / math.factorial(count))
                    values[j] += weight * (worth[joined] - worth[coalition])
        return values

    def surrogate(self, model, row, background):
        """Ten linear fits on rows around the applicant, weighted by how much was replaced."""
        import numpy as np

        fits = []
        for _ in range(DESIGNS):
            kept = self.random.random((DESIGN_ROWS, len(self.groups))) < 0.5
            rows = np.tile(row, (DESIGN_ROWS, 1))
            donors = background[self.random.integers(len(background), size=DESIGN_ROWS)]
            for j, group in enumerate(self.groups):
                away = ~kept[:, j]
                rows[np.ix_(away, group)] = donors[np.ix_(away, group)]
            weights = np.sqrt(np.exp(-(1 - kept.mean(axis=1)) / 0.75**2))
            encoded = np.column_stack([np.ones(DESIGN_ROWS), model.encoder.encode(rows)])
            values = model.log_odds(rows)
            fits.append(np.linalg.lstsq(
                encoded * weights[:, None], values * weights, rcond=None)[0])
        return np.mean(fits, axis=0)

    def sufficiency(self, model, row, reference, values):
        import numpy as np

        rows = np.tile(row, (len(reference), 1))
        for j in reasons(values):
            rows[:, self.groups[j]] = reference[:, self.groups[j]]
        limit = math.log(self.cut_off / (1 - self.cut_off))
        return bool(model.log_odds(rows).mean() < limit)

    def deletion(self, model, row, reference, values):
        import numpy as np

        areas = []
        for order in (np.argsort(-values), np.argsort(values)):
            steps = [np.tile(row, (len(reference), 1))]
            for j in order:
                following = steps[-1].copy()
                following[:, self.groups[j]] = reference[:, self.groups[j]]
                steps.append(following)
            curve = model.log_odds(np.vstack(steps)).reshape(len(steps), -1).mean(axis=1)
            areas.append(float(np.trapezoid(curve) / (len(steps) - 1)))
        return areas

    # Report

    def write(self, folder):
        import joblib
        import numpy as np
        from matplotlib.figure import Figure

        test = self.tests[self.champion]
        labels = self.labels[self.test_rows]
        draws = {
            "roc": lambda a: [a.plot(*t["roc"], label=k) for k, t in self.tests.items()],
            "calibration": lambda a: a.plot(*test["reliability"][::-1], "o-"),
            "gains": lambda a: a.plot(range(1, 11), test["gains"]),
            "scores": lambda a: [a.hist(test["chance"][labels == k], 40, alpha=0.5) for k in (0, 1)],
            "families": lambda a: a.errorbar(
                [t["auc"] for t in self.tests.values()], range(4),
                xerr=[1.96 * t["auc_error"] for t in self.tests.values()], fmt="o"),
            "importance": lambda a: a.barh(
                self.features, [v for v, _ in self.explained[self.champion]["importance"]]),
            "verdicts": lambda a: a.bar(list(self.audit["counts"]), self.audit["counts"].values())}
        for i, decision in enumerate(self.decisions):
            draws[f"decision-{i + 1}"] = lambda a, d=decision: a.barh(self.group_names, d["values"])
        for name, draw in draws.items():
            figure = Figure(figsize=(6, 4))
            draw(figure.subplots())
            figure.savefig(folder / f"{name}.svg")
        plain = {
            "champion": self.champion, "profile": self.profile, "information": self.information,
            "missing": self.missing, "duplicates": self.duplicates, "fairness": self.fairness,
            "audit": self.audit, "decisions": self.decisions,
            "tests": {k: {n: v for n, v in t.items() if n not in ("chance", "roc", "reliability")}
                      for k, t in self.tests.items()}, "explained": self.explained}
        text = json.dumps(plain, indent=1, default=lambda v: np.asarray(v).tolist())
        (folder / "report.json").write_text(text)
        (folder / "report.html").write_text(
            "<h1>Report</h1><pre>" + html.escape(text) + "</pre>" + "".join(
                (folder / f"{name}.svg").read_text() for name in draws))
        joblib.dump(self.models[self.champion], folder / "model.joblib")
        loaded = joblib.load(folder / "model.joblib")
        again = loaded.probability(self.rows[self.test_rows])
        # scikit-learn adds up trees in the order in which threads end.
        assert np.allclose(again, test["chance"], atol=1e-9), "the loaded model scores otherwise"
        assert os.path.getsize(folder / "report.html") > 0


def reasons(values):
    """At most four groups that push towards refusal, the strongest first."""
    import numpy as np

    return [j for j in np.argsort(-values)[:4] if values[j] > 0]


def auc_of(labels, scores):
    import numpy as np
    from scipy.stats import rankdata

    ranks, bads = rankdata(scores), labels == 1
    count = np.count_nonzero(bads)
    return (ranks[bads].sum() - count * (count + 1) / 2) / (count * (len(labels) - count))


def placements(labels, scores):
    """Each bad's share of goods below it, and each good's share of bads above it."""
    from scipy.stats import rankdata

    bads, goods = scores[labels == 1], scores[labels == 0]
    both = rankdata(scores)
    above = (both[labels == 1] - rankdata(bads)) / len(goods)
    below = 1 - (both[labels == 0] - rankdata(goods)) / len(bads)
    return above, below


def delong(labels, scores):
    above, below = placements(labels, scores)
    variance = above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)
    return float(above.mean()), float(math.sqrt(variance))


def delong_difference(labels, first, second):
    (a, b), (c, d) = placements(labels, first), placements(labels, second)
    variance = (a - c).var(ddof=1) / len(a) + (b - d).var(ddof=1) / len(b)
    return float(a.mean() - c.mean()), float(math.sqrt(variance))


def bootstrap(labels, chance, replicates):
    """Intervals of the Kolmogorov–Smirnov distance and average precision, without sorting anew."""
    import numpy as np

    random = np.random.default_rng(SEED)
    order = np.argsort(-chance, kind="stable")
    bads = labels[order]
    n, found = len(labels), []
    for _ in range(replicates):
        weights = np.bincount(random.integers(n, size=n), minlength=n)
        hits = np.cumsum(weights * bads)
        drawn = np.cumsum(weights)
        total = hits[-1]
        distance = np.max(np.abs(hits / total - (drawn - hits) / (n - total)))
        precision = np.sum(weights * bads * hits / np.maximum(drawn, 1)) / total
        found.append((distance, precision))
    return np.quantile(found, [0.025, 0.975], axis=0).tolist()


def stability(before, after):
    import numpy as np

    edges = np.quantile(before, np.linspace(0, 1, 11)[1:-1])
    shares = [np.maximum(np.bincount(np.digitize(v, edges), minlength=10) / len(v), 1e-6)
              for v in (before, after)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def integrated_gradients(model, rows, background):
    """Gradients of the net along straight paths, and at the rows."""
    import numpy as np

    start = model.encoder.encode(background).mean(axis=0)
    encoded = model.encoder.encode(rows)
    nodes, weights = np.polynomial.legendre.leggauss(PATH_NODES)
    total = np.zeros_like(encoded)
    for node, weight in zip((nodes + 1) / 2, weights / 2):
        total += weight * net_gradient(model.estimator, start + node * (encoded - start))
    return np.abs(total * (encoded - start)).mean(axis=0), np.abs(
        net_gradient(model.estimator, encoded) * (encoded - start)).mean(axis=0)


def net_gradient(net, rows):
    """The log-odds' gradient by its inputs, through the ReLU layers."""
    import numpy as np

    states, value = [], rows
    for weights, bias in zip(net.coefs_[:-1], net.intercepts_[:-1]):
        value = np.maximum(value @ weights + bias, 0)
        states.append(value > 0)
    gradient = np.broadcast_to(net.coefs_[-1][:, 0], (len(rows), len(net.coefs_[-1])))
    for weights, state in zip(reversed(net.coefs_[:-1]), reversed(states)):
        gradient = (gradient * state) @ weights.T
    return gradient


TOOLS = {
    "scikit-learn": lambda job: run(job, patched=False),
    "sklearnex": lambda job: run(job, patched=True),
}

if __name__ == "__main__":
    main(TOOLS)
