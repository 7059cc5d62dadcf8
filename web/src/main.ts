// The page: frame, views by address, and what ties form, globe and answer together.
import "./style.css";
import "./theme";
import { get, openSession, Refused } from "./api";
import { onGlobe, showJob } from "./answer/kinds";
import { makeClock } from "./clock";
import { showCompare } from "./compare";
import { announce, find, h, put } from "./dom";
import { fieldFor, handIn, onDrop, openButton } from "./files";
import { makeFrame } from "./frame";
import { loadGlobe } from "./globe_box";
import { fetchJob, finished, job as known, list, onJobs, start, watch } from "./jobs";
import { endedBox, errorBox, faultBox, progressBox } from "./parts";
import { warmPlots } from "./plots";
import { makeQuestion, type QuestionForm } from "./question";
import { showRuns } from "./runs";
import { say } from "./say";
import { makeSlider } from "./slider";
import type { Stage } from "./stage";
import type { Job, Site, StoredFile, Vehicle } from "./types";

const frame = makeFrame(find("#page"));

async function begin(): Promise<void> {
  await openSession();
  const [{ vehicles }, { sites }] = await Promise.all([
    get<{ vehicles: Vehicle[] }>("vehicles"),
    get<{ sites: Site[] }>("sites"),
  ]);
  const globe = loadGlobe(frame.globe, sites, (site) => form.chooseSite(site), () => form.site());
  /** What is shown; null before anything was asked. */
  let stage: Stage | null = null;
  const form: QuestionForm = makeQuestion(vehicles, sites, {
    submit: () => void submit(),
    siteChanged: (name) => void globe.view.then((view) => view?.select(name, stage === null)),
    reached: (check) => void globe.view.then((view) => view?.ways(check.reach?.ways ?? [])),
  });
  put(frame.lineup, form.lineup);
  put(frame.form, form.element);
  document.documentElement.dataset["page"] = "ready";
  void globe.view.then((view) => view?.drawn).then(warmPlots);

  // ------------------------------------------------------------ asking
  let asked = "";

  async function submit(): Promise<void> {
    form.fault(null);
    form.busy(true);
    try {
      const { kind, question } = await form.asked();
      const job = await start(kind, question);
      asked = job.id;
      location.hash = `#/run/${job.id}`;
      // On a narrow screen the answer stands below the form.
      frame.head.scrollIntoView({ block: "nearest" });
    } catch (error) {
      const fault = error instanceof Refused ? error.fault : null;
      const allowed = fault?.allowed ? ` ${say("error.allowed", { allowed: fault.allowed })}` : "";
      form.fault(`${(error as Error).message}${allowed}`, fault?.key);
    } finally {
      form.busy(false);
    }
  }

  // ------------------------------------------------------------ one run
  function enter(run: string): Stage {
    const clock = makeClock();
    const made: Stage = {
      run,
      head: h("div"),
      place: h("div"),
      clock,
      shown: () => stage === made,
      get globe() {
        return globe.view.then((view) => (made.shown() ? view : null));
      },
      slider(plan) {
        if (!made.shown()) return;
        put(frame.slider, makeSlider(clock, plan.events ?? [], (span) => void made.globe.then((view) => view?.fit(span))));
      },
      answered() {
        if (made.shown()) document.documentElement.dataset["answer"] = run;
      },
    };
    stage?.clock.pause();
    stage = made;
    frame.answer.dataset["job"] = run;
    void made.globe.then((view) => view?.clear());
    void globe.view.then((view) => clock.follow((t) => made.shown() && view?.time(t)));
    put(frame.slider);
    frame.globe.hidden = false;
    put(frame.answer, made.place);
    put(frame.head, made.head);
    put(made.head, h("p", { class: "small" }, say("loading")));
    return made;
  }

  async function showRun(id: string): Promise<void> {
    frame.show("plan");
    if (stage?.run === id && stage.head.querySelector(".headline")) return;
    const mine = enter(id);
    try {
      // Of what was asked just now all is known: the form says it, and nothing came of it yet.
      const just = asked === id ? known(id) : undefined;
      asked = "";
      // What was worked out for an older run comes back with it.
      const [fetched] = just ? [just] : await Promise.all([fetchJob(id), list(id, 0, 50).catch(() => null)]);
      // What was asked about a plan stands beside the question of that plan.
      const of = fetched.question["run"];
      const asks = typeof of === "string" ? (known(of) ?? (await fetchJob(of).catch(() => null))) : fetched;
      if (!mine.shown()) return;
      if (!just && asks) form.write(asks.question, asks.kind);
      const look = (job: Job) => {
        if (!finished(job)) {
          if (!mine.head.querySelector(".progress")) put(mine.head, progressBox(id));
          return;
        }
        // One that was stopped may go on.
        if (job.state !== "stopped") leave();
        void settle(job, mine);
      };
      const leave = onJobs((changed, deleted) => {
        if (!mine.shown()) return leave();
        if (deleted.includes(id)) return gone(mine);
        const now = changed.find((one) => one.id === id);
        if (now) look(now);
      });
      // It may have ended while the list was on its way, and nobody would say so again.
      look(known(id) ?? fetched);
    } catch (error) {
      failed(error, mine);
    }
  }

  function failed(error: unknown, its: Stage): void {
    if (error instanceof Refused && error.fault.kind === "not_found") {
      put(its.head, faultBox({ ...error.fault, message: say("job.gone") }, error.message));
    } else put(its.head, errorBox(error));
  }

  function gone(its: Stage): void {
    put(its.place);
    put(its.head, h("p", { class: "empty" }, say("job.gone")));
  }

  /** Show a job that has ended. */
  async function settle(job: Job, its: Stage): Promise<void> {
    if (job.state !== "done") return put(its.head, endedBox(job));
    try {
      frame.globe.hidden = !onGlobe(job.kind);
      await showJob(job, its);
      if (!its.shown()) return;
    } catch (error) {
      return failed(error, its);
    }
    its.answered();
    document.title = say("app.title", { title: job.title });
    its.head.querySelector<HTMLElement>(".headline")?.focus({ preventScroll: true });
  }

  // ------------------------------------------------------------ files
  const opened = (file: StoredFile) => {
    // A part of the answer that is open may want it: a catalogue, an area.
    const wanted = fieldFor(file.form);
    if (wanted && file.form !== "mission") {
      wanted.take(file);
      wanted.element.scrollIntoView({ block: "center" });
      return;
    }
    frame.show("plan");
    if (form.take(file)) {
      location.hash = "#/plan";
      return;
    }
    form.fault(say(file.form === "orbit" ? "file.catalogueLater" : "file.useless", { name: file.name }));
  };
  const read = async (file: File) => {
    form.fault(null);
    try {
      announce(say("file.reading", { name: file.name }));
      opened(await handIn(file));
    } catch (error) {
      frame.show("plan");
      const fault = error instanceof Refused ? error.fault : null;
      const allowed = fault?.allowed ? ` ${say("error.allowed", { allowed: fault.allowed })}` : "";
      form.fault(`${(error as Error).message}${allowed}`);
    }
  };
  put(frame.tools, openButton((file) => void read(file)));
  onDrop((file) => void read(file));

  // ------------------------------------------------------------ views by address
  let close: (() => void) | null = null;
  const route = () => {
    const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [view = "", ...rest] = path.split("/");
    close?.();
    close = null;
    document.title = say("app.name");
    if (view === "run" && rest[0]) return void showRun(rest[0]);
    if (view === "runs") {
      frame.show("runs");
      close = showRuns(frame.runs);
      frame.runs.querySelector("h1")?.focus({ preventScroll: true });
    } else if (view === "compare") {
      frame.show("compare");
      void showCompare(frame.compare, rest).catch((error: Error) =>
        put(frame.compare, errorBox(error)),
      );
    } else {
      frame.show("plan");
      if (query) form.change(Object.fromEntries(new URLSearchParams(query)));
      if (!stage) put(frame.answer, h("p", { class: "empty" }, say("answer.empty")));
    }
  };
  window.addEventListener("hashchange", route);
  await list("", 0, 50).catch(() => null);
  void watch();
  route();
}

begin().catch((error: Error) => {
  put(frame.answer, errorBox(error));
});
