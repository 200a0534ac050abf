// The Debian packages that building and testing need. Nothing else lives here.

/** Names for `apt-get install`: compilers, libraries for Wasm, header libraries, build tools. */
export const debianPackages = [
  'clang-22',
  'lld-22',
  'llvm-22',
  'clang-format-22',
  'clang-tidy-22',
  'libclang-rt-22-dev',
  'libc++-22-dev-wasm32',
  'libclang-rt-22-dev-wasm32',
  'wasi-libc',
  'doctest-dev',
  'nlohmann-json3-dev',
  'libexpected-dev',
  'cmake',
  'ninja-build',
];

/** The second compiler for Wasm: 800 MB, and only the tests that hold it to the first need it. */
export const emscriptenPackages = ['emscripten'];

/** A browser: only the tests of the web pages need it. */
export const browserPackages = ['chromium'];
