// Development defaults. The builder replaces this file.
// biome-ignore-all format: the form of the generated files, which quote every key.
export const authConfig = {
  "provider": "none"
};
