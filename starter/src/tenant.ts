// The three configuration documents, narrowed once into what the page shows. Documents come from
// outside the repository, so every field is read leniently: a missing one is an absence, no error.

/** A feature or a stack as a tenant has it. */
export interface Toggle {
  readonly id: string;
  readonly enabled: boolean;
  /** Option names and their values as text, in the document's order. */
  readonly options: ReadonlyArray<readonly [string, string]>;
}

/** How people sign in. */
export interface SignIn {
  /** `none`, `oidc`, or a provider that this shell does not know. */
  readonly provider: string;
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
}

/** Everything that the shell shows about its tenant. */
export interface Tenant {
  /** `APP_NAME`, or the platform id where that is missing or empty. */
  readonly name: string;
  readonly features: readonly Toggle[];
  readonly stacks: readonly Toggle[];
  readonly signIn: SignIn;
  /** `SUPPORT_EMAIL`, when it is set. */
  readonly supportEmail: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function togglesOf(value: unknown): Toggle[] {
  return Object.entries(fieldsOf(value)).map(([id, toggle]) => ({
    id,
    enabled: fieldsOf(toggle).enabled === true,
    options: Object.entries(fieldsOf(fieldsOf(toggle).options)).map(
      ([name, option]) =>
        [name, typeof option === 'string' ? option : JSON.stringify(option)] as const,
    ),
  }));
}

/** Reads the documents; `platform` is the platform id, used where no name is configured. */
export function readTenant(
  env: unknown,
  features: unknown,
  auth: unknown,
  platform: string,
): Tenant {
  return {
    name: textOf(fieldsOf(env).APP_NAME) ?? platform,
    features: togglesOf(fieldsOf(features).features),
    stacks: togglesOf(fieldsOf(features).stacks),
    signIn: {
      provider: textOf(fieldsOf(auth).provider) ?? 'none',
      issuer: textOf(fieldsOf(auth).issuer),
      clientId: textOf(fieldsOf(auth).clientId),
    },
    supportEmail: textOf(fieldsOf(env).SUPPORT_EMAIL),
  };
}
