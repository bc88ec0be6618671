"""NMF by scikit-learn (unweighted, multiplicative) and weighted nearly-NMF in numpy: the peers of bench/cases/nmf.ts.

usage: nmf.py FLUX.npy WEIGHTS.npy COMPONENTS ITERATIONS THREADS
  ->  {"sklearnSeconds": …, "nearlySeconds": …, "nearlyChi2": …, "library": …}
"""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.decomposition import NMF
from threadpoolctl import threadpool_limits

flux, weights = np.load(sys.argv[1]), np.load(sys.argv[2])
components, iterations, threads = map(int, sys.argv[3:6])
warnings.simplefilter("ignore")


def nearly(x, w):
    """Green & Bailey (2024), with the products that do not change made once."""
    random = np.random.default_rng(1)
    h = random.uniform(0.1, 2, (components, x.shape[1])).astype(np.float32)
    z = random.uniform(0, 1 / components, (len(x), components)).astype(np.float32)
    weighted = w * x
    for _ in range(iterations):
        b = weighted @ h.T
        z *= np.maximum(b, 0) / ((w * (z @ h)) @ h.T + np.maximum(-b, 0))
        b = z.T @ weighted
        h *= np.maximum(b, 0) / (z.T @ (w * (z @ h)) + np.maximum(-b, 0))
    return float(np.sum(w * (x - z @ h) ** 2, dtype=np.float64) / np.sum(w > 0))


with threadpool_limits(threads):
    start = time.perf_counter()
    NMF(components, init="random", solver="mu", max_iter=iterations, tol=0, random_state=0).fit(np.maximum(flux, 0))
    sklearn_seconds = time.perf_counter() - start
    start = time.perf_counter()
    chi2 = nearly(flux, weights)
    nearly_seconds = time.perf_counter() - start
print(
    json.dumps(
        {
            "sklearnSeconds": sklearn_seconds,
            "nearlySeconds": nearly_seconds,
            "nearlyChi2": chi2,
            "library": f"scikit-learn {sklearn.__version__}",
            "numpy": f"numpy {np.__version__}",
        }
    )
)
