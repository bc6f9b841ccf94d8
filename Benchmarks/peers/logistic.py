"""Row `logistic-m`: ridge logistic regression, C = 1, to a gradient of 1e-6."""

import numpy as np

from .protocol import Result, Stopwatch, main, version_of

GRADIENT = 1e-6


def fit(job, model, rows, settings, *packages):
    labels = job.labels()
    with Stopwatch() as watch:
        model.fit(rows, labels)
    return Result(
        watch.seconds, settings, version_of(*packages),
        output=np.append(model.coef_[0], model.intercept_[0]),
        quality={"iterations": int(np.max(model.n_iter_))})


def sklearn(solver, sparse=False):
    def run(job):
        from sklearn.linear_model import LogisticRegression

        # Its solvers stop at this tolerance on the largest entry of the mean loss's gradient.
        model = LogisticRegression(C=1, solver=solver, tol=GRADIENT, max_iter=10_000)
        rows = job.sparse() if sparse else job.dense()
        form = "sparse" if sparse else "dense"
        return fit(job, model, rows, f"{solver}, tol 1e-6, {form} float64", "scikit-learn")

    return run


def sklearnex(job):
    """lbfgs on dense rows, the one combination that the extension does not hand back."""
    from sklearnex.linear_model import LogisticRegression

    model = LogisticRegression(C=1, solver="lbfgs", tol=GRADIENT, max_iter=10_000)
    return fit(
        job, model, job.dense(), "lbfgs, tol 1e-6, dense float64", "scikit-learn-intelex")


def liblinear(eps):
    def run(job):
        from liblinear.liblinear import parameter, problem
        from liblinear.liblinearutil import train

        data = problem(np.where(job.labels() == 1, 1.0, -1.0), job.sparse())
        options = parameter(f"-s 0 -c 1 -B 1 -R -e {eps} -q")
        with Stopwatch() as watch:
            model = train(data, options)
        weights = np.array(model.w[: job.layout["width"] + 1]) * model.get_labels()[0]
        return Result(
            watch.seconds, f"-s 0 -e {eps} -B 1 -R, one thread", version_of("liblinear-official"),
            output=weights)

    return run


def statsmodels(job):
    """Without ridge, on columns less one level a category, since it solves the plain system."""
    import statsmodels.api as sm

    layout = job.layout
    dropped = [category["first"] for category in layout["categorical"]]
    kept = np.setdiff1d(np.arange(layout["width"]), dropped)
    dense = job.dense()
    rows = np.empty((len(dense), len(kept) + 1))
    rows[:, 0] = 1
    rows[:, 1:] = dense[:, kept]
    del dense
    labels = job.labels().astype(np.float64)
    model = sm.Logit(labels, rows)
    with Stopwatch() as watch:
        # The tolerance is on the step, and Newton squares the error: 1e-8 would be a step too many.
        found = model.fit(method="newton", tol=1e-3, maxiter=50, disp=0, skip_hessian=True)
    weights = np.zeros(layout["width"])
    weights[kept] = found.params[1:]
    return Result(
        watch.seconds, "Logit newton without ridge, one level a category left out",
        version_of("statsmodels"), output=np.append(weights, found.params[0]),
        quality={"iterations": int(found.mle_retvals["iterations"]), "ridge": 0,
                 "free": kept.tolist()})


TOOLS = {
    "scikit-learn-lbfgs": sklearn("lbfgs"),
    "scikit-learn-lbfgs-sparse": sklearn("lbfgs", sparse=True),
    "scikit-learn-newton-cholesky": sklearn("newton-cholesky"),
    "scikit-learn-newton-cholesky-sparse": sklearn("newton-cholesky", sparse=True),
    "scikit-learn-newton-cg-sparse": sklearn("newton-cg", sparse=True),
    "sklearnex-lbfgs": sklearnex,
    "liblinear-e1e-5": liblinear(1e-5),
    "liblinear-e1e-6": liblinear(1e-6),
    "statsmodels": statsmodels,
}

if __name__ == "__main__":
    main(TOOLS)
