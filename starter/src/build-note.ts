// The footer's note about the running build, read from the manifest that is served beside the page.

/** Shows version and commit; in development there is no manifest and the static note stays. */
export async function showBuild(): Promise<void> {
  const place = document.querySelector('#build');
  const response = await fetch('/.well-known/slipway.json').catch(() => undefined);
  if (place === null || response === undefined || !response.ok) return;
  const manifest: unknown = await response.json().catch(() => undefined);
  if (typeof manifest !== 'object' || manifest === null) return;
  const { version, shell_sha: sha } = manifest as Record<string, unknown>;
  const commit = typeof sha === 'string' && sha !== '' ? `, shell ${sha.slice(0, 7)}` : '';
  place.textContent = `Configuration version ${String(version)}${commit}`;
}
