// Modules that the bundler makes of other files, and what is used of workerd's own.
declare module '*.wasm' {
  const module: object;
  export default module;
}
declare module 'virtual:validators' {
  export const config: import('../schemas/ajv.ts').Validator;
  export const runs: import('../schemas/ajv.ts').Validator;
  export const deployments: import('../schemas/ajv.ts').Validator;
  export const wish: import('../schemas/ajv.ts').Validator;
}
declare module 'node:crypto' {
  interface Hash {
    update(text: string): Hash;
    digest(encoding: 'hex'): string;
  }
  export function createHash(algorithm: 'sha256'): Hash;
}
