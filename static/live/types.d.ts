/** Shapes that the server and the page agree on, or that several modules share. For the checker: none of it runs. */

/** One frame of a run; what each list holds is said in playground/live/frames/frame.py. */
export interface Frame {
  step: number;
  scalars: Float32Array;
  layers: Float32Array;
  units: Float32Array;
  weights: Float32Array;
  slopes: Float32Array;
  map: Uint8Array;
  bins: Uint8Array;
  maps: Uint8Array;
  /** Bytes that it takes here. */
  bytes: number;
}

/** One frame of trainings side by side: a map and a path for each lane. */
export interface ComparisonFrame extends Frame {
  series: Float32Array;
  path: Float32Array;
  inner: Float32Array;
}

/** What the server's state is, by `state` of a reply. */
export type ServerState = "ready" | "compiling" | "returning" | "failed" | "diverged" | "stopped";

/** What a handout hides, locks, and shows from the start: controls by their names. */
export interface Handout {
  hide: string[];
  lock: string[];
  show: string[];
  /** Names what it locks and whether it has the stage play; "" where it leaves all as it is. */
  key?: string;
}

/** Numbers by column of the frames before the first one held; null for what is not finite. */
export type History = Record<string, (number | null)[]> & { gradient_norm: (number | null)[][] };

/** One branch of a run. */
export interface Branch {
  name: string;
  letter: string;
  shown: boolean;
  /** The frame from which on it is apart from the one that is shown. */
  fork?: number;
}

/** A branch that is not shown, with its losses. */
export interface OtherBranch extends Branch {
  step: number[];
  train_loss: (number | null)[];
  test_loss: (number | null)[];
}

/** What is off from one frame on: units by layer and place, links by layer, source and unit, frozen layers. */
export interface Switches {
  from: number;
  units: [number, number][];
  links: [number, number, number][];
  frozen: number[];
}

export interface Notice {
  name: string;
  sentence: string;
  terms?: Record<string, string>;
  remedies: { label: string; changes: Record<string, unknown>; step: number | null }[];
}

/** The notices of one frame of the run. */
export interface FrameNotices {
  frame: number;
  notices: Notice[];
}

/** Samples in the picture; the last `painted` of them were added by hand. */
export interface Points {
  x: number[];
  y: number[];
  value: number[];
  /** 1 for train samples, 0 for test samples. */
  train: number[];
  painted: number;
  paintable: boolean;
}

/** An input node: what is used, by its place among the inputs, or could be (-1). */
export interface Feature {
  name: string;
  label: string;
  words: string;
  input: number;
  /** The cells of its map in base64; empty where it has none. */
  map: string;
  /** The value that it has everywhere in the picture; empty where it changes. */
  held: string;
  cells?: Uint8Array;
}

/** A network to be drawn: widths in full and as shown, by layer of nodes. */
export interface NetworkScene {
  widths: number[];
  shown: number[];
  hidden: number[];
  activations: string[];
  shut_words: string[];
  /** Activations to choose from: name and label. */
  choices: [string, string][];
  /** Cells of a small map along one side. */
  small: number;
  residual: boolean;
  normalization: string;
  features: Feature[];
  outputs: string[];
}

export interface Axes {
  x: string;
  y: string;
  xlim: [number, number];
  ylim: [number, number];
  note: string;
  unnumbered: boolean;
}

/** What is learned: the picture's values become it by `zero + one * value`. */
export interface Target {
  name: string;
  shown: string;
  zero: number;
  one: number;
  deviation: number;
  levels: number[];
  spread: number[];
}

export interface Legend {
  low: string;
  high: string;
  label: string;
  from?: number;
  to?: number;
}

/** A run's description, which the stage needs once. */
export interface Scene {
  title: string;
  choices: [string, string][];
  task: "binary" | "multiclass" | "regression";
  classes: string[];
  target: Target;
  readout: "probability" | "output" | "number";
  metric: string;
  axes: Axes;
  /** Whether the picture is a curve, of one input. */
  curve: boolean;
  legend: Legend;
  points: Points;
  network: NetworkScene;
  /** Names of the layers with weights. */
  layers: string[];
  /** Powers of ten at the ends of the gradients' histogram. */
  bins: { low: number; high: number };
  /** The stage's words in the page's language, by the English ones. */
  handout: Handout;
}

/** The description of trainings side by side. */
export interface ComparisonScene {
  lanes: { name: string; hint: string; series: number }[];
  picture: {
    kind: "diverging" | "categorical" | "growing";
    rows: number;
    cols: number;
    xlim: [number, number];
    ylim: [number, number];
    classes?: number;
    smooth?: boolean;
    shared?: boolean;
    ratio?: number;
  };
  charts: {
    title: string;
    lines: { name: string; series: number; lane: number }[];
    log?: boolean;
    floor?: number;
    unit?: boolean;
  }[];
  layers: string[];
  handout: Handout;
  backdrop?: any;
  points?: { x: number[]; y: number[]; value: number[]; regression: boolean };
  rowNames?: string[][];
  path?: any;
  columns?: number;
  epochs?: boolean;
  pace?: number;
}

