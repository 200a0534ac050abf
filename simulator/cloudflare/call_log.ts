// What was asked and what was answered, without any secret: no header, no body, no token.

/** One call. */
export interface CallRecord {
  /** Counts from 1 since the start. */
  seq: number;
  at_ms: number;
  method: string;
  /** The path with its query. For the API it begins after `/client/v4`. */
  path: string;
  operation: string;
  /** The HTTP status; 0 while there is no answer, and for good when the connection was cut. */
  status: number;
  /** Whether a planned fault changed the call. */
  faulty: boolean;
}

/** Calls in the order of their arrival, the oldest falling out. */
export interface CallLog {
  /** Oldest first, at most 10,000. */
  records(): CallRecord[];
  /** Records an arrival; what it returns takes the status of the answer. */
  begin(arrival: Omit<CallRecord, 'seq' | 'status'>): (status: number) => void;
}

const KEPT = 10_000;

/** An empty log. */
export function createCallLog(): CallLog {
  const kept: CallRecord[] = [];
  let seq = 0;
  return {
    records: () => kept.map((record) => ({ ...record })),
    begin(arrival) {
      seq += 1;
      const record = { seq, ...arrival, status: 0 };
      kept.push(record);
      if (kept.length > KEPT) kept.shift();
      return (status) => {
        record.status = status;
      };
    },
  };
}
