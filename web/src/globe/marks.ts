// Outlines and lines on the ground that an answer asks for, each under a name.
import type { Palette } from "../theme";
import type { Place } from "./paths";

/** A closed ring that is filled, or a line; words stand at its first point. */
export interface Shape {
  ring?: Place[];
  line?: Place[];
  colour: keyof Palette;
  words?: string;
}
