// Records as the API shows them. Secret values never leave this file.

import type { Deployment, EnvironmentConfig, EnvVar, Project } from './model.ts';
import { branchAlias, canonicalAt, iso, latestStage, stagesAt } from './stages.ts';

const settingDefaults = {
  always_use_latest_compatibility_date: false,
  build_image_major_version: 3,
  compatibility_date: '2026-11-01',
  compatibility_flags: [],
  fail_open: true,
  usage_model: 'standard',
};

const buildDefaults = {
  build_caching: null,
  build_command: '',
  destination_dir: '',
  root_dir: '',
  web_analytics_tag: null,
  web_analytics_token: null,
};

/** A deployment of `project` at `now_ms`. */
export function deploymentView(project: Project, deployment: Deployment, now_ms: number): object {
  const stages = stagesAt(deployment, now_ms);
  const latest = latestStage(stages);
  const shortId = deployment.id.slice(0, 8);
  const host = `${project.label}.pages.dev`;
  const preview = deployment.environment === 'preview';
  return {
    id: deployment.id,
    short_id: shortId,
    project_id: project.id,
    project_name: project.name,
    environment: deployment.environment,
    url: `https://${shortId}.${host}`,
    aliases: preview ? [`https://${branchAlias(deployment.branch)}.${host}`] : null,
    created_on: iso(deployment.created_ms),
    modified_on: latest.ended_on ?? latest.started_on ?? iso(deployment.created_ms),
    is_skipped: deployment.skip_reason !== undefined,
    skip_reason: deployment.skip_reason ?? null,
    latest_stage: latest,
    stages,
    deployment_trigger: {
      type: deployment.trigger,
      metadata: {
        branch: deployment.branch,
        commit_hash: deployment.commit_hash,
        commit_message: deployment.commit_message,
        commit_dirty: deployment.commit_dirty,
      },
    },
    build_config: { ...buildDefaults, ...project.build_config },
    env_vars: envVarsView(deployment.env_vars),
    uses_functions: deployment.uses_functions,
    ...(project.source === undefined ? {} : { source: project.source }),
  };
}

/** A project as the API shows it, as far as this file takes it apart. */
export interface ProjectView {
  production_script_name: string;
  subdomain: string;
}

/** A project with its `deployments` (oldest first) at `now_ms`. */
export function projectView(
  project: Project,
  deployments: Deployment[],
  now_ms: number,
): ProjectView {
  const latest = deployments.at(-1);
  const canonical = canonicalAt(project, deployments, now_ms);
  const show = (deployment: Deployment | undefined): object | null =>
    deployment === undefined ? null : deploymentView(project, deployment, now_ms);
  const subdomain = `${project.label}.pages.dev`;
  const view = {
    id: project.id,
    name: project.name,
    subdomain,
    domains: [subdomain, ...project.domains.map(({ name }) => name)],
    created_on: iso(project.created_ms),
    production_branch: project.production_branch,
    framework: '',
    framework_version: '',
    preview_script_name: `pages-worker--${project.id}-preview`,
    production_script_name: `pages-worker--${project.id}-production`,
    uses_functions: canonical?.uses_functions ?? false,
    build_config: { ...buildDefaults, ...project.build_config },
    deployment_configs: {
      preview: environmentView(project.configs.preview),
      production: environmentView(project.configs.production),
    },
    canonical_deployment: show(canonical),
    latest_deployment: show(latest),
    ...(project.source === undefined ? {} : { source: project.source }),
  };
  return view;
}

/** A project as a list shows it: without the name of its production script. */
export function projectRow(project: Project, deployments: Deployment[], now_ms: number): object {
  const { production_script_name: _, ...row } = projectView(project, deployments, now_ms);
  return row;
}

function environmentView(config: EnvironmentConfig): object {
  return { ...settingDefaults, ...config.settings, env_vars: envVarsView(config.env_vars) };
}

function envVarsView(vars: Record<string, EnvVar>): Record<string, EnvVar> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, variable]) => [
      name,
      variable.type === 'secret_text' ? { type: 'secret_text', value: '' } : variable,
    ]),
  );
}
