// Development defaults. The builder replaces this file.
// biome-ignore-all format: the form of the generated files, which quote every key.
export const envConfig = {
  "APP_NAME": "Starter",
  "SUPPORT_EMAIL": "support@example.com",
  "API_TIMEOUT_MS": 8000
};
