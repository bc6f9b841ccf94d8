"""The rows, the tools that run each, and what Candor is to reach."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Peer:
    """One tool of a row: how to call it, and what it is called in the table."""

    tool: str
    label: str
    package: str


@dataclass(frozen=True)
class Row:
    """One row of the benchmark."""

    key: str
    title: str
    module: str
    peers: tuple[Peer, ...]
    target: str
    best: float
    """Candor is to take at most the best peer's time divided by this."""
    sklearn: float | None = None
    """And at most the best time of scikit-learn divided by this."""
    quality: str = "auc"
    needs: tuple[str, ...] = field(default=("m",))


def peers(package, *pairs):
    return tuple(Peer(tool, label, package) for tool, label in pairs)


FOREST = (
    Peer("scikit-learn", "scikit-learn", "scikit-learn"),
    Peer("sklearnex", "sklearnex", "scikit-learn-intelex"),
    Peer("ranger", "ranger", "ranger"),
    Peer("lightgbm", "LightGBM rf", "lightgbm"),
    Peer("xgboost", "XGBoost rf", "xgboost"),
)
NET = peers(
    "torch", ("torch-1", "PyTorch eager, 1 thread"), ("torch-2", "PyTorch eager, 2 threads"),
    ("torch-compile-1", "PyTorch compiled, 1 thread"),
    ("torch-compile-2", "PyTorch compiled, 2 threads"),
) + peers(
    "scikit-learn", ("scikit-learn-1", "scikit-learn MLP, 1 thread"),
    ("scikit-learn-2", "scikit-learn MLP, 2 threads"))
APPLICANT = (
    Peer("scikit-learn", "scikit-learn pipeline", "scikit-learn"),
    Peer("onnxruntime", "ONNX Runtime", "onnxruntime"),
)
TREESHAP = (
    Peer("shap", "shap", "shap"),
    Peer("fasttreeshap", "fasttreeshap", "fasttreeshap"),
    Peer("shapiq", "shapiq", "shapiq"),
    Peer("woodelf", "woodelf", "woodelf-explainer"),
    Peer("lightgbm", "LightGBM pred_contrib", "lightgbm"),
    Peer("xgboost", "XGBoost pred_contribs", "xgboost"),
)
SHAPLEY = peers(
    "shap", ("kernel", "shap KernelExplainer"), ("permutation", "shap PermutationExplainer"))

