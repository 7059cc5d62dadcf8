// The one way to the server: every call of the page goes through here.
import type { Fault, Job, Session } from "./types";
import { say } from "./say";

const ROOT = new URL("api/v1/", document.baseURI).href;

/** A refusal, as the server worded it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly fault: Fault,
  ) {
    super(fault.message);
  }
}

let session: Session | null = null;

export async function openSession(): Promise<Session> {
  session = await get<Session>("session");
  return session;
}

export function limits(): Record<string, number> {
  return session?.limits ?? {};
}

export const address = (path: string): string => ROOT + path;

async function send(method: string, path: string, body?: unknown, more: HeadersInit = {}) {
  const headers = new Headers(more);
  if (method !== "GET") headers.set("X-CSRF-Token", session?.csrf ?? "");
  if (body !== undefined) headers.set("Content-Type", "application/json");
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(0, plainFault("gone", say("error.gone")));
  }
  if (!answer.ok) throw new Refused(answer.status, await faultOf(answer));
  return answer;
}

async function faultOf(answer: Response): Promise<Fault> {
  if (answer.status === 401) return plainFault("unauthorized", say("error.signIn"));
  try {
    const told = (await answer.json()) as { error?: Fault };
    if (told.error) return told.error;
  } catch {
    // Not JSON: fall through to the plain sentence.
  }
  return plainFault("defect", say("error.unknown", { status: String(answer.status) }));
}

function plainFault(kind: string, message: string): Fault {
  return { kind, message, file: null, key: null, value: null, allowed: null };
}

export async function get<T>(path: string): Promise<T> {
  return (await send("GET", path)).json() as Promise<T>;
}

export async function text(path: string): Promise<string> {
  return (await send("GET", path)).text();
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return (await send("POST", path, body)).json() as Promise<T>;
}

/** Delete a thing; the confirmation is the thing's own name. */
export async function remove(path: string, id: string): Promise<void> {
  await send("DELETE", path, undefined, { "X-Confirm-Delete": id });
}

export const startJob = (kind: string, question: unknown, title: string | null): Promise<Job> =>
  post<Job>("jobs", { kind, question, title });

export const result = <T>(id: string): Promise<T> => get<T>(`jobs/${id}/result`);
