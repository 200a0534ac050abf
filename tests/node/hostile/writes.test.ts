// Every operation that writes, against hostile requests.
import { operations } from '../../../bindings/generated/operations.ts';
import { testOperations } from './endure.ts';

testOperations(operations.filter(({ method }) => method !== 'GET'));
