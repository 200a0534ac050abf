// A Worker that makes instances of the core, as many as it is told by `?n`.
import core_module from '../core.wasm';

interface Instance {
  readonly exports: { readonly _initialize?: () => void };
}

declare const WebAssembly: { readonly Instance: new (module: object) => Instance };

export default {
  async fetch(request: Request): Promise<Response> {
    const n = Number(new URL(request.url).searchParams.get('n'));
    for (let i = 0; i < n; i += 1) new WebAssembly.Instance(core_module).exports._initialize?.();
    return new Response('');
  },
};
