import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { FileError } from '../base/index.ts';
import { sha256, sha256OfFile } from './checksum.node.ts';
import { crc32 } from './crc32.ts';
import {
  makeFolder,
  readFileBytes,
  requireWritable,
  writeFileAtomically,
  writeFolderAtomically,
} from './files.node.ts';
import { gunzip } from './inflate.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'lightfold-io-'));
after(() => fs.rmSync(folder, { recursive: true }));

describe('a file', () => {
  it('is written whole, folder and all, and read back', () => {
    const path = join(folder, 'new', 'deeper', 'x.bin');
    writeFileAtomically(path, Uint8Array.of(1, 2, 3));
    writeFileAtomically(path, 'text');
    assert.deepEqual(readFileBytes(path), new TextEncoder().encode('text'));
    assert.deepEqual(fs.readdirSync(join(folder, 'new', 'deeper')), ['x.bin']);
  });

  it('that cannot be read or written is named with the reason', () => {
    const missing = join(folder, 'missing.fits');
    assert.throws(() => readFileBytes(missing), new FileError(missing, '', 'there is no such file'));
    assert.throws(() => readFileBytes(folder), /it is a folder, and a file is needed here/);
    const file = join(folder, 'plain');
    writeFileAtomically(file, 'x');
    assert.throws(() => writeFileAtomically(join(file, 'below'), 'x'), FileError);
    assert.throws(() => sha256OfFile(missing), FileError);
  });

  it('of more than 2 GiB is refused kindly', () => {
    const path = join(folder, 'huge.fits');
    fs.closeSync(fs.openSync(path, 'w'));
    fs.truncateSync(path, 2 ** 31);
    assert.throws(() => readFileBytes(path), /huge\.fits: the file holds 2\.0 GiB and files over 2 GiB are not read/);
    fs.rmSync(path);
  });

  it('has the checksum that others compute', () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
    const path = join(folder, 'sum.bin');
    writeFileAtomically(path, bytes);
    const expected = createHash('sha256').update(bytes).digest('hex');
    assert.equal(sha256(bytes), expected);
    assert.equal(sha256OfFile(path), expected);
  });
});

describe('a folder', () => {
  const target = join(folder, 'dataset');
  const fill = (content: string) => async (temporary: string) => {
    fs.mkdirSync(join(temporary, 'shards'));
    fs.writeFileSync(join(temporary, 'shards', 'a'), content);
    return content;
  };
  const content = () => fs.readFileSync(join(target, 'shards', 'a'), 'utf8');
  const leftovers = () => fs.readdirSync(folder).filter((name) => name.includes('dataset') && name !== 'dataset');

  it('appears complete or not at all', async () => {
    const failing = writeFolderAtomically(target, async (temporary) => {
      fs.writeFileSync(join(temporary, 'half'), '');
      throw new Error('stopped midway');
    });
    await assert.rejects(failing, /stopped midway/);
    assert.equal(fs.existsSync(target), false);
    assert.equal(await writeFolderAtomically(target, fill('first')), 'first');
    assert.equal(content(), 'first');
    assert.deepEqual(leftovers(), []);
  });

  it('takes the place of an empty one', async () => {
    const empty = join(folder, 'empty');
    makeFolder(empty);
    await writeFolderAtomically(empty, fill('filled'));
    assert.deepEqual(fs.readdirSync(empty), ['shards']);
  });

  it('is replaced only when asked, and stays when its successor fails', async () => {
    await assert.rejects(writeFolderAtomically(target, fill('second')), /it exists already/);
    assert.equal(content(), 'first');
    const failing = writeFolderAtomically(target, () => Promise.reject(new Error('stopped')), { replace: true });
    await assert.rejects(failing, /stopped/);
    assert.equal(content(), 'first');
    await writeFolderAtomically(target, fill('second'), { replace: true });
    assert.equal(content(), 'second');
    assert.deepEqual(leftovers(), []);
  });
});

describe('what is to be written after long work', () => {
  it('is tried before, and nothing is left behind', () => {
    const place = join(folder, 'before', 'work');
    makeFolder(place);
    for (const kind of ['file', 'folder'] as const) {
      requireWritable(join(place, 'not', 'there', 'yet'), kind);
      requireWritable(join(place, 'new'), kind);
    }
    requireWritable(place, 'folder');
    assert.deepEqual(fs.readdirSync(place), []);
  });

  it('is refused where something of another kind has the name', () => {
    const file = join(folder, 'taken');
    writeFileAtomically(file, 'x');
    requireWritable(file, 'file');
    assert.throws(() => requireWritable(file, 'folder'), /taken: it is a file, and a folder is to be written/);
    assert.throws(() => requireWritable(folder, 'file'), /it is a folder, and a file is to be written/);
    assert.throws(() => requireWritable(join(file, 'below'), 'file'), /a part of its path is a file/);
  });

  it('is refused where the system lets nobody write, and at once', {
    skip: process.platform !== 'linux' && 'needs /proc, of Linux',
  }, () => {
    // Node's own recursive mkdir goes round and round here, deaf to signals.
    assert.throws(() => requireWritable('/proc/x/y', 'folder'), /\/proc\/x\/y: no folder can be made there/);
    assert.throws(() => writeFileAtomically('/proc/x/y', 'x'), /\/proc\/x\/y: no folder can be made there/);
    assert.throws(() => requireWritable('/dev/null', 'file'), /it is neither a file nor a folder/);
  });
});

describe('checksums and compression', () => {
  it('agree with zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const packed = new Uint8Array(gzipSync(bytes));
        const trailer = new DataView(packed.buffer, packed.byteOffset + packed.length - 8);
        assert.equal(crc32(bytes), trailer.getUint32(0, true));
        assert.equal(crc32(bytes.subarray(7), crc32(bytes.subarray(0, 7))), crc32(bytes));
        assert.deepEqual(gunzip(packed, 'x.gz'), bytes);
      }),
    );
  });

  it('take gzip headers with a name, and refuse what does not add up', () => {
    const bytes = new TextEncoder().encode('flux '.repeat(1000));
    const packed = new Uint8Array(gzipSync(bytes));
    const named = Uint8Array.from([
      ...packed.subarray(0, 3),
      8,
      ...packed.subarray(4, 10),
      97,
      0,
      ...packed.subarray(10),
    ]);
    assert.deepEqual(gunzip(named, 'x.gz'), bytes);
    const bomb = packed.slice();
    new DataView(bomb.buffer).setUint32(bomb.length - 4, 2 ** 30, true);
    const other = new Uint8Array(gzipSync('another member'));
    for (const damaged of [
      packed.subarray(0, 40),
      bomb,
      Uint8Array.from([...packed, ...other]),
      packed.subarray(0, 12),
    ]) {
      assert.throws(() => gunzip(damaged, 'x.gz'), FileError);
    }
  });
});
