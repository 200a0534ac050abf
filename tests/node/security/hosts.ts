// Addresses that lead somewhere else than they seem to: what an attacker writes where a host name
// or an address is expected.

/** Host names that are none of a site: addresses, machines nearby, and what only looks like one. */
export const foreign_hosts: readonly string[] = [
  ...['127.0.0.1', '127.1', '127.0.1', '0', '0.0.0.0', '2130706433', '017700000001', '0x7f000001'],
  ...['0x7f.1', '0177.0.0.1', '127.0.0.1.', '169.254.169.254', '10.0.0.1', '100.100.100.200'],
  ...['1.1.1.0x1', 'a.0x7f', 'evil.example.1', '[::1]', '[::]', '::1', '[::ffff:127.0.0.1]'],
  ...[
    '[fd00:ec2::254]',
    '[fe80::1%25lo]',
    'localhost',
    'localhost.',
    'a.localhost',
    'ip6-localhost',
  ],
  ...[
    'metadata',
    'metadata.google.internal',
    'printer.local',
    'router.lan',
    '1.0.0.127.in-addr.arpa',
  ],
  ...['.pages.dev', 'a.pages.dev.', 'a..pages.dev', '-a.pages.dev', 'a-.pages.dev'],
  ...['evil.example/a.pages.dev', 'evil.example?a.pages.dev', 'evil.example#a.pages.dev'],
  ...[
    'evil.example\\a.pages.dev',
    'evil.example;a.pages.dev',
    'evil.example:443',
    'a.pages.dev:22',
  ],
  ...['user@evil.example', 'a.pages.dev@evil.example', 'user:pass@a.pages.dev', '@evil.example'],
  ...['a%2epages.dev', '127%2e0%2e0%2e1', 'evil.example%2f.pages.dev', 'evil.example%00.pages.dev'],
  ...[
    'a.pages.dev%0d%0ahost:evil',
    'a.pages.dev\r\nhost: evil',
    'a.pages.dev\u0000',
    ' a.pages.dev',
  ],
  ...[
    'A.PAGES.DEV',
    '\u24d0.pages.dev',
    'a\u3002pages\u3002dev',
    'p\u0430ges.dev',
    'a.p\u0430ges.dev',
  ],
  ...['\u0661\u0662\u0667.0.0.1', '{host}', '*.pages.dev', '', '..', '../../x', 'a_b.pages.dev'],
  ...[`${'a'.repeat(64)}.pages.dev`, `${'a.'.repeat(130)}pages.dev`, 'a.xn--', 'a.-dev', 'a.d'],
];

/** Names of the public DNS: a tenant may have any; each is asked without a credential. */
export const public_hosts: readonly string[] = [
  ...['a.pages.dev', 'acme-dev-portal-7rw.pages.dev', '1f2e3d4c.a.pages.dev', 'www.acme.example'],
  ...['acme.co.uk', 'xn--bcher-kva.example', 'a.xn--p1ai', 'a.pages.dev.evil.example'],
];

const hook = '/client/v4/pages/webhooks/deploy_hooks/0badc0de-0000-4000-8000-0123456789ab';
const uuid = '0badc0de-0000-4000-8000-0123456789ab';

/** What a person could paste where a deploy hook of Cloudflare is expected. */
export const foreign_hooks: readonly string[] = [
  ...[...foreign_hosts, ...public_hosts].map((host) => `https://${host}${hook}`),
  `http://api.cloudflare.com${hook}`,
  `//api.cloudflare.com${hook}`,
  `https:api.cloudflare.com${hook}`,
  `https:\\\\api.cloudflare.com${hook}`,
  `HTTPS://API.CLOUDFLARE.COM${hook}`,
  `ftp://api.cloudflare.com${hook}`,
  `file:///etc/passwd`,
  `javascript:alert(1)//https://api.cloudflare.com${hook}`,
  `data:text/plain,${uuid}`,
  `https://api.cloudflare.com.${hook}`,
  `https://api.cloudflare.com:8443${hook}`,
  `https://api.cloudflare.com:443@evil.example${hook}`,
  `https://user:pass@api.cloudflare.com${hook}`,
  `https://api.cloudflare.com@evil.example${hook}`,
  `https://api.cloudflare.com.evil.example${hook}`,
  `https://api.cloudflare.com%2eevil.example${hook}`,
  `https://api%2ecloudflare.com${hook}`,
  `https://api.cloudflare.com/client/v4/../../x${hook}`,
  `https://api.cloudflare.com//client/v4/pages/webhooks/deploy_hooks/${uuid}`,
  `https://api.cloudflare.com/client/v4/accounts/x/pages/projects/${uuid}`,
  `https://api.cloudflare.com/client/v4/workers/builds/deploy_hooks/${uuid}`,
  `https://api.cloudflare.com${hook}/`,
  `https://api.cloudflare.com${hook}/../../../accounts`,
  `https://api.cloudflare.com${hook}/..`,
  `https://api.cloudflare.com${hook}%2f..%2f..`,
  `https://api.cloudflare.com${hook}?x=1`,
  `https://api.cloudflare.com${hook}#x`,
  `https://api.cloudflare.com${hook};x`,
  `https://api.cloudflare.com${hook}\r\nx-evil: 1`,
  `https://api.cloudflare.com${hook}\u0000`,
  ` https://api.cloudflare.com/${hook}`,
  `https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/`,
  `https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/..`,
  `https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/%2e%2e`,
  `https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/{credential}`,
  `https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/{sealed}`,
  uuid,
];
