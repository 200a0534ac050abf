// Whether headers compile alone: CMake makes one source per header, and Ninja remembers which did.
import { spawnSync } from 'node:child_process';
import { root } from './tree.ts';

/** Builds CMake's header check in a configured build tree; exit code and compiler output. */
export function checkHeaders(build: string): { code: number | null; output: string } {
  const args = ['--build', build, '--target', 'all_verify_interface_header_sets'];
  const { status, stdout } = spawnSync('cmake', args, { cwd: root, encoding: 'utf8' });
  return { code: status, output: stdout };
}
