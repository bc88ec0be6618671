"""Reading and preprocessing SDSS spec-lite files by astropy and specutils: the peer of bench/cases/read-files.ts.

usage: read_files.py FOLDER LO HI N  ->  {"filesPerSecond": …, "readOnlyFilesPerSecond": …, "library": …}
Preprocessing: mask, rest frame, flux-conserving resampling to N log-spaced pixels, normalisation.
"""
import glob
import json
import sys
import time
import warnings

import astropy
import astropy.units as u
import numpy as np
import specutils
from astropy.io import fits
from astropy.nddata import InverseVariance
from specutils import Spectrum
from specutils.manipulation import FluxConservingResampler

warnings.simplefilter("ignore")
folder, lo, hi, n = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
files = sorted(glob.glob(f"{folder}/*.fits"))
grid = np.geomspace(lo, hi, n) * u.AA
resampler = FluxConservingResampler(extrapolation_treatment="nan_fill")


def read(name):
    with fits.open(name, memmap=False) as hdus:
        coadd, z = hdus[1].data, float(hdus[2].data["Z"][0])
        ivar = np.where(coadd["and_mask"] == 0, coadd["ivar"], 0)
        return 10.0 ** coadd["loglam"].astype("f8"), coadd["flux"].astype("f8"), ivar.astype("f8"), z


def preprocess(wavelength, flux, ivar, z):
    spectrum = Spectrum(
        spectral_axis=wavelength / (1 + z) * u.AA, flux=flux * u.one, uncertainty=InverseVariance(ivar)
    )
    resampled = resampler(spectrum, grid)
    return resampled.flux.value / np.nanmean(resampled.flux.value)


def rate(work):
    work(files[0])
    start = time.perf_counter()
    for name in files:
        work(name)
    return len(files) / (time.perf_counter() - start)


read_only = rate(read)
whole = rate(lambda name: preprocess(*read(name)))
print(
    json.dumps(
        {
            "filesPerSecond": whole,
            "readOnlyFilesPerSecond": read_only,
            "library": f"astropy {astropy.__version__} + specutils {specutils.__version__}",
        }
    )
)
