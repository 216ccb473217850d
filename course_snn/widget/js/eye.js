// What an event camera in the page looks at: the learner's camera if it is allowed, else a clip that is drawn here.

const SENSOR_W = 128, SENSOR_H = 96, FADE = 0.09;   // pixels; s in which an event fades from the picture

/** The blind time of a pixel in seconds. */
function blind({ refractory = 2 }) { return refractory / 1000; }

/** The pictures and the events of the moment. scene(ctx, seconds): draws the clip. */
class Eye {
  constructor(kit, scene) {
    Object.assign(this, { kit, scene, time: 0, video: null, hand: null, grey: new Float32Array(SENSOR_W * SENSOR_H) });
    this.surface = [0, 1].map(() => new Float32Array(SENSOR_W * SENSOR_H));
    this.picture = sheetOf();
    this.events = sheetOf();
    this.pixels = new EventPixels(SENSOR_W * SENSOR_H, { on: kit.params.contrast, refractory: blind(kit.params) });
    this.counts = [];
    kit.undo.push(() => this.close());
    this.buttons();
  }

  /** The camera is asked for on a click, and let go with the view. */
  buttons() {
    const { kit } = this;
    const label = () => write(button, this.video ? ['关闭摄像头', 'Stop the camera'] : ['用我的摄像头', 'Use my camera']);
    const said = kit.note(['画面不会离开这一页', 'Pictures never leave this page'], kit.actions);
    said.classList.add('csnn-said');
    const tell = (text) => { this.said = text; write(said, text); };
    kit.texts.push(() => { label(); if (this.said) write(said, this.said); });
    const button = kit.button(['用我的摄像头', 'Use my camera'], async () => {
      if (this.video) this.close();
      else await this.open(tell);
      label();
    });
    this.label = label;
  }

  async open(tell) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240, facingMode: 'user' }, audio: false });
      if (!this.kit.root.isConnected) { stream.getTracks().forEach((track) => track.stop()); return; }
      this.video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true, playsInline: true });
      await this.video.play();
      this.pixels.level = null;
      tell(['摄像头开着；画面不会离开这一页', 'Camera on; pictures never leave this page']);
    } catch {
      this.close();
      tell(['没有摄像头可用，短片继续', 'No camera to use; the clip plays on']);
    }
  }

  close() {
    this.video?.srcObject?.getTracks().forEach((track) => track.stop());
    this.video = null;
    this.pixels.level = null;
    this.label?.();
  }

  /** Look again after `seconds`; returns the new events. */
  look(seconds, p) {
    this.time += seconds;
    const { ctx } = this.picture;
    if (this.video) {
      ctx.save();   // as in a mirror
      ctx.setTransform(-1, 0, 0, 1, SENSOR_W, 0);
      ctx.drawImage(this.video, 0, 0, SENSOR_W, SENSOR_H);
      ctx.restore();
    } else {
      this.scene(ctx, this.time);
      if (this.hand) ball(ctx, this.hand[0] * SENSOR_W, this.hand[1] * SENSOR_H);
    }
    luminance(ctx.getImageData(0, 0, SENSOR_W, SENSOR_H).data, this.grey);
    this.pixels.set({ on: p.contrast, refractory: blind(p) });
    const found = this.pixels.see(this.grey, this.time), fade = Math.exp(-seconds / FADE);
    for (const part of this.surface) for (let n = 0; n < part.length; n += 1) part[n] *= fade;
    found.pixel.forEach((n, k) => { this.surface[found.p[k]][n] += 1; });
    this.counts.push([seconds, found.p.reduce((sum, p01) => sum + p01, 0), found.p.length]);
    if (this.counts.length > 240) this.counts.shift();
    return found;
  }

  /** The events of the last moments as a picture: orange became brighter, blue darker. */
  develop() {
    const { ctx } = this.events, image = ctx.createImageData(SENSOR_W, SENSOR_H), [off, on] = this.surface;
    const colours = ['v', 'spike'].map((name) => rgb(this.kit.colour(name)));
    for (let n = 0; n < off.length; n += 1) {
      const sum = off[n] + on[n];
      if (sum < 0.02) continue;
      const part = on[n] / sum;
      for (let c = 0; c < 3; c += 1) image.data[4 * n + c] = colours[0][c] * (1 - part) + colours[1][c] * part;
      image.data[4 * n + 3] = 255 * (1 - 0.25 ** sum);
    }
    ctx.putImageData(image, 0, 0);
    return this.events.canvas;
  }

  /** Events per second in the last half second. */
  pace() {
    let seconds = 0, events = 0;
    for (let k = this.counts.length - 1; k >= 0 && seconds < 0.5; k -= 1) { seconds += this.counts[k][0]; events += this.counts[k][2]; }
    return seconds ? events / seconds : 0;
  }
}

