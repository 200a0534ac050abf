// The core as a Worker imports it: compiled already.
declare module '*.wasm' {
  const module: object;
  export default module;
}