ROWS = (
    Row(
        "load-m", "Load M from CSV into typed columns", "load",
        peers("pandas", ("pandas-c", "pandas, C engine"),
              ("pandas-c-category", "pandas, C engine, category"),
              ("pandas-pyarrow", "pandas, pyarrow engine"),
              ("pandas-pyarrow-arrow", "pandas, pyarrow engine, Arrow types"))
        + peers("polars", ("polars", "Polars"), ("polars-categorical", "Polars, Categorical"))
        + peers("pyarrow", ("pyarrow", "pyarrow"), ("pyarrow-dictionary", "pyarrow, dictionary")),
        "at least 2× the best", 2, quality="load"),
    Row(
        "forest-s", "Forest on S: 200 trees, no depth limit, leaf 5", "forest", FOREST,
        "at least 2× the best at an AUC at most 0.002 below it; at least 8× scikit-learn", 2, 8,
        needs=("s",)),
    Row(
        "forest-m", "Forest on M: 100 trees of depth 12, leaf 5", "forest", FOREST,
        "at least 2× the best at an AUC at most 0.002 below it; at least 10× scikit-learn", 2, 10),
    Row(
        "score-forest", "Scoring by the forest of S", "forest",
        (FOREST[0], FOREST[1], FOREST[4],
         Peer("onnxruntime", "ONNX Runtime", "onnxruntime")),
        "at least 5× the best", 5, needs=("s",)),
    Row(
        "svm-m", "Linear SVM on M, encoded, to a relative objective of 1e-4", "svm",
        peers("liblinear-official", ("liblinear-e0.1", "LIBLINEAR -s 2, eps 0.1"),
              ("liblinear-e0.03", "LIBLINEAR -s 2, eps 0.03"),
              ("liblinear-e0.01", "LIBLINEAR -s 2, eps 0.01"))
        + peers("scikit-learn", ("scikit-learn-tol0.03", "scikit-learn LinearSVC, tol 0.03"),
                ("scikit-learn-tol0.01", "scikit-learn LinearSVC, tol 0.01"),
                ("scikit-learn-tol0.0001", "scikit-learn LinearSVC, tol 1e-4 (default)"))
        + peers("scikit-learn-intelex", ("sklearnex", "sklearnex")),
        "at least 3× the best", 3, quality="objective"),
    Row(
        "logistic-m", "Logistic regression on M, encoded, to a gradient of 1e-6", "logistic",
        peers("scikit-learn", ("scikit-learn-lbfgs", "scikit-learn lbfgs, dense"),
              ("scikit-learn-lbfgs-sparse", "scikit-learn lbfgs, sparse"),
              ("scikit-learn-newton-cholesky", "scikit-learn newton-cholesky, dense"),
              ("scikit-learn-newton-cholesky-sparse", "scikit-learn newton-cholesky, sparse"),
              ("scikit-learn-newton-cg-sparse", "scikit-learn newton-cg, sparse"))
        + peers("scikit-learn-intelex", ("sklearnex-lbfgs", "sklearnex lbfgs"))
        + peers("liblinear-official", ("liblinear-e1e-5", "LIBLINEAR -s 0, eps 1e-5"),
                ("liblinear-e1e-6", "LIBLINEAR -s 0, eps 1e-6"))
        + peers("statsmodels", ("statsmodels", "statsmodels Logit")),
        "at least 3× the best", 3, quality="gradient"),
    Row(
        "net-s", "Net 128-64-1 on S, seconds an epoch", "network", NET,
        "at least 2× the best, same loss curve within the noise of seeds", 2, quality="net",
        needs=("s",)),
    Row(
        "net-m", "Net 128-64-1 on M, seconds an epoch", "network", NET,
        "at least 2× the best, same loss curve within the noise of seeds", 2, quality="net"),
    Row(
        "one-applicant", "One applicant: encode and score by the forest", "applicant", APPLICANT,
        "p99 below 50 µs, at least 20× the best", 20, needs=("s",)),
    Row(
        "one-applicant-logistic", "One applicant: encode and score by logistic regression",
        "applicant", APPLICANT, "p99 below 50 µs, at least 20× the best", 20, needs=("s",)),
    Row(
        "partial-dependence", "Partial dependence and single curves, 20 features, 10,000 rows",
        "effects", (Peer("scikit-learn", "scikit-learn, brute", "scikit-learn"),),
        "at least 20× the best", 20, needs=("s",)),
    Row(
        "shapley-black-box", "Shapley values of one applicant from a net's scores alone, to an "
        "equal standard error", "shapley", SHAPLEY,
        "at least 3× the best", 3, quality="shapley", needs=("s",)),
    Row(
        "shapley-forest-agnostic", "Shapley values of one applicant from a forest's scores alone, "
        "to an equal standard error", "shapley", SHAPLEY,
        "at least 10× the best", 10, quality="shapley", needs=("s",)),
    Row(
        "counterfactuals", "Four ways to be approved, one applicant, forest of depth 12",
        "counterfactuals",
        peers("dice-ml", ("random", "DiCE random"), ("genetic", "DiCE genetic"),
              ("kdtree", "DiCE kd-tree")),
        "at least 30× the best, cheaper changes, always valid", 30, quality="counterfactuals",
        needs=("s",)),
    Row(
        "study-taiwan", "The whole study of examples/taiwan-credit", "study",
        peers("shap", ("scikit-learn", "scikit-learn and shap"),
              ("sklearnex", "sklearnex and shap")),
        "at least 10×", 10, quality="study", needs=()),
    Row(
        "integrated-gradients", "Integrated gradients of the net on S, 10,000 applicants",
        "gradients",
        peers("captum", ("captum", "Captum, 50 steps"),
              ("captum-batch", "Captum, 50 steps, internal batch 10,000")),
        "at least 10× the best, completeness residual at most the best's", 10,
        quality="residual", needs=("s",)),
    Row(
        "saliency", "Saliency of the net on S, 10,000 applicants", "gradients",
        peers("captum", ("captum", "Captum")), "at least 3× the best", 3, quality="residual",
        needs=("s",)),
    Row(
        "permutation-importance",
        "Permutation importance of a forest on S: 23 features × 5 repeats × 10,000 rows",
        "permutation",
        peers("scikit-learn", ("scikit-learn-columns", "scikit-learn, n_jobs=2"),
              ("scikit-learn-forest", "scikit-learn, forest on 2 threads")),
        "at least 20× the best", 20, needs=("s",)),
    Row(
        "treeshap-path", "Path-dependent Shapley values of 1,000 rows, 200 trees of depth 12",
        "treeshap", TREESHAP, "at least 5× the best", 5, quality="treeshap", needs=("s",)),
    Row(
        "treeshap-path-one", "Path-dependent Shapley values of one row, 200 trees of depth 12",
        "treeshap", TREESHAP, "at least 5× the best", 5, quality="treeshap", needs=("s",)),
    Row(
        "treeshap-interventional",
        "Interventional Shapley values of 1,000 rows, 100 background rows, 200 trees of depth 12",
        "treeshap", (TREESHAP[0], TREESHAP[3]), "at least 30× the best", 30, quality="treeshap",
        needs=("s",)),
    Row(
        "decision-reasons", "One decision: score and Shapley values, 200 reference rows",
        "treeshap", TREESHAP[:3],
        "p99 below 3 ms for the raw score, below 10 ms with reasons of certain order", 1, quality="treeshap", needs=("s",)),
    Row(
        "treeshap-million", "1,000,000 decisions with Shapley values, 200 trees of depth 8", "",
        (), "stated, memory flat", 1, quality="treeshap", needs=("s",)),
    Row(
        "surrogates-forest", "Linear surrogates of 1,000 applicants, forest of depth 12",
        "surrogates", peers("lime", ("lime", "LIME")), "at least 12× the best", 12,
        quality="surrogates", needs=("s",)),
    Row(
        "surrogates-net", "Linear surrogates of 1,000 applicants, net 128-64-1", "surrogates",
        peers("lime", ("lime", "LIME")), "at least 12× the best", 12, quality="surrogates",
        needs=("s",)),
    Row(
        "growth", "Cost as the rows grow", "", (),
        "within 1.3 of linear, n log n where sorting is due", 1, quality="growth",
        needs=("growth",)),
)

