// Development defaults. The builder replaces this file.
// biome-ignore-all format: the form of the generated files, which quote every key.
export const featuresConfig = {
  "features": {
    "billing": { "enabled": true, "options": { "currency": "EUR", "trialDays": 14 } },
    "reports": { "enabled": true, "options": {} },
    "team-chat": { "enabled": false, "options": {} }
  },
  "stacks": {
    "crm": { "enabled": true, "options": { "region": "eu" } }
  }
};
