/**
 * What browsers are told about everything that is served. Policies name what the page needs and nothing else: models run as
 * WebAssembly in workers made of blobs, pictures of figures are blobs, and a Web SAMP hub (TOPCAT) listens at port 21012
 * of the reader's machine.
 */
const SAMP_HUB = 'http://127.0.0.1:21012 http://localhost:21012';

export const PAGE_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self' blob:",
  // Charts set styles of their own; a style cannot send anything away, since nothing outside can be loaded.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self' data:",
  'connect-src': `'self' data: blob: ${SAMP_HUB}`,
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
});

/** Of the page that describes the interface: it runs scripts and asks this server, without WebAssembly or a hub. */
export const API_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
});

/** Of every answer. The two of embedding and opening give the page threads of WebAssembly. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
