// Reading a body without trusting its length.

/** The first bytes of a body; `cut` when there were more. */
export interface Capped {
  readonly bytes: Uint8Array;
  readonly cut: boolean;
}

const first_room = 4_096;

/**
 * Reads at most `bytes_max` bytes and cancels the stream as soon as it holds more, or when `stop`
 * is aborted. Chunks are copied as they come: a body in a million pieces takes no more room than
 * one in a single piece.
 */
export async function readCapped(
  stream: ReadableStream<Uint8Array> | null,
  bytes_max: number,
  stop?: AbortSignal,
): Promise<Capped> {
  let bytes = new Uint8Array(0);
  let size = 0;
  const reader = stream?.getReader();
  // Nobody waits for the rest; a sender that fails while it is cancelled changes nothing.
  const cancel = (): void => void reader?.cancel().catch(() => undefined);
  stop?.addEventListener('abort', cancel, { once: true });
  while (reader !== undefined && size <= bytes_max) {
    const { value } = await reader.read();
    if (value === undefined) {
      return { bytes: bytes.subarray(0, size), cut: false };
    }
    const end = Math.min(size + value.length, bytes_max);
    bytes = withRoom(bytes, end, bytes_max);
    bytes.set(value.subarray(0, end - size), size);
    size += value.length;
  }
  cancel();
  return { bytes: bytes.subarray(0, Math.min(size, bytes_max)), cut: size > bytes_max };
}

// The same bytes with room for `size`, twice as much as before where that is enough.
function withRoom(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  bytes_max: number,
): Uint8Array<ArrayBuffer> {
  if (bytes.length >= size) {
    return bytes;
  }
  const room = Math.max(size, Math.min(Math.max(bytes.length * 2, first_room), bytes_max));
  const larger = new Uint8Array(room);
  larger.set(bytes);
  return larger;
}
