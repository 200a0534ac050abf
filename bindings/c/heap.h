// What the door tells the heap.
#ifndef SLIPWAY_HEAP_H
#define SLIPWAY_HEAP_H

#ifdef __cplusplus
extern "C" {
#endif

/// A new exchange of frames begins: nothing that was allocated before is used any more.
void heap_begin_call(void);

#ifdef __cplusplus
}
#endif

#endif
