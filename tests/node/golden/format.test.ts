// The format of golden files loses no byte of a frame, and shows canonical JSON as what it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOf, encodeFrame } from '../../../bindings/js/frame.ts';
import {
  canonical,
  frameOf,
  type GoldenSegment,
  goldenText,
  parseGolden,
  segmentsOf,
} from './golden.ts';

const empty = encodeFrame([bytesOf('{}')]);

function shown(text: string): GoldenSegment | undefined {
  return segmentsOf(encodeFrame([bytesOf('{}'), bytesOf(text)]))[1];
}

function roundTrip(frame: Uint8Array): Uint8Array {
  const text = goldenText({ input: frame, output: empty });
  return frameOf(parseGolden(text).input);
}

test('each kind of segment has its form', () => {
  assert.deepEqual(shown('{"b":1,"a":[true,null,"\\n"]}'), {
    json: { b: 1, a: [true, null, '\n'] },
  });
  assert.deepEqual(shown('a\nb\n'), { lines: ['a', 'b', ''] });
  assert.deepEqual(shown('abc'), { text: 'abc' });
  assert.deepEqual(shown(''), { text: '' });
  const bytes = new Uint8Array([0xff, 0xfe]);
  assert.deepEqual(segmentsOf(encodeFrame([bytes])), [{ base64: '//4=' }]);
});

const foreign = [
  '{ "a":1}',
  '{"a":1,"a":1}',
  '{"a":1.5}',
  '{"a":1e2}',
  '{"a":-0}',
  '{"a":9007199254740993}',
  '{"b":1,"10":1}',
  '{"10":1}',
  '{"a":"\\u0041"}',
  '{"a":"\\ud800"}',
  '{"a":1',
  '"a"',
  '1',
];

for (const text of foreign) {
  test(`text that not everyone writes back alike stays text: ${text}`, () => {
    assert.equal(canonical(text), undefined);
    assert.deepEqual(shown(text), { text });
  });
}

test('any frame comes back byte for byte', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...foreign), fc.json());
  const segment = fc.oneof(fc.uint8Array(), text.map(bytesOf));
  const frame = fc.array(segment, { minLength: 1, maxLength: 5 }).map(encodeFrame);
  fc.assert(
    fc.property(frame, (bytes) => {
      assert.deepEqual(Buffer.from(roundTrip(bytes)), Buffer.from(bytes));
    }),
    { seed: 1 },
  );
});
