// Writes a platform's three configuration files into a checkout of the starter.
// Usage: node scripts/write-platform-config.js platform-config.json [starter's folder]
// The input is the answer of the config API: {"featuresConfig", "envConfig", "authConfig"}.

import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = {
  featuresConfig: 'features.config.ts',
  envConfig: 'env.config.ts',
  authConfig: 'auth.config.ts',
};
const MOST_CHARACTERS = 1024 * 1024;

/**
 * Holds a parsed document to the exact shape: three strings, nothing else.
 * @throws Error that names every fault.
 */
export function readPlatformConfig(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The configuration is not an object');
  }
  const faults = Object.keys(value)
    .filter((key) => !Object.hasOwn(FILES, key))
    .map((key) => `${JSON.stringify(key)} is not expected`);
  for (const key of Object.keys(FILES)) {
    const text = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof text !== 'string') faults.push(`"${key}" is not a string`);
    else if (text.trim() === '') faults.push(`"${key}" is empty`);
    else if (text.length > MOST_CHARACTERS) faults.push(`"${key}" is too long`);
    else if (!text.isWellFormed()) faults.push(`"${key}" is not well-formed Unicode`);
  }
  if (faults.length > 0) throw new Error(`The configuration is wrong: ${faults.join('; ')}`);
  return value;
}

/** Reads and holds a JSON file in UTF-8. @throws Error */
function readPlatformConfigFile(file) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return readPlatformConfig(JSON.parse(decoder.decode(readFileSync(file))));
}

/**
 * Writes the three files under `<starter>/src/config/`, byte for byte what the strings say. Each
 * file appears whole; when anything is wrong with the input, none changes. @throws Error
 */
export function writePlatformConfig(file, starter) {
  const config = readPlatformConfigFile(file);
  const folder = join(starter, 'src', 'config');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${starter} is not a starter: it has no src/config`);
  }
  const files = Object.entries(FILES).map(([key, name]) => ({
    path: join(folder, name),
    draft: join(folder, `.${name}.${process.pid}.new`),
    text: config[key],
  }));
  try {
    for (const each of files) writeFileSync(each.draft, each.text);
    for (const each of files) renameSync(each.draft, each.path);
  } finally {
    for (const each of files) rmSync(each.draft, { force: true });
  }
  return files.map((each) => each.path);
}

function main([file, starter = '.', ...rest]) {
  if (file === undefined || rest.length > 0) {
    console.error('usage: write-platform-config.js platform-config.json [starter folder]');
    process.exitCode = 2;
    return;
  }
  try {
    for (const path of writePlatformConfig(file, starter)) console.log(`wrote ${path}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

const started = process.argv[1] ?? '';
if (started !== '' && realpathSync(started) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2));
}
