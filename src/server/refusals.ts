import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { UserError } from '../base/index.ts';

/** How a request is turned down: the status of HTTP and a sentence for people. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

/** A request that cannot be answered, with the status that says so. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly statusCode: number;

  constructor(statusCode: number, sentence: string) {
    super(sentence);
    this.statusCode = statusCode;
  }
}

/** Sentences for what the framework refuses in words of its own. */
const FRAMEWORK_SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'the file is larger than the server takes',
  FST_ERR_CTP_EMPTY_TYPE: 'the body has no type; send it as application/octet-stream',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the type of the body is not understood; send it as application/octet-stream',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as its Content-Length says',
  FST_ERR_BAD_URL:
    'the address is not written as addresses are: a % in it is followed by something else than two digits',
};

/** What an error thrown while answering means for whoever asked; null for a bug of ours. */
export function refusalOf(error: unknown): Refusal | null {
  if (hasZodFastifySchemaValidationErrors(error)) return { status: 400, sentence: sentenceOf(error) };
  if (error instanceof UserError) return { status: 422, sentence: error.message };
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500)) return null;
  const code = 'code' in error ? String(error.code) : '';
  return { status, sentence: FRAMEWORK_SENTENCES[code] ?? error.message };
}

/** `header x-file-name: a name is needed`. */
function sentenceOf(error: {
  readonly validationContext?: string | undefined;
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
}): string {
  const places: Readonly<Record<string, string>> = { params: 'address', querystring: 'query', headers: 'header' };
  const { instancePath = '', message = 'it is not understood' } = error.validation[0] ?? {};
  const place = places[error.validationContext ?? ''] ?? 'request';
  return `${[place, ...instancePath.split('/').filter((part) => part !== '')].join(' ')}: ${message}`;
}