/** Names of the numbers of a frame, in their order. */
export interface ScalarNames {
  scalars: string[];
  layer_scalars: string[];
}

/** What a message says beside its frames; the format is said in playground/live/protocol/encoding.py. */
export interface Header extends ScalarNames {
  version: number;
  run: string;
  epoch: number;
  start: number;
  n: number;
  state: ServerState;
  text: string;
  blocks: [string, "f32" | "d32" | "u8", number[]][];
  packed?: number;
  earlier?: number[];
  history?: History;
  scene?: any;
  playing?: boolean;
  resumes?: boolean;
  story?: any;
  opened?: boolean;
  switched?: Switches[];
  settings?: [number, string][];
  notices?: FrameNotices[] | null;
  branches?: Branch[] | null;
  bookmarks?: string[];
  points?: Points;
  lanes?: any;
  look?: any;
  heard?: [string, number];
  handout?: Handout;
  only_heard?: boolean;
  lesson?: LessonMessage | null;
  calm?: { rest?: number; fastest?: number } | null;
}

/** How far a part of a step's condition is. */
export interface LessonReading {
  label: string;
  value: string;
  sign: string;
  target: string;
  is_met: boolean;
}

export interface LessonStep {
  words: string;
  hint: string;
  hint_after: number;
  point: string;
  question: { ask: string; options: string[] } | null;
}

/** A lesson's words, and those of the present step: none at the end. */
export interface LessonWords {
  name: string;
  digest: string;
  title: string;
  concept: string;
  steps: string[];
  at: number;
  skipped: number[];
  step: LessonStep | null;
  conclusion: string;
  source: string;
  next: { name: string; title: string } | null;
  name_chars: number;
  answer_chars: number;
}

/** The lesson that is open; `key` names its words and is empty without one (playground/stage/lesson_message.py). */
export interface LessonMessage {
  key: string;
  run: string;
  /** The frame at which the condition became true, -1 where it did at once, null where it is not. */
  tick: number | null;
  is_met: boolean;
  is_done: boolean;
  is_new: boolean;
  readings: { frame: number; parts: LessonReading[] }[];
  progress: string;
  choice: string;
  verdict: { is_right: boolean; reply: string } | null;
  error: string;
  certificate: { line: string; code: string } | null;
  words?: LessonWords;
}

/** What Streamlit's component gives for talking to the server. */
export interface Component {
  setTriggerValue: (name: string, value: unknown) => void;
}

/** Where a frame is in its run. */
export interface Place {
  index: number;
  /** The index of the newest frame in hand. */
  last: number;
  /** The latest step that was shown. */
  seen: number;
  /** Whether there will be no more. */
  ended: boolean;
}

/** What can be done with a player. */
export interface Actions {
  toggle: () => void;
  step: () => void;
  stepOne: () => void;
  start: () => void;
  pause: () => void;
  reset: () => void;
  newStart: () => void;
  scrub: (index: number) => void;
  pace: () => void;
  command: (name: string, data?: Record<string, unknown>) => void;
  look: (name: string, of?: Record<string, unknown>) => void;
  /** The frames in hand up to the one that is shown. */
  past: () => Frame[];
}

/** What shows a player's frames: the stage, or trainings side by side. */
export interface PlayerView {
  root: HTMLElement;
  transport: import("./transport.js").Transport;
  scene?: { handout: Handout };
  notices?: import("../stage/notices.js").Notices;
  projector?: import("../stage/projector.js").Projector;
  tour?: import("../stage/tour.js").Tour;
  lesson?: { key: string };
  takeLesson?: (message: LessonMessage | null) => void;
  layout: () => void;
  move: (parent: ShadowRoot | HTMLElement) => void;
  readTheme: () => boolean;
  show: (scene: any, names: ScalarNames) => void;
  applyHeader: (header: Header) => void;
  clear?: () => void;
  paint: (frame: any, place: Place, curves: any, moving: boolean) => void;
  showMessage: (text: string) => void;
  setStopped: (stopped: boolean) => void;
  destroy: () => void;
}

/** What of a stage belongs to a model: the panels that show its network and what comes out of it. */
export interface ModelPanels {
  elements: HTMLElement[];
  /** Switches that a link may ask for, by name. */
  toggles: Record<string, HTMLElement>;
  /** Of the widest panel, in CSS pixels. */
  leastWidth: number;
  switchOn: (name: string) => void;
  show: (scene: any, theme: import("../lib/theme.js").Theme) => void;
  applyHeader: (header: Header) => void;
  layout: () => void;
  paint: (frame: any, index: number, moving: boolean) => void;
  destroy: () => void;
}

/** What keeps the numbers of past frames. */
export interface FrameSeries {
  clear: (names: string[]) => void;
  fill: (history: any) => void;
  add: (frame: any, names: ScalarNames) => void;
  truncate: (step: number) => void;
}
