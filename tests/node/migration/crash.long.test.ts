// Killed at every outside call of an import and of the migrations: `crash.test.ts` without gaps.
import { testStories } from './crash_stories.ts';

testStories(Number.POSITIVE_INFINITY);
