// Every operation against a thousand hostile requests: `writes` and `reads` with more of them.
import { operations } from '../../../bindings/generated/operations.ts';
import { testOperations } from './endure.ts';

testOperations(operations, 1000);
