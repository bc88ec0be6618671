/**
 * The encoder that sees noise and gaps: latents are fitted through the decoder to the observed pixels with their
 * inverse variances, from the best of some anchors in latent space. Neither infill nor the encoder network takes part;
 * the network only trains the decoder.
 */
import { gatherRows } from '../../base/index.ts';
import {
  divide,
  greater,
  input,
  multiply,
  parameter,
  square,
  subtract,
  type Tensor,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { scalingParameters } from '../autoencoder/graphs.ts';
import { decodeScaled, type MirroredNetwork } from '../autoencoder/network.ts';
import { denseTensors } from '../layers/dense.ts';
import { fittedLatents, nearestAnchors } from '../layers/latent-fit.ts';
import { denseWithTangents } from '../layers/tangents.ts';
import type { EncoderGraph, FitContext, FitData, ModelShape, Parameters } from '../model.ts';

/** Points that fits may start from. */
const ANCHORS = 256;

export function refinedEncoder({ pixels, latents }: ModelShape, network: MirroredNetwork, steps: number): EncoderGraph {
  const flux = input('flux', ['N', pixels]);
  const ivar = input('ivar', ['N', pixels]);
  const { meanSpectrum, fluxScale } = scalingParameters(pixels);
  const spectra = where(greater(ivar, 0), divide(subtract(flux, meanSpectrum), fluxScale), 0);
  const weights = multiply(ivar, square(fluxScale));
  const anchors = parameter('anchors', [ANCHORS, latents]);
  const anchorSpectra = parameter('anchorSpectra', [ANCHORS, pixels]);
  const decoder = network.decoder.map(denseTensors);
  const { mean, covariance } = fittedLatents({
    spectra,
    weights,
    steps,
    start: nearestAnchors({ spectra, weights }, anchors, anchorSpectra),
    decode: (latent) => denseWithTangents(decoder, network.activation, latent),
  });
  return { inputs: { flux, ivar }, outputs: { latentMean: mean, latentCovariance: covariance } };
}

/**
 * Anchors as the latent means that the plain encoder gives for held-out spectra, spread evenly over them and repeated
 * where they are fewer, and the scaled spectra that they decode to.
 */
export async function anchorsOf(
  encoder: EncoderGraph,
  network: MirroredNetwork,
  parameters: Parameters,
  data: FitData,
  { runtime }: FitContext,
): Promise<Parameters> {
  const { latentMean } = encoder.outputs;
  const latents = Number(latentMean.shape[1]);
  const pixels = data.flux.columns;
  const chosen = Array.from({ length: ANCHORS }, (_, k) => Math.floor((k * data.flux.rows) / ANCHORS));
  const parameterValues = Object.fromEntries(
    Object.entries(parameters).map(([name, { data: values }]) => [name, values]),
  );
  const load = (outputs: Readonly<Record<string, Tensor>>) =>
    runtime.createSession(writeOnnx({ name: 'anchors', outputs, parameterValues }));
  const encode = await load({ latentMean });
  const decode = await load({ spectra: decodeScaled(network, input('latent', ['N', latents])) });
  const anchors = new Float32Array(ANCHORS * latents);
  const spectra = new Float32Array(ANCHORS * pixels);
  await encode.run(
    { flux: gatherRows(data.flux, chosen).data, ivar: gatherRows(data.ivar, chosen).data },
    { latentMean: anchors },
  );
  await decode.run({ latent: anchors }, { spectra });
  await encode.release();
  await decode.release();
  return {
    anchors: { shape: [ANCHORS, latents], data: anchors },
    anchorSpectra: { shape: [ANCHORS, pixels], data: spectra },
  };
}
