// What runs when: builds one after the other, each suite as soon as what it wants is built, and
// both cores busy all the time. Narrow suites run beside each other, a patient one beside all
// others; of the rest one at a time.
import { availableParallelism } from 'node:os';

/** @import { Suite } from './suites.mjs' */

/**
 * A build: what it makes ready, under the name that suites want it by.
 * @typedef {{ ready: keyof Suite['wants'], make: () => Promise<void> }} Build
 */

/**
 * Runs builds and suites to their end. Suites aside come after the builds, in the same line: what
 * stands there gives way to the other suites. A build that fails is the end of those that want it.
 * @param {Build[]} builds in their order
 * @param {Suite[]} suites in their order
 * @param {(suite: Suite) => Promise<void>} runSuite
 * @returns {Promise<Suite[]>} those that did not run
 * @throws {unknown} what a build threw, after the suites that could run
 */
export async function runAll(builds, suites, runSuite) {
  const made = /** @type {Set<string>} */ (new Set());
  const waiting = suites.filter(({ aside }) => !aside);
  let wake = () => {};
  let building = true;

  const line = async () => {
    try {
      for (const { ready, make } of builds) {
        await make();
        made.add(ready);
        wake();
      }
      for (const one of suites.filter(({ aside }) => aside)) await runSuite(one);
    } finally {
      building = false;
      wake();
    }
  };
  const running = /** @type {Set<Suite>} */ (new Set());
  const startable = () => waiting.find((one) => isReady(one, builds, made) && fits(one, running));
  const others = async () => {
    for (;;) {
      for (let next = startable(); next !== undefined; next = startable()) {
        const started = next;
        waiting.splice(waiting.indexOf(started), 1);
        running.add(started);
        void runSuite(started).finally(() => {
          running.delete(started);
          wake();
        });
      }
      if (running.size === 0 && (waiting.length === 0 || !building)) return;
      await new Promise((resolve) => {
        wake = () => resolve(undefined);
      });
    }
  };
  const [outcome] = await Promise.allSettled([line(), others()]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return waiting;
}

/**
 * @param {Suite} suite
 * @param {Build[]} builds
 * @param {Set<string>} made names of the builds that are done
 * @returns {boolean} whether everything that the suite wants, and somebody builds, is there
 */
function isReady(suite, builds, made) {
  const core = suite.wants.core !== false;
  return builds.every(({ ready }) => {
    const wanted = ready === 'core' ? core : suite.wants[ready] === true;
    return !wanted || made.has(ready);
  });
}

/**
 * @param {Suite} suite
 * @param {Set<Suite>} running
 * @returns {boolean} whether it may run beside those
 */
function fits(suite, running) {
  const others = [...running].filter(({ patient }) => patient === suite.patient);
  if (others.length === 0) return true;
  const allNarrow = [suite, ...others].every(({ narrow }) => narrow);
  return allNarrow && others.length < availableParallelism();
}
