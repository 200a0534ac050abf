// Reading a body without trusting its length.

/** The first bytes of a body; `cut` when there were more. */
export interface Capped {
  readonly bytes: Uint8Array;
  readonly cut: boolean;
}

/** Reads at most `bytes_max` bytes and cancels the stream as soon as it holds more. */
export async function readCapped(
  stream: ReadableStream<Uint8Array> | null,
  bytes_max: number,
): Promise<Capped> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream?.getReader();
  while (reader !== undefined && size <= bytes_max) {
    const { value } = await reader.read();
    if (value === undefined) {
      return { bytes: joined(chunks, size), cut: false };
    }
    chunks.push(value);
    size += value.length;
  }
  // Nobody waits for the rest; a sender that fails while it is cancelled changes nothing.
  reader?.cancel().catch(() => undefined);
  return { bytes: joined(chunks, size).subarray(0, bytes_max), cut: size > bytes_max };
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
