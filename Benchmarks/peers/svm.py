"""Row `svm-m`: linear SVM with the squared hinge, C = 1, the bias as a regularised column."""

import numpy as np

from .protocol import Result, Stopwatch, main, version_of


def signs(job):
    return np.where(job.labels() == 1, 1.0, -1.0)


def liblinear(solver, eps):
    def run(job):
        from liblinear.liblinear import parameter, problem
        from liblinear.liblinearutil import train

        data = problem(signs(job), job.sparse())
        options = parameter(f"-s {solver} -c 1 -B 1 -e {eps} -q")
        with Stopwatch() as watch:
            model = train(data, options)
        # The weights belong to the label that the solver met first.
        weights = np.array(model.w[: job.layout["width"] + 1]) * model.get_labels()[0]
        return Result(
            watch.seconds, f"-s {solver} -e {eps} -B 1, one thread",
            version_of("liblinear-official"), output=weights)

    return run


def linear_svc(tolerance):
    def run(job):
        from sklearn.svm import LinearSVC

        model = LinearSVC(
            C=1, loss="squared_hinge", dual=False, tol=tolerance, intercept_scaling=1)
        rows, labels = job.sparse(), signs(job)
        with Stopwatch() as watch:
            model.fit(rows, labels)
        return Result(
            watch.seconds, f"LinearSVC dual=False tol={tolerance}, sparse rows",
            version_of("scikit-learn"),
            output=np.append(model.coef_[0], model.intercept_[0]),
            quality={"iterations": int(model.n_iter_)})

    return run


def sklearnex(job):
    """Runs only where the extension has a linear SVM of its own."""
    import sklearnex.svm

    if not hasattr(sklearnex.svm, "LinearSVC"):
        raise SystemExit("sklearnex has no LinearSVC of its own; its SVC solves the kernel form")
    model = sklearnex.svm.LinearSVC(C=1, loss="squared_hinge", dual=False)
    rows, labels = job.dense(), signs(job)
    with Stopwatch() as watch:
        model.fit(rows, labels)
    return Result(
        watch.seconds, "LinearSVC", version_of("scikit-learn-intelex"),
        output=np.append(model.coef_[0], model.intercept_[0]))


TOOLS = {f"liblinear-e{eps}": liblinear(2, eps) for eps in (0.1, 0.03, 0.01)}
TOOLS |= {f"scikit-learn-tol{tol}": linear_svc(tol) for tol in (0.03, 0.01, 0.0001)}
TOOLS["sklearnex"] = sklearnex

if __name__ == "__main__":
    main(TOOLS)
