// Reading modules of literals against the real compiler: the core reads, without running a module,
// what the compiled module exports when it runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile } from './compiler.ts';
import { type ModuleAnswer, readModules } from './domain_tool.ts';
import { type Choose, chooser, literalModule, typesModule } from './modules.ts';

const seed = 20261121;

/** A complaint that a module is no TypeScript: what its types allow is no matter here. */
const syntaxError = /^in\/(m\d+)\.ts.* error TS1\d{3}:/;

// What JSON can say of a value: members that are undefined are left out, prototypes are plain.
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asJson);
  assert.ok([Object.prototype, null].includes(Object.getPrototypeOf(value)));
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, asJson(member)]));
}

function exportsOf(answer: ModuleAnswer | undefined, source: string): Record<string, unknown> {
  assert.ok(answer !== undefined && 'exports' in answer, `${JSON.stringify(answer)}\n${source}`);
  return { ...answer.exports };
}

function named(sources: readonly string[]): Map<string, string> {
  const modules = sources.map((source, number) => [`m${number}`, source] as const);
  return new Map([...modules, ['types', typesModule]]);
}

test('modules in every style are read to what they export', async () => {
  const sources = fc.sample(literalModule, { numRuns: 1500, seed });
  const answers = readModules(sources);
  const compiled = await compile(named(sources));
  try {
    assert.deepEqual(
      compiled.complaints.filter((line) => syntaxError.test(line)),
      [],
    );
    for (const [number, source] of sources.entries()) {
      const values = asJson(await compiled.load(`m${number}`));
      assert.deepStrictEqual(exportsOf(answers[number], source), values, source);
    }
  } finally {
    compiled.close();
  }
});

// Separated by two spaces; a control character stands for itself.
const fragments = [
  '(  )  [  ]  {  }  <  >  <<  ,  ;  :  .  ...  ?  ?.  ??  =  =>  ==  +  -  --  !  *  **  /  /*',
  '*/  //  &  &&  |  ||  \'  "  `  \\  $  #  @  0  1  .5  7n  _  e1  x  \n  \r  \u2028  \0',
  ' as   as const   as any   as T   satisfies   as number < 2   in   is   extends A ? B : C',
  '__proto__: 1,  "__proto__": [],  a: 1,  export   const   default   type   interface   undefined',
  'null  `x`  [0]  (1)  -1  Object.freeze(  f()',
].flatMap((line) => line.split('  '));

// The source with a few fragments in it, over it, or a piece of it moved.
function damaged(source: string, choose: Choose): string {
  let text = source;
  for (let times = 1 + choose(2); times > 0; times -= 1) {
    const places = [...text.matchAll(/[{}[\](),:;=\w'"`]\s*/g)];
    const place = places[choose(places.length)] ?? { index: 0, 0: '' };
    const at = choose(2) > 0 ? place.index + place[0].length : choose(text.length + 1);
    const fragment = fragments[choose(fragments.length)] ?? '';
    const from = choose(text.length + 1);
    const piece = choose(3) > 0 ? fragment : text.slice(from, from + choose(12));
    text = text.slice(0, at) + piece + text.slice(at + (choose(2) > 0 ? 0 : choose(4)));
  }
  return text;
}

test('a damaged module that is still read means what the compiler makes of it', async () => {
  const choose = chooser(seed);
  const short = fc
    .sample(literalModule, { numRuns: 2000, seed: seed + 1 })
    .filter((source) => source.length < 700);
  const all = Array.from({ length: 12_000 }, (_, number) => {
    return damaged(short[number % short.length] ?? '', choose).toWellFormed();
  });
  const read = readModules(all)
    .map((answer, number) => ({ answer, source: all[number] ?? '' }))
    .filter(({ answer }) => 'exports' in answer);
  assert.ok(read.length > 1000 && read.length < all.length, `${read.length} are read`);
  const compiled = await compile(named(read.map(({ source }) => source)));
  try {
    // Only a syntax error keeps the compiler from saying what a module means.
    const broken = compiled.complaints.map((line) => line.match(syntaxError)?.[1]);
    let compared = 0;
    for (const [number, { answer, source }] of read.entries()) {
      if (broken.includes(`m${number}`)) continue;
      const values = asJson(await compiled.load(`m${number}`));
      assert.deepStrictEqual(exportsOf(answer, source), values, source);
      compared += 1;
    }
    assert.ok(compared > 800, `${compared} are compared`);
  } finally {
    compiled.close();
  }
});
