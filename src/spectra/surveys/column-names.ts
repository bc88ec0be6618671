/** How columns of tables of spectra are called, in any case; the likelier names first. */

export const WAVELENGTH = [
  'wavelength',
  'wave',
  'lambda',
  'lam',
  'wl',
  'wave_vac',
  'wave_air',
  'wavelength_vac',
  'wavelength_air',
  'loglam',
  'log_wave',
  'loglambda',
];
export const FLUX = ['flux', 'flam', 'f_lambda', 'flux_density', 'spec', 'spectrum'];
export const IVAR = ['ivar', 'flux_ivar', 'ivar_flux', 'inverse_variance', 'invvar'];
export const ERROR = [
  'error',
  'err',
  'sigma',
  'flux_error',
  'flux_err',
  'fluxerr',
  'e_flux',
  'uncertainty',
  'noise',
  'sig',
  'std',
];
export const REDSHIFT = ['z', 'redshift', 'z_best', 'zbest', 'z_spec'];