GROWTH_PARTS = ("load", "forest", "svm", "network")
GROWTH_ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
GROWTH_SORTS = ("forest",)
"""Parts that sort: quantile bins, and the rows of small nodes."""

MOST_AUC_BELOW = 0.002
MOST_AUC_BELOW_OTHER_SPLIT = 0.02
"""The study's test rows are each side's own draw: 9,000 rows, standard error 0.007."""
MOST_OBJECTIVE_ABOVE = 1e-4
MOST_GRADIENT = 1e-6
MOST_DECISION_P99 = {"p99_ms": 3, "reasons_p99_ms": 10, "platt_reasons_p99_ms": 10}
"""Milliseconds of one decision: the raw score's values, and reasons with either calibration."""

MOST_P99_MICROSECONDS = 50
MOST_R_SQUARED_BELOW = 0.05
"""Each side fits its own model, and draws numbers inside a quartile in its own way."""
ONCE_ABOVE_SECONDS = 60

PACKAGES = (
    "scikit-learn", "pandas", "polars", "pyarrow", "scikit-learn-intelex", "lightgbm", "xgboost",
    "liblinear-official", "statsmodels", "torch", "onnxruntime", "skl2onnx", "shap",
    "captum", "shapiq", "woodelf-explainer", "lime",
)
"""What is installed into the virtual environment; scikit-learn and polars also write the data.
fasttreeshap 0.1.6 and dice-ml are left out: they pin versions that break the other peers, and run
where somebody has put them into an environment of their own (CANDOR_BENCHMARK_VENV)."""
