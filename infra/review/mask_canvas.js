/** The mask as it would be: the present one with the strokes drawn onto it, in one colour over the picture. */

const COLOUR = "#ff008c"; // that of the mask in the proofs
const FULL = 8; // the overview of the mask shines through; laid over itself it is solid

export class MaskCanvas {
  /** `canvas` has the overview's size; `size` is the native picture's `{width, height}`. */
  constructor(canvas, { width }) {
    this.canvas = canvas;
    this.scale = canvas.width / width;
    this.present = null;
  }

  /** The present mask's overview, an image that has loaded. */
  start(image) {
    const { width, height } = this.canvas;
    this.present = Object.assign(document.createElement("canvas"), { width, height });
    const ink = this.present.getContext("2d");
    for (let layer = 0; layer < FULL; layer += 1) ink.drawImage(image, 0, 0, width, height);
    ink.globalCompositeOperation = "source-in";
    ink.fillStyle = COLOUR;
    ink.fillRect(0, 0, width, height);
  }

  /** Draw everything anew. */
  draw({ strokes, cleared }) {
    const ink = this.canvas.getContext("2d");
    ink.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.present && !cleared) ink.drawImage(this.present, 0, 0);
    for (const stroke of strokes) this.#stroke(stroke, 0);
  }

  /** Draw the last point of a stroke that is growing. */
  grow(stroke) {
    this.#stroke(stroke, Math.max(0, stroke.points.length - 2));
  }

  #stroke({ paint, radius, points }, from) {
    const ink = this.canvas.getContext("2d");
    ink.globalCompositeOperation = paint ? "source-over" : "destination-out";
    ink.strokeStyle = COLOUR;
    ink.lineWidth = 2 * radius * this.scale;
    ink.lineCap = "round";
    ink.lineJoin = "round";
    ink.beginPath();
    const [first, ...rest] = points.slice(from).map(([x, y]) => [x * this.scale, y * this.scale]);
    ink.moveTo(...first);
    for (const point of rest.length ? rest : [first]) ink.lineTo(...point);
    ink.stroke();
    ink.globalCompositeOperation = "source-over";
  }
}
