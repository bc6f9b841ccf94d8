"""Writes clusters.json: linkages of random associations by scipy.cluster.hierarchy, and associations
of columns of mixed type (Spearman by scipy.stats, the others by their published formulas in NumPy).

    python make_clusters.py > clusters.json
"""

import json
import sys

import numpy as np
import scipy
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import chi2_contingency, rankdata, spearmanr


def linkages(random):
    found = []
    for count in (2, 5, 12, 25):
        half = np.triu(random.uniform(size=(count, count)), 1)
        associations = half + half.T + np.eye(count)
        distances = squareform(1 - associations, checks=False)
        for method in ("complete", "average"):
            joins = linkage(distances, method)
            for cut in (0.9, 0.6, 0.3):
                found.append({
                    "associations": associations.ravel().tolist(), "method": method, "cut": cut,
                    "joins": joins.tolist(),
                    "labels": fcluster(joins, 1 - cut, "distance").tolist()})
    return found


def cramers_v(a, b):
    """Bergsma 2013."""
    table = np.array([[np.sum((a == x) & (b == y)) for y in np.unique(b)] for x in np.unique(a)])
    n, (r, c) = table.sum(), table.shape
    phi = chi2_contingency(table, correction=False)[0] / n
    phi = max(0, phi - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return np.sqrt(phi / (min(r, c) - 1))


def ratio(numbers, levels):
    """Kelley 1935, on ranks."""
    ranks = rankdata(numbers)
    groups = [ranks[levels == level] for level in np.unique(levels)]
    between = sum(len(g) * (g.mean() - ranks.mean()) ** 2 for g in groups)
    share = between / np.sum((ranks - ranks.mean()) ** 2)
    n, k = len(ranks), len(groups)
    return np.sqrt(max(0, 1 - (1 - share) * (n - 1) / (n - k)))


def columns(random):
    n = 150
    base = random.normal(size=n)
    numbers = [base, np.round(base + random.normal(size=n), 1), random.normal(size=n)]
    levels = [np.digitize(base + 0.5 * random.normal(size=n), [-0.5, 0.5]),
              random.integers(0, 4, size=n)]
    levels.append((levels[0] + (random.uniform(size=n) < 0.2)) % 3)
    numbers[1][::10] = np.nan
    here = [~np.isnan(x) for x in numbers]
    return {
        "numbers": [[None if np.isnan(x) else x for x in column] for column in numbers],
        "levels": [column.tolist() for column in levels],
        "spearman": [
            abs(spearmanr(numbers[i][here[i] & here[j]], numbers[j][here[i] & here[j]])[0])
            for i in range(3) for j in range(i)],
        "cramer": [cramers_v(levels[i], levels[j]) for i in range(3) for j in range(i)],
        "ratio": [
            ratio(numbers[i][here[i]], levels[j][here[i]]) for i in range(3) for j in range(3)]}


random = np.random.default_rng(7)
json.dump({"version": scipy.__version__, "linkages": linkages(random),
           "columns": columns(random)}, sys.stdout)
