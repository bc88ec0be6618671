"""Local outlier factor and HDBSCAN by scikit-learn: the peer of bench/cases/lof.ts.

usage: lof.py POINTS.npy NEIGHBOURS CLUSTERED SMALLEST_CLUSTER THREADS   (HDBSCAN takes the first CLUSTERED points)
  ->  {"lofSeconds": …, "largest": …, "hdbscanSeconds": …, "clusters": …, "library": …}
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.cluster import HDBSCAN
from sklearn.neighbors import LocalOutlierFactor
from threadpoolctl import threadpool_limits

points = np.load(sys.argv[1])
neighbours, clustered, smallest, threads = (int(word) for word in sys.argv[2:6])
with threadpool_limits(threads):
    start = time.perf_counter()
    factor = -LocalOutlierFactor(neighbours, n_jobs=threads).fit(points).negative_outlier_factor_
    middle = time.perf_counter()
    labels = HDBSCAN(
        min_cluster_size=smallest, min_samples=neighbours, algorithm="kd_tree", n_jobs=threads, copy=True
    ).fit_predict(points[:clustered])
    end = time.perf_counter()
print(
    json.dumps(
        {
            "lofSeconds": middle - start,
            "largest": float(factor.max()),
            "hdbscanSeconds": end - middle,
            "clusters": int(labels.max()) + 1,
            "library": f"scikit-learn {sklearn.__version__}",
        }
    )
)
