"""Randomised PCA by scikit-learn: the peer of bench/cases/pca.ts.

usage: pca.py FLUX.npy COMPONENTS THREADS  ->  {"seconds": …, "explainedVariance": […], "library": …}
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

flux, components, threads = np.load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with threadpool_limits(threads):
    start = time.perf_counter()
    model = PCA(components, svd_solver="randomized", random_state=0).fit(flux)
    seconds = time.perf_counter() - start
print(
    json.dumps(
        {
            "seconds": seconds,
            "explainedVariance": model.explained_variance_.tolist(),
            "library": f"scikit-learn {sklearn.__version__}",
        }
    )
)
