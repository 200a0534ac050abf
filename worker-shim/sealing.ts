// Sealing: short secrets are encrypted before they are stored, so that nobody reads them from the
// database alone. AES-GCM with 256 bits; what is sealed under one id opens under no other.
import { bytesOf, textOf } from '../bindings/js/frame.ts';
import { hexOf } from './auth/secret.ts';
import type { WebKey } from './auth/web_key.ts';
import { type Ports, sha256 } from './ports.ts';

/** The bytes of keys, 32 each. The current one seals, both open. */
export interface SealingKeys {
  readonly current?: Uint8Array<ArrayBuffer>;
  readonly previous?: Uint8Array<ArrayBuffer>;
}

/** Something is to be sealed where no key is. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
}

interface Key {
  readonly id: string;
  readonly key: WebKey;
}

/** A sealed value as it is stored; nonce and box are base64. */
interface Box {
  readonly key: string;
  readonly nonce: string;
  readonly box: string;
}

const nonce_hex_digits = 24;
const key_id_hex_digits = 16;

/** Seals and opens with the keys of this instance. */
export class Sealing {
  readonly #keys: SealingKeys;
  #imported: Promise<{ current: Key | undefined; previous: Key | undefined }> | undefined;

  constructor(keys: SealingKeys = {}) {
    this.#keys = keys;
  }

  /** Whether there is a key to seal with. */
  get configured(): boolean {
    return this.#keys.current !== undefined;
  }

  /** Id of the key whose values are to be sealed anew; undefined where there is nothing to do. */
  async outdatedKey(): Promise<string | undefined> {
    if (this.#keys.current === undefined || this.#keys.previous === undefined) {
      return undefined;
    }
    const { current, previous } = await this.#all();
    return previous?.id === current?.id ? undefined : previous?.id;
  }

  /** The value as a row of JSON, to be stored under `id`. @throws SealingError without a key */
  async seal(ports: Pick<Ports, 'entropy'>, id: string, value: Uint8Array): Promise<string> {
    const { current } = await this.#all();
    if (current === undefined) {
      throw new SealingError('there is no key to seal with');
    }
    const nonce = bytesOfHex(ports.entropy().slice(0, nonce_hex_digits));
    const plain = value.slice();
    const box = new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, id), current.key, plain));
    const row: Box = { key: current.id, nonce: toBase64(nonce), box: toBase64(box) };
    return JSON.stringify(row);
  }

  /** The text that was sealed under `id`; undefined where the row is damaged or no key fits. */
  async open(id: string, row: string): Promise<string | undefined> {
    const { current, previous } = await this.#all();
    try {
      const { key: key_id, nonce, box } = JSON.parse(row) as Box;
      const key = [current, previous].find((each) => each?.id === key_id)?.key;
      if (key === undefined) {
        return undefined;
      }
      const sealed = fromBase64(box);
      const plain = await crypto.subtle.decrypt(gcm(fromBase64(nonce), id), key, sealed);
      return textOf(new Uint8Array(plain));
    } catch {
      return undefined;
    }
  }

  #all(): Promise<{ current: Key | undefined; previous: Key | undefined }> {
    this.#imported ??= (async () => ({
      current: await imported(this.#keys.current),
      previous: await imported(this.#keys.previous),
    }))();
    return this.#imported;
  }
}

async function imported(bytes: Uint8Array<ArrayBuffer> | undefined): Promise<Key | undefined> {
  if (bytes === undefined) {
    return undefined;
  }
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { id: hexOf(await sha256(bytes)).slice(0, key_id_hex_digits), key };
}

function gcm(
  nonce: Uint8Array<ArrayBuffer>,
  id: string,
): { name: string; iv: Uint8Array<ArrayBuffer>; additionalData: Uint8Array<ArrayBuffer> } {
  return { name: 'AES-GCM', iv: nonce, additionalData: bytesOf(id).slice() };
}

/** The 32 bytes of a key that is written as base64 or hex; undefined where it is neither. */
export function sealingKeyOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return bytesOfHex(text);
  }
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return /^[A-Za-z0-9+/]{43}=?$/.test(base64) ? fromBase64(base64.slice(0, 43)) : undefined;
}

function bytesOfHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
