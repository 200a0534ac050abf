// Starts the settings page: /orgs/{orgId}/settings/publishing.
import { render } from 'preact';
import { App } from './app.tsx';
import { Model } from './model.ts';

const org = location.pathname.split('/')[2] ?? '';
const place = document.getElementById('app');
if (place !== null) {
  const model = new Model(org, () => {
    const { publishing } = model.state;
    if (publishing !== undefined) document.title = `Publishing \u00b7 ${publishing.name}`;
    render(<App model={model} state={model.state} />, place);
  });
  addEventListener('online', () => void model.refresh());
  addEventListener('offline', () => model.lost());
  addEventListener('pagehide', () => model.hide());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void model.load();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) model.hide();
    else void model.refresh();
  });
  void model.load();
}
