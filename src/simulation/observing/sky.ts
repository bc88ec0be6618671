import { pixelAt } from '../log-wavelength.ts';
import { addGaussian } from '../profiles.ts';

/**
 * The night sky as a fibre of 3″ sees it at Apache Point. Lines are given as vacuum Å and height (10⁻¹⁷ erg/s/cm²/Å)
 * at SDSS resolution, alternating. First atomic airglow and the mercury and sodium of street lights.
 */
const ATOMIC_LINES: readonly number[] = [
  4047.8, 15, 4359.6, 40, 5200.5, 7, 5462.3, 25, 5578.9, 1000, 5771.2, 5, 5891.6, 65, 5897.6, 40, 6302.0, 200, 6365.5,
  65,
];

/**
 * OH, the Meinel bands: wavelengths and relative strengths after Osterbrock et al. (1996, PASP 108, 277) and Hanuschik
 * (2003, A&A 407, 1157), blends merged; heights scaled to the sky spectra in SDSS files.
 */
const HYDROXYL_LINES: readonly number[] = [
  6239.3, 6, 6261.5, 6, 6289.4, 6, 6331.6, 4, 6500.6, 6, 6534.9, 5, 6555.5, 5, 6579.2, 4, 6834.5, 8, 6865.9, 15, 6902.8,
  9, 6925.2, 12, 6951.0, 10, 6980.3, 7, 7005.0, 4, 7243.2, 16, 7278.5, 35, 7285.2, 12, 7305.7, 7, 7318.3, 26, 7331.2, 9,
  7342.9, 32, 7360.7, 8, 7371.4, 22, 7403.9, 12, 7440.5, 5, 7475.8, 10, 7485.5, 9, 7526.4, 30, 7559.6, 6, 7573.8, 22,
  7588.2, 8, 7600.5, 20, 7630.7, 14, 7664.5, 7, 7716.9, 36, 7725.0, 6, 7752.9, 44, 7761.6, 16, 7781.4, 14, 7796.3, 38,
  7810.6, 12, 7823.7, 44, 7843.7, 12, 7856.5, 36, 7872.1, 22, 7882.7, 10, 7891.7, 16, 7916.0, 58, 7933.5, 12, 7951.4,
  14, 7966.8, 50, 7982.0, 16, 7995.5, 52, 8016.3, 12, 8028.0, 34, 8054.5, 7, 8064.3, 16, 8104.7, 6, 8289.8, 36, 8300.4,
  42, 8312.8, 12, 8347.1, 90, 8354.7, 16, 8366.9, 12, 8384.4, 22, 8401.5, 80, 8417.5, 26, 8432.5, 90, 8454.6, 22,
  8467.7, 52, 8495.9, 14, 8507.1, 30, 8542.2, 6, 8550.9, 11, 8768.5, 62, 8780.0, 68, 8793.5, 19, 8829.6, 130, 8838.3,
  60, 8852.2, 17, 8870.0, 33, 8888.3, 95, 8905.6, 36, 8922.1, 105, 8945.9, 32, 8960.5, 78, 8990.9, 20, 9003.8, 44,
  9041.0, 10, 9052.0, 20, 9105.0, 7, 9313.6, 60, 9325.5, 50, 9340.4, 17, 9378.5, 100, 9387.8, 38, 9404.6, 18, 9422.7,
  28, 9442.2, 68, 9461.1, 30, 9479.5, 75, 9505.4, 26, 9522.0, 60, 9555.2, 17, 9570.0, 34, 9623.6, 17, 9673.0, 14,
  9701.8, 40, 9722.0, 55, 9740.9, 20, 9794.2, 95, 9813.3, 16, 9851.2, 30, 9874.8, 70, 9897.5, 34, 9917.4, 72, 9952.0,
  90, 10015.8, 90, 10027.1, 40, 10064.0, 26, 10085.2, 60, 10126.8, 70, 10174.7, 80, 10192.2, 75, 10212.9, 85, 10231.4,
  50, 10289.7, 140,
];

/** The broad bands of O₂ (0–1, 8645 Å) and of sodium lamps: centre, σ (Å), height. */
const BANDS: readonly (readonly [number, number, number])[] = [
  [8632, 9, 45],
  [8660, 12, 42],
  [5900, 60, 4],
  [5690, 12, 5],
];

/** Sky continuum, 10⁻¹⁷ erg/s/cm²/Å: 21.3 mag/arcsec² in V over 7 arcsec². */
const CONTINUUM = 6;

/** σ of the spectrograph in pixels of 10⁻⁴ dex. */
const RESOLUTION = 1;

/**
 * Mean sky flux at the given pixels (10⁻¹⁷ erg/s/cm²/Å).
 *
 * @param first number of the first pixel
 */
export function skySpectrum(first: number, wavelength: Float64Array): Float64Array {
  const sky = new Float64Array(wavelength.length).fill(CONTINUUM);
  for (const lines of [ATOMIC_LINES, HYDROXYL_LINES]) {
    for (let k = 0; k < lines.length; k += 2) addGaussian(sky, pixelAt(lines[k]) - first, RESOLUTION, lines[k + 1]);
  }
  for (const [centre, sigma, height] of BANDS) {
    addGaussian(sky, pixelAt(centre) - first, pixelAt(centre + sigma) - pixelAt(centre), height);
  }
  return sky;
}
