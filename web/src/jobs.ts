// The jobs the page knows of, kept fresh by one waiting request.
import { get, remove, post, startJob } from "./api";
import { announce } from "./dom";
import { say } from "./say";
import type { Job, Question } from "./types";

type Listener = (changed: Job[], deleted: string[]) => void;

const known = new Map<string, Job>();
const listeners = new Set<Listener>();
let revision = 0;

/** As many jobs as the server gives at once. */
const MOST = 200;

const FINISHED = new Set(["done", "refused", "failed", "stopped"]);

export const finished = (job: Job): boolean => FINISHED.has(job.state);

export function onJobs(tell: Listener): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const job = (id: string): Job | undefined => known.get(id);

function take(changed: Job[], deleted: string[] = []): void {
  for (const one of changed) {
    const before = known.get(one.id);
    if (before && before.revision > one.revision) continue;
    known.set(one.id, one);
    if (before && !finished(before) && finished(one)) {
      announce(say("job.ended", { title: one.title, state: say(`state.${one.state}`) }));
    }
  }
  deleted.forEach((id) => known.delete(id));
  listeners.forEach((tell) => tell(changed, deleted));
}

interface Listed {
  jobs: Job[];
  total: number;
  revision: number;
}

/** The finished plans, the newest first. */
export async function finishedPlans(): Promise<Job[]> {
  const found = await get<Listed>(`jobs?kind=plan&state=done&limit=${MOST}`);
  take(found.jobs);
  return found.jobs;
}

export async function list(search = "", offset = 0, limit = 50): Promise<Listed> {
  const query = new URLSearchParams({ search, offset: String(offset), limit: String(limit) });
  const found = await get<Listed>(`jobs?${query}`);
  // Only the first, whole list says from where changes are asked for: one that was
  // searched, or came later, would leave out what changed besides.
  if (revision === 0 && search === "" && offset === 0) revision = found.revision;
  take(found.jobs);
  return found;
}

/** The server knows no more what has changed since: everything is read again. */
async function readAgain(): Promise<void> {
  const there: Job[] = [];
  for (let total = 1; there.length < total; ) {
    const found = await get<Listed>(`jobs?offset=${there.length}&limit=${MOST}`);
    if (found.jobs.length === 0) break;
    there.push(...found.jobs);
    total = found.total;
  }
  const ids = new Set(there.map((one) => one.id));
  take(there, [...known.keys()].filter((id) => !ids.has(id)));
}

export async function fetchJob(id: string): Promise<Job> {
  const found = await get<Job>(`jobs/${id}`);
  take([found]);
  return found;
}

/** Ask for changes for as long as the page is open. */
export async function watch(): Promise<void> {
  let pause = 500;
  for (;;) {
    try {
      const asked = performance.now();
      const told = await get<{ revision: number; jobs: Job[]; deleted: string[]; reset?: boolean }>(
        `changes?after=${revision}&wait_s=20`,
      );
      if (told.reset) await readAgain();
      revision = told.reset ? told.revision : Math.max(revision, told.revision);
      // An answer at once with nothing in it must not become a tight loop.
      if (told.jobs.length === 0 && performance.now() - asked < 200) await new Promise((done) => setTimeout(done, 300));
      if (told.jobs.length > 0 || told.deleted.length > 0) take(told.jobs, told.deleted);
      document.documentElement.dataset.server = "here";
      pause = 500;
    } catch {
      document.documentElement.dataset.server = "gone";
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 8000);
    }
  }
}

/** Ask for a job. What is asked about a run is named after the run. */
export async function start(kind: string, question: Question): Promise<Job> {
  const run = known.get(String(question["run"] ?? ""));
  const made = await startJob(kind, question, run?.title ?? null);
  take([made]);
  return made;
}

/** A job that runs to its end; refused or failed ones come back as they are. */
export function wait(id: string): Promise<Job> {
  return new Promise((done, failed) => {
    const look = () => {
      const now = known.get(id);
      if (!now || !finished(now)) return false;
      stop();
      done(now);
      return true;
    };
    const stop = onJobs((_, deleted) => {
      if (deleted.includes(id)) {
        stop();
        failed(new Error(say("job.deleted")));
      } else look();
    });
    look();
  });
}

/** Jobs of a kind that belong to a run, newest first. */
export function ofRun(run: string, kind: string): Job[] {
  return [...known.values()]
    .filter((one) => one.kind === kind && one.question["run"] === run)
    .sort((a, b) => b.created_utc.localeCompare(a.created_utc));
}

export async function stop(id: string): Promise<void> {
  take([await post<Job>(`jobs/${id}/stop`, {})]);
}

export async function resume(id: string): Promise<void> {
  take([await post<Job>(`jobs/${id}/resume`, {})]);
}

export async function erase(id: string): Promise<void> {
  await remove(`jobs/${id}`, id);
  take([], [id]);
}
