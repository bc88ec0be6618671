/**
 * The encoder and decoder as they go into a run folder: from normalised flux and inverse variance to latents and back,
 * with infill, centring and scaling inside. Inside the network a spectrum is its difference from the mean spectrum of
 * the training split in units of `fluxScale`, the root mean square of those differences over all pixels; starting
 * weights and Adam's steps of 1e-3 then suit spectra of any normalisation. The loss is in the data's own units.
 */
import { add, divide, input, multiply, parameter, subtract, type Tensor, unsqueeze } from '../../graph/index.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { DecoderGraph, EncoderGraph, ModelShape } from '../model.ts';
import { infilled } from '../pca/infill.ts';
import { scatterVariance } from '../scatter/scatter-network.ts';

/** A diagonal Gaussian over latents; both N × Q. */
export interface DiagonalPosterior {
  readonly latentMean: Tensor;
  readonly latentVariance: Tensor;
}

/** What a network model brings to these graphs. Spectra are infilled and scaled ones, N × P. */
export interface Coder {
  encode(spectra: Tensor): DiagonalPosterior;
  decode(latent: Tensor): Tensor;
}

export interface InfillSettings {
  /** Components of the linear model that fills unobserved pixels. */
  readonly infill: number;
  readonly snrCap: number;
}

export function encoderGraph({ pixels, latents }: ModelShape, coder: Coder, settings: InfillSettings): EncoderGraph {
  const flux = input('flux', ['N', pixels]);
  const ivar = input('ivar', ['N', pixels]);
  const { latentMean, latentVariance } = coder.encode(scaledSpectra(flux, ivar, settings));
  const latentCovariance = multiply(unsqueeze(latentVariance, [2]), identityMatrix(latents));
  return { inputs: { flux, ivar }, outputs: { latentMean, latentCovariance } };
}

export function decoderGraph({ pixels, latents }: ModelShape, coder: Coder): DecoderGraph {
  const latent = input('latent', ['N', latents]);
  const { meanSpectrum, fluxScale } = scalingParameters(pixels);
  const flux = add(multiply(coder.decode(latent), fluxScale), meanSpectrum);
  return { inputs: { latent }, outputs: { flux, fluxVariance: scatterVariance(latent, { pixels, latents }) } };
}

/** Normalised flux (N × P) as the network sees it: infilled, centred, scaled. */
function scaledSpectra(flux: Tensor, ivar: Tensor, { infill, snrCap }: InfillSettings): Tensor {
  const { meanSpectrum, fluxScale } = scalingParameters(Number(flux.shape[1]));
  return divide(subtract(infilled(flux, ivar, infill, snrCap), meanSpectrum), fluxScale);
}

/** What brings flux to the network's units: flux = scaled × fluxScale + meanSpectrum. */
export function scalingParameters(pixels: number) {
  return { meanSpectrum: parameter('meanSpectrum', [pixels]), fluxScale: parameter('fluxScale', []) };
}
