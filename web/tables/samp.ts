/**
 * Web SAMP (IVOA SAMP 1.3, §5): hands a table to TOPCAT or whatever else a hub on the reader's own machine knows. A page
 * reaches the hub by XML-RPC on a fixed port; the hub asks its user whether the page may register.
 */
import { UserError } from '../../src/base/index.ts';

const HUB = 'http://localhost:21012/';
/** Milliseconds; a hub on the same machine answers at once. */
const PATIENCE = 1500;

type XmlValue = string | { readonly [name: string]: XmlValue };

/** Sends a request to the hub; tests put another in its place. */
export type Post = (url: string, body: string, patience: number | null) => Promise<string>;

/** Whether a hub answers. Asks nothing of its user. */
export async function hubAnswers(post: Post = fetchPost): Promise<boolean> {
  try {
    readResponse(await post(HUB, xmlCall('samp.webhub.ping', []), PATIENCE));
    return true;
  } catch {
    return false;
  }
}

export interface TableToSend {
  /** As TOPCAT lists it. */
  readonly name: string;
  readonly votable: Uint8Array;
}

/** Larger tables make requests that hubs refuse. */
const MOST_BYTES = 6_000_000;

/**
 * Sends a VOTable to every program that the hub knows and that reads tables, then leaves the hub.
 *
 * @throws UserError when the table is too large, no hub answers, or its user refuses
 */
export async function sendTable({ name, votable }: TableToSend, post: Post = fetchPost): Promise<void> {
  if (votable.length > MOST_BYTES) {
    throw new UserError(
      'The table is too large to be sent (more than 6 MB): select fewer objects, or export a VOTable and open it in TOPCAT.',
    );
  }
  const call = async (method: string, parameters: readonly XmlValue[]) => {
    // Registering waits for the user of the hub, who may be looking for its window.
    return readResponse(await reached(post, xmlCall(method, parameters)));
  };
  const { 'samp.private-key': key } = await call('samp.webhub.register', [{ 'samp.name': 'Lightfold' }]);
  if (key === undefined) throw new UserError('The SAMP hub answered without a key; restart TOPCAT and try again.');
  const url = `data:application/x-votable+xml;base64,${base64(votable)}`;
  const message = { 'samp.mtype': 'table.load.votable', 'samp.params': { url, name, 'table-id': name } };
  try {
    await call('samp.webhub.notifyAll', [key, message]);
  } finally {
    await call('samp.webhub.unregister', [key]).catch(() => undefined);
  }
}

async function reached(post: Post, body: string): Promise<string> {
  try {
    return await post(HUB, body, null);
  } catch {
    throw new UserError('No SAMP hub answers: start TOPCAT, which brings one, and try again.');
  }
}

const fetchPost: Post = async (url, body, patience) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body,
    ...(patience === null ? {} : { signal: AbortSignal.timeout(patience) }),
  });
  if (!response.ok) throw new UserError(`the hub answered HTTP ${response.status}`);
  return response.text();
};

/** @returns the request as XML-RPC writes it */
export function xmlCall(method: string, parameters: readonly XmlValue[]): string {
  const written = parameters.map((value) => `<param>${xmlValue(value)}</param>`).join('');
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${written}</params></methodCall>`;
}

function xmlValue(value: XmlValue): string {
  if (typeof value === 'string') return `<value><string>${escaped(value)}</string></value>`;
  const members = Object.entries(value).map(
    ([name, member]) => `<member><name>${escaped(name)}</name>${xmlValue(member)}</member>`,
  );
  return `<value><struct>${members.join('')}</struct></value>`;
}

/**
 * The texts of a response's struct by their names; nothing else that hubs answer matters here.
 *
 * @throws UserError with the hub's words when it refuses
 */
export function readResponse(xml: string): Readonly<Record<string, string | undefined>> {
  if (!/<methodResponse[\s>]/.test(xml)) throw new UserError('What answers on port 21012 is no SAMP hub.');
  const members = /<member>\s*<name>([^<]*)<\/name>\s*<value>\s*(?:<(?:string|int|i4)>)?([^<]*)/g;
  const texts = Object.fromEntries([...xml.matchAll(members)].map(([, name, text]) => [plain(name), plain(text)]));
  if (/<fault>/.test(xml)) {
    throw new UserError(
      `The SAMP hub refused: ${texts.faultString ?? 'it does not say why'}. Allow the page in TOPCAT.`,
    );
  }
  return texts;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character]);
}

function plain(text: string): string {
  const written = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  return written.replaceAll('&apos;', "'").replaceAll('&amp;', '&').trim();
}

/** Bytes in pieces, since a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