function sheetOf() {
  const canvas = Object.assign(document.createElement('canvas'), { width: SENSOR_W, height: SENSOR_H });
  return { canvas, ctx: canvas.getContext('2d', { willReadFrequently: true }) };
}

function ball(ctx, x, y) {
  ctx.fillStyle = '#f4f0e6';
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fill();
}

/** A person against a wall; arms: angles of the two arms, 0 hangs down, π points up, each as [upper, lower]. */
function person(ctx, sway, arms) {
  const wall = ctx.createLinearGradient(0, 0, SENSOR_W, SENSOR_H);
  wall.addColorStop(0, '#8f9aa2');
  wall.addColorStop(1, '#5d666d');
  ctx.fillStyle = wall;
  ctx.fillRect(0, 0, SENSOR_W, SENSOR_H);
  ctx.fillStyle = '#aab4ba';
  ctx.fillRect(8, 10, 26, 34);
  const x = SENSOR_W / 2 + sway, y = 44;
  Object.assign(ctx, { lineCap: 'round', lineJoin: 'round', fillStyle: '#2c3e57' });
  ctx.beginPath();
  ctx.roundRect(x - 14, y - 3, 28, 62, 9);
  ctx.fill();
  ctx.fillStyle = '#dcb594';
  ctx.beginPath();
  ctx.ellipse(x, y - 16, 8.5, 10.5, 0, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = '#2a211c';
  ctx.beginPath();
  ctx.ellipse(x, y - 21, 9, 7, 0, Math.PI, 2 * Math.PI);
  ctx.fill();
  arms.forEach(([upper, lower], k) => arm(ctx, x + (k ? 13 : -13), y + 2, k ? 1 : -1, upper, lower));
}

function arm(ctx, x, y, side, upper, lower) {
  const elbow = [x + side * 17 * Math.sin(upper), y + 17 * Math.cos(upper)];
  const hand = [elbow[0] + side * 16 * Math.sin(lower), elbow[1] + 16 * Math.cos(lower)];
  for (const [colour, width, from, to] of [['#2c3e57', 8, [x, y], elbow], ['#dcb594', 6, elbow, hand]]) {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
  }
  ctx.fillStyle = '#dcb594';
  ctx.beginPath();
  ctx.arc(...hand, 5, 0, 2 * Math.PI);
  ctx.fill();
}

/** Put a small picture, pixel by pixel as it is, into a place of the large one, with a name above. */
function paintSheet(scene, canvas, { x, y, w, h }, name, back) {
  const { ctx } = scene;
  ctx.fillStyle = back;
  ctx.fillRect(x, y, w, h);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(canvas, x, y, w, h);
  ctx.setLineDash([]);
  Object.assign(ctx, { strokeStyle: scene.kit.colour('line'), lineWidth: 1 });
  ctx.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  scene.label(name, x + 9, y + 14, { size: scene.narrow ? 12 : 14, halo: true });
}

/** What the hand can do, written into the lower edge of a picture until it does it. */
function invite(scene, eye, { x, y, w, h }, text) {
  if (eye.hand || eye.video) return;
  scene.label(text, x + w / 2, y + h - 15, { align: 'center', size: scene.narrow ? 12 : 14, colour: scene.kit.colour('accent'), halo: true, room: w - 16 });
}

/** Let a pointer over one of the places move the ball of the clip. */
function handOver(kit, eye, scene, places, touch = 'pan-y') {
  scene.canvas.style.touchAction = touch;
  const move = (e) => {
    const box = scene.canvas.getBoundingClientRect(), at = [e.clientX - box.left, e.clientY - box.top];
    const place = places().find(({ x, y, w, h }) => at[0] >= x && at[0] <= x + w && at[1] >= y && at[1] <= y + h);
    eye.hand = place ? [(at[0] - place.x) / place.w, (at[1] - place.y) / place.h] : null;
  };
  for (const type of ['pointermove', 'pointerdown']) kit.listen(scene.canvas, type, move);
  for (const type of ['pointerleave', 'pointercancel']) kit.listen(scene.canvas, type, () => { eye.hand = null; });
  keysHand(kit, scene.canvas, (at) => { eye.hand = at; });
}
