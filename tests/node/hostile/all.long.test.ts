// Every operation against a thousand hostile requests. `writes` and `reads` are the same with fewer.
import { operations } from '../../../bindings/generated/operations.ts';
import { testOperations } from './endure.ts';

testOperations(operations, 1000);
