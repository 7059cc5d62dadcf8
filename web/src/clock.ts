// Seconds from lift-off, shared by the slider, the plots and the globe.

export type Span = "ascent" | "orbit";

type Listener = (t_s: number) => void;

export interface Clock {
  now(): number;
  end(): number;
  set(t_s: number): void;
  /** The part of time the slider covers: the ascent, or the orbit too. */
  span(): Span;
  choose(span: Span): void;
  /** Each part runs from lift-off to an instant; the furthest one asked for wins. */
  reach(span: Span, t_s: number): void;
  has(span: Span): boolean;
  follow(tell: Listener): () => void;
  play(): void;
  pause(): void;
  playing(): boolean;
  rate: number;
}

export function makeClock(): Clock {
  const listeners = new Set<Listener>();
  let t = 0;
  const ends: Record<Span, number> = { ascent: 1, orbit: 0 };
  let span: Span = "ascent";
  let last = 0;
  let running = false;

  const tell = () => listeners.forEach((one) => one(t));
  const step = (at: number) => {
    if (!running) return;
    const passed = Math.min((at - last) / 1000, 0.25);
    last = at;
    const end = ends[span];
    t = Math.min(end, t + passed * clock.rate);
    if (t >= end) running = false;
    tell();
    if (running) requestAnimationFrame(step);
  };
  const clock: Clock = {
    rate: 30,
    now: () => t,
    end: () => ends[span],
    span: () => span,
    has: (one) => ends[one] > 1,
    playing: () => running,
    set(to) {
      t = Math.min(Math.max(to, 0), ends[span]);
      tell();
    },
    choose(next) {
      span = next;
      t = Math.min(t, ends[span]);
      tell();
    },
    reach(which, to) {
      ends[which] = Math.max(ends[which], to);
      tell();
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    play() {
      if (running) return;
      if (t >= ends[span]) t = 0;
      running = true;
      last = performance.now();
      requestAnimationFrame(step);
      tell();
    },
    pause() {
      running = false;
      tell();
    },
  };
  return clock;
}
