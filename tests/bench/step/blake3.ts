// The core's digest in JavaScript: so that outputs can be compared byte for byte. It is too slow to
// be timed against: plain JavaScript is timed with the host's own SHA-256, which is as long.
import { blake3 } from '@noble/hashes/blake3.js';

/** BLAKE3 of the text's UTF-8 bytes in hex. */
export function blake3Hex(text: string): string {
  return blake3(new TextEncoder().encode(text)).reduce(
    (hex, byte) => hex + byte.toString(16).padStart(2, '0'),
    '',
  );
}
