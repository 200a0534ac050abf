// `org create|list|get|delete` and `org member add|remove|list`: who there is.

import type { Org } from '../bindings/generated/api.ts';
import {
  argument,
  type Command,
  type Context,
  callConfirmed,
  listing,
  listResult,
  readList,
  required,
  slugOf,
} from './command.ts';
import { usageError } from './errors.ts';
import { fields, table } from './talk.ts';

const one = '/api/v1/orgs/{slug}';
const member_path = `${one}/members/{userId}`;

const create: Command = {
  name: 'org create',
  takes: ['slug'],
  summary: 'register an organisation, or bring it up to date',
  details: 'With --member the members given are the whole list; without it they stay.',
  options: ['id', 'name', 'member', 'dry-run'],
  examples: [
    'org create aurora --id org-aurora --name "Aurora Books" --member ada:admin --member ben',
  ],
  async run(context) {
    const members = (context.values.member ?? []).map(memberOf);
    const { body } = await context.api.call({
      method: 'PUT',
      path: one,
      params: { slug: slugOf(context) },
      body: {
        orgId: required(context, 'id'),
        name: required(context, 'name'),
        ...(members.length === 0 ? {} : { members }),
      },
    });
    return { data: body, text: orgText(context, body as Org) };
  },
};

// `ada:admin`; an id may hold colons itself, so that only a role that exists is taken off.
function memberOf(text: string): { userId: string; role: string } {
  const [, userId, role] = /^(.+):(admin|member)$/s.exec(text) ?? [undefined, text, 'member'];
  if (userId === undefined || userId === '' || role === undefined) {
    throw usageError('--member is empty', 'Write --member USER or --member USER:admin.');
  }
  return { userId, role };
}

const list: Command = {
  name: 'org list',
  takes: [],
  summary: 'list the organisations',
  options: [...listing],
  examples: ['org list', 'org list --all --json=stream'],
  async run(context) {
    const found = await readList<Org>(context, { method: 'GET', path: '/api/v1/orgs' });
    const rows = found.items.map((each) => [
      each.slug,
      each.name,
      each.orgId,
      String(each.members.length),
      each.projectUrl ?? '-',
    ]);
    const text = table([['Slug', 'Name', 'Id', 'Members', 'Address'], ...rows]);
    return listResult(context, found, text);
  },
};

async function readOrg(context: Context): Promise<Org> {
  const params = { slug: slugOf(context) };
  return (await context.api.call({ method: 'GET', path: one, params })).body as Org;
}

const get: Command = {
  name: 'org get',
  takes: ['slug'],
  summary: 'show one organisation with its members',
  options: [],
  examples: ['org get aurora'],
  async run(context) {
    const org = await readOrg(context);
    return { data: org, text: orgText(context, org) };
  },
};

function orgText(_context: Context, org: Org): string {
  const head = fields([
    ['org', org.slug],
    ['name', org.name],
    ['id', org.orgId],
    ['project', org.projectName],
    ['address', org.projectUrl],
    ['created', org.createdAt],
  ]);
  const members = org.members.map(({ userId, role }) => [userId, role]);
  return members.length === 0 ? head : `${head}\n\n${table([['Member', 'Role'], ...members])}`;
}

const remove: Command = {
  name: 'org delete',
  takes: ['slug'],
  summary: 'forget an organisation: nobody publishes for it any more',
  options: ['yes', 'dry-run'],
  examples: ['org delete aurora --yes'],
  async run(context) {
    const slug = slugOf(context);
    const call = { method: 'DELETE', path: one, params: { slug } } as const;
    const { body } = await callConfirmed(context, `This deletes the organisation ${slug}`, call);
    return { data: body ?? { slug, deleted: true }, text: `${slug} is deleted` };
  },
};

const memberAdd: Command = {
  name: 'org member add',
  takes: ['slug', 'userId'],
  summary: 'make someone a member, or change the role',
  options: ['role', 'dry-run'],
  examples: ['org member add aurora ada --role admin'],
  async run(context) {
    const { body } = await context.api.call({
      method: 'PUT',
      path: member_path,
      params: { slug: slugOf(context), userId: argument(context, 'userId') },
      body: { role: context.values.role ?? 'member' },
    });
    return { data: body, text: orgText(context, body as Org) };
  },
};

const memberRemove: Command = {
  name: 'org member remove',
  takes: ['slug', 'userId'],
  summary: 'take a member out',
  options: ['yes', 'dry-run'],
  examples: ['org member remove aurora ben --yes'],
  async run(context) {
    const params = { slug: slugOf(context), userId: argument(context, 'userId') };
    const call = { method: 'DELETE', path: member_path, params } as const;
    const what = `This takes ${params.userId} out of ${params.slug}`;
    const { body } = await callConfirmed(context, what, call);
    return { data: body, text: orgText(context, body as Org) };
  },
};

const memberList: Command = {
  name: 'org member list',
  takes: ['slug'],
  summary: 'list the members of an organisation',
  options: [],
  examples: ['org member list aurora', 'org member list aurora --json=stream'],
  async run(context) {
    const { members } = await readOrg(context);
    const text = table([['Member', 'Role'], ...members.map(({ userId, role }) => [userId, role])]);
    return listResult(context, { items: members }, text);
  },
};

/** The commands of this file. */
export const org_admin_commands: readonly Command[] = [
  create,
  list,
  get,
  remove,
  memberAdd,
  memberRemove,
  memberList,
];
