// The rush of a fifth of the fleet: more than fit into one window of the budget.
// `five_thousand.long.test.ts` is the same with all.
import { test } from '../support/own_thread.ts';
import { rush } from './rush.ts';

test('1000 platforms ask for a build in one minute', () => rush(1000, 1.2));
