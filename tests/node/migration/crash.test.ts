// Killed all over the outside calls of an import, of both ways of migrating, of the end and of the
// way back: the end state is the same. `crash.long.test.ts` kills at every call.
import { testStories } from './crash_stories.ts';

testStories(20);
