"""Row `counterfactuals`: four different ways to be approved, for one refused applicant at a time."""

import statistics

from .protocol import Result, Stopwatch, main, version_of

APPLICANTS, WANTED, COST_PER_CHANGE = 20, 4, 0.1


class Prices:
    """Candor's prices: the share of training passed, 1 - share of a new level, 0.1 a change."""

    def __init__(self, table, numeric, categorical):
        import numpy as np

        self.numbers = {n: np.sort(table[n].to_numpy()) for n in numeric}
        self.shares = {n: table[n].value_counts(normalize=True) for n in categorical}

    def rank(self, name, value):
        import numpy as np

        sorted_ = self.numbers[name]
        below = np.searchsorted(sorted_, value, "left")
        return (below + np.searchsorted(sorted_, value, "right")) / (2 * len(sorted_))

    def of(self, before, after):
        """The price of a change of one row, and how many cells it changes."""
        cost, changes = 0.0, 0
        for name in self.numbers:
            if abs(float(after[name]) - float(before[name])) > 1e-9 * max(1, abs(before[name])):
                cost += abs(
                    self.rank(name, float(after[name])) - self.rank(name, float(before[name])))
                changes += 1
        for name, shares in self.shares.items():
            if str(after[name]) != str(before[name]):
                cost += 1 - float(shares.get(after[name], 0))
                changes += 1
        return cost + COST_PER_CHANGE * changes, changes


def table_of(job, part):
    """Raw columns without missing cells, which DiCE does not take."""
    import pandas as pd

    shape = job.shape
    names = shape["numeric"] + shape["categorical"]
    types = {n: "float64" for n in shape["numeric"]} | {n: str for n in shape["categorical"]}
    table = pd.read_csv(job.work / "s" / f"{part}.csv", dtype=types)[names]
    middle = table[shape["numeric"]].median()
    table[shape["numeric"]] = table[shape["numeric"]].fillna(middle)
    table[shape["categorical"]] = table[shape["categorical"]].fillna("none")
    return table


def tool(method):
    def run(job):
        import dice_ml
        from sklearn.compose import ColumnTransformer
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OrdinalEncoder

        shape = job.shape
        numeric, categorical = shape["numeric"], shape["categorical"]
        train, test = table_of(job, "train"), table_of(job, "test")
        columns = ColumnTransformer([
            ("numbers", "passthrough", numeric),
            ("texts", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
             categorical)])
        forest = RandomForestClassifier(
            n_estimators=200, max_depth=12, min_samples_leaf=5, max_features="sqrt", n_jobs=job.threads,
            random_state=job.seed)
        whole = make_pipeline(columns, forest).fit(train, job.labels())
        prices = Prices(train, numeric, categorical)
        data = dice_ml.Data(
            dataframe=train.assign(bad=job.labels()), continuous_features=numeric,
            outcome_name="bad")
        explainer = dice_ml.Dice(
            data, dice_ml.Model(model=whole, backend="sklearn"), method=method)
        refused = test[whole.predict_proba(test)[:, 1] >= 0.5].head(APPLICANTS)
        arguments = {"total_CFs": WANTED, "desired_class": 0, "verbose": False}
        if method == "random":
            arguments["random_seed"] = job.seed
        times, costs, changes, valid, complete = [], [], [], 0, 0
        for _, row in refused.iterrows():
            query = row.to_frame().T.astype(train.dtypes)
            try:
                with Stopwatch() as watch:
                    answer = explainer.generate_counterfactuals(query, **arguments)
                found = answer.cf_examples_list[0].final_cfs_df
            except Exception:  # DiCE raises where it finds none.
                found = None
            times.append(watch.seconds if hasattr(watch, "seconds") else 0)
            if found is None or found.empty:
                continue
            complete += len(found) == WANTED
            found = found[numeric + categorical].astype(train.dtypes)
            valid += int((whole.predict_proba(found)[:, 1] < 0.5).sum())
            for _, proposal in found.iterrows():
                cost, count = prices.of(row, proposal)
                costs.append(cost)
                changes.append(count)
        given = max(len(costs), 1)
        return Result(
            statistics.median(times), f"method={method}, total_CFs={WANTED}, n_jobs={job.threads}",
            version_of("dice-ml", "scikit-learn"),
            quality={
                "applicants": len(refused), "validity": valid / given,
                "complete": complete / max(len(refused), 1), "cost": sum(costs) / given,
                "changes": sum(changes) / given})

    return run


TOOLS = {"random": tool("random"), "genetic": tool("genetic"), "kdtree": tool("kdtree")}

if __name__ == "__main__":
    main(TOOLS)
