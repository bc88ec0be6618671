"""Flux-conserving resampling by spectres and specutils: the peer of bench/cases/resample.ts.

usage: resample.py INPUT.npz OUTPUT.npz  ->  {"spectresMs": …, "specutilsMs": …, "library": …}
INPUT holds wave (P), flux (N,P), sigma (N,P), grid (M); OUTPUT gets both libraries' flux and spectres' sigma.
"""
import json
import sys
import time

import astropy.units as u
import numpy as np
import specutils
import spectres
from specutils import Spectrum
from specutils.manipulation import FluxConservingResampler

data = np.load(sys.argv[1])
wave, flux, sigma, grid = data["wave"], data["flux"], data["sigma"], data["grid"]
resampler = FluxConservingResampler()


def by_spectres(f, s):
    return spectres.spectres(grid, wave, f, s, verbose=False)


def by_specutils(f):
    return resampler(Spectrum(spectral_axis=wave * u.AA, flux=f * u.one), grid * u.AA).flux.value


def milliseconds(work):
    start = time.perf_counter()
    result = [work(i) for i in range(len(flux))]
    return 1e3 * (time.perf_counter() - start) / len(flux), result


spectres_ms, ours = milliseconds(lambda i: by_spectres(flux[i], sigma[i]))
specutils_ms, theirs = milliseconds(lambda i: by_specutils(flux[i]))
np.savez(
    sys.argv[2],
    spectresFlux=np.array([f for f, _ in ours]),
    spectresSigma=np.array([s for _, s in ours]),
    specutilsFlux=np.array(theirs),
)
library = f"spectres {getattr(spectres, '__version__', '?')}, specutils {specutils.__version__}"
print(json.dumps({"spectresMs": spectres_ms, "specutilsMs": specutils_ms, "library": library}))
