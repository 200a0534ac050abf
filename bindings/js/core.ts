// The core as an object with one call. Only the mechanics of the Wasm door live here: loading,
// copying in and out, and replacing an instance that trapped.

/** The version of the four functions below; a module with another one is refused. */
export const core_abi_version = 1;

/** A compiled core, as `import coreModule from './core.wasm'` gives it in a Worker. */
export type CoreModule = object;

/** The core: a pure function from frame to frame. */
export interface Core {
  /**
   * One step. The answer is a copy and stays valid.
   * @throws CoreTrap when the instance trapped; the next step runs in a new one.
   */
  step(frame: Uint8Array): Uint8Array;
  /** How many instances have trapped since this core was created. */
  traps(): number;
}

/** The module is not a core that this shim can drive: found when it is loaded. */
export class CoreMismatch extends Error {
  override readonly name = 'CoreMismatch';
}

/** The core trapped: a bug in it, or a frame that breaks the rules. The instance is gone. */
export class CoreTrap extends Error {
  override readonly name = 'CoreTrap';
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly _initialize?: () => void;
  readonly core_abi_version: () => number;
  readonly core_input: (size: number) => number;
  readonly core_step: (size: number) => number;
  readonly core_output: () => number;
}

// The part of the WebAssembly API that is used; the type packages of the two hosts differ in it.
declare const WebAssembly: {
  readonly Module: { imports(module: CoreModule): readonly { module: string; name: string }[] };
  readonly Instance: new (module: CoreModule) => { readonly exports: object };
};

/**
 * Loads the core. Cheap enough for module scope; keeps nothing between steps.
 * @throws CoreMismatch when the module has imports, lacks a function or has another ABI version.
 */
export function createCore(module: CoreModule): Core {
  let instance: Exports | undefined = instantiate(module);
  let stepping = false;
  let trapped = 0;
  return {
    step(frame: Uint8Array): Uint8Array {
      if (stepping) {
        throw new Error('core.step was entered while a step is running');
      }
      stepping = true;
      try {
        instance ??= instantiate(module);
        return exchange(instance, frame);
      } catch (error) {
        instance = undefined;
        trapped += 1;
        throw new CoreTrap(`the core trapped: ${String(error)}`, { cause: error });
      } finally {
        stepping = false;
      }
    },
    traps: (): number => trapped,
  };
}

// The memory may grow in every call, which detaches all views: each is made after the call before.
function exchange(core: Exports, frame: Uint8Array): Uint8Array {
  const input = core.core_input(frame.length) >>> 0;
  new Uint8Array(core.memory.buffer, input, frame.length).set(frame);
  const size = core.core_step(frame.length) >>> 0;
  const output = core.core_output() >>> 0;
  return new Uint8Array(core.memory.buffer, output, size).slice();
}

function instantiate(module: CoreModule): Exports {
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) {
    const names = imports.map((each) => `${each.module}.${each.name}`).join(', ');
    throw new CoreMismatch(`the core must import nothing, it wants ${names}`);
  }
  const core = new WebAssembly.Instance(module).exports as Exports;
  for (const name of ['core_abi_version', 'core_input', 'core_step', 'core_output'] as const) {
    if (typeof core[name] !== 'function') {
      throw new CoreMismatch(`the core does not export ${name}`);
    }
  }
  core._initialize?.();
  const version = core.core_abi_version();
  if (version !== core_abi_version) {
    throw new CoreMismatch(`the core speaks ABI ${version}, this shim ${core_abi_version}`);
  }
  return core;
}
