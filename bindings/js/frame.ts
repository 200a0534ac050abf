// Frames: a few byte segments with their lengths (docs/frames.md). Only the byte layout lives here;
// what the segments mean is in control.ts.

/** Thrown for bytes that are not a frame; `message` says where they end or disagree. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const u32_bytes = 4;

/**
 * One frame of the given segments, in their order.
 * @throws FrameError without segments, or when the frame would pass 4 GiB.
 */
export function encodeFrame(segments: readonly Uint8Array[]): Uint8Array {
  if (segments.length === 0) {
    throw new FrameError('a frame has at least one segment');
  }
  const header_bytes = u32_bytes * (1 + segments.length);
  const size = segments.reduce((sum, segment) => sum + segment.length, header_bytes);
  if (size > 0xffff_ffff) {
    throw new FrameError(`a frame of ${size} bytes passes the limit of 32-bit lengths`);
  }
  const frame = new Uint8Array(size);
  const view = new DataView(frame.buffer);
  view.setUint32(0, segments.length, true);
  let offset = header_bytes;
  for (const [index, segment] of segments.entries()) {
    view.setUint32(u32_bytes * (1 + index), segment.length, true);
    frame.set(segment, offset);
    offset += segment.length;
  }
  return frame;
}

/**
 * The segments of a frame, at least one, as views into `bytes` (not copies).
 * @throws FrameError when the lengths and the bytes disagree in any way.
 */
export function decodeFrame(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < u32_bytes) {
    throw new FrameError(`a frame of ${bytes.length} bytes has no segment count`);
  }
  const count = view.getUint32(0, true);
  if (count === 0) {
    throw new FrameError('a frame has at least one segment');
  }
  let offset = u32_bytes * (1 + count);
  if (offset > bytes.length) {
    throw new FrameError(`${count} segment lengths do not fit into ${bytes.length} bytes`);
  }
  const segments: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const end = offset + view.getUint32(u32_bytes * (1 + index), true);
    if (end > bytes.length) {
      throw new FrameError(`segment ${index} ends at ${end}, the frame at ${bytes.length}`);
    }
    segments.push(bytes.subarray(offset, end));
    offset = end;
  }
  if (offset !== bytes.length) {
    throw new FrameError(`${bytes.length - offset} bytes follow the last segment`);
  }
  return segments;
}

/** The segment of that number. @throws FrameError when the frame has none. */
export function segmentAt(segments: readonly Uint8Array[], number: number): Uint8Array {
  const segment = segments[number];
  if (segment === undefined) {
    throw new FrameError(`segment ${number} is named, the frame has ${segments.length}`);
  }
  return segment;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of `text`. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes, nothing added or dropped. @throws TypeError for invalid UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
