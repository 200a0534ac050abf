import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  FrameError,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('a frame is a count, lengths and segments, little-endian', () => {
  const frame = encodeFrame([bytes(7, 8, 9), bytes(), bytes(1)]);
  assert.deepEqual([...frame], [3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 7, 8, 9, 1]);
  assert.deepEqual(decodeFrame(frame), [bytes(7, 8, 9), bytes(), bytes(1)]);
});

test('a frame inside a larger buffer is read from its own start', () => {
  const frame = encodeFrame([bytes(5)]);
  const shifted = new Uint8Array(frame.length + 3);
  shifted.set(frame, 3);
  assert.deepEqual(decodeFrame(shifted.subarray(3)), [bytes(5)]);
});

test('no segments is no frame', () => {
  assert.throws(() => encodeFrame([]), FrameError);
  assert.throws(() => decodeFrame(bytes(0, 0, 0, 0)), FrameError);
});

test('every cut of a frame, and every surplus byte, is refused', () => {
  const frame = encodeFrame([bytesOf('{}'), bytes(1, 2, 3)]);
  for (let length = 0; length < frame.length; length += 1) {
    assert.throws(() => decodeFrame(frame.subarray(0, length)), FrameError, `${length} bytes`);
  }
  assert.throws(() => decodeFrame(bytes(...frame, 0)), /1 bytes follow/);
});

test('counts and lengths beyond the frame are refused', () => {
  assert.throws(() => decodeFrame(bytes(255, 255, 255, 255)), /do not fit/);
  assert.throws(() => decodeFrame(bytes(1, 0, 0, 0, 255, 255, 255, 255)), /segment 0 ends at/);
});

test('a segment that the frame does not have is refused', () => {
  assert.deepEqual(segmentAt([bytes(1)], 0), bytes(1));
  assert.throws(() => segmentAt([bytes(1)], 1), /segment 1 is named/);
});

test('text keeps every byte, a byte order mark too, and invalid UTF-8 is refused', () => {
  const text = '\ufeffa\u0000\u4e16';
  assert.equal(textOf(bytesOf(text)), text);
  assert.throws(() => textOf(bytes(0xc0, 0x80)), TypeError);
});
